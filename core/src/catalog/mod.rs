//! What a database says is in it, as data that is the same on every database.
//!
//! A database's own part is its [`Catalog`]: the queries, and how their answers are read. [`normal`] makes SQL comparable, which
//! databases keep in a spelling of their own.

mod catalog;
mod name;
mod row;
mod table;
pub mod normal;

pub use catalog::{Answer, Catalog, NativeColumn};
pub use name::TableName;
pub use row::AnswerRow;
pub use table::{CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, TableInfo};
