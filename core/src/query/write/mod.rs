//! Statements that write rows: INSERT, upserts, UPDATE and DELETE, of rows that the program has or that the database finds.
//!
//! Rows of the program go in groups that fit into a statement, all of them or none.

mod batch_size;
mod documents;
mod key_index;
mod generations;
mod numbered;
mod atomic;
mod failed_row;
mod stale;
mod insert;
mod upsert;
mod removal;
mod returned;
mod target;
mod update;
mod change;
mod delete;
mod update_rows;
mod update_all;
mod delete_rows;
mod delete_all;

pub use delete::{Delete, delete, purge};
pub use delete_all::{DeleteAll, delete_all, purge_all};
pub use insert::{
    Insert, InsertColumns, InsertEach, InsertStream, Listed, ManyRows, OneRow, Returning, ReturningAll, Selected,
    insert, insert_all, insert_each, insert_from, insert_stream,
};
pub use returned::Returned;
pub use update::{Update, update};
pub use update_all::{UpdateAll, update_all};
pub use upsert::{
    ColumnList, Conflict, ConflictKey, Outcome, PrimaryKey, UniqueKey, Upsert, Upserted, excluded, unique_key,
};

pub(crate) use batch_size::keys_per_statement;
pub(crate) use delete_rows::{DeleteRows, Missing};
pub(crate) use insert::{Inserted, insert_group};
pub(crate) use key_index::{KeyIndex, among, keys_fold};
pub(crate) use removal::Removal;
pub(crate) use stale::stale;
pub(crate) use update_rows::{UpdateKind, UpdateRows};
