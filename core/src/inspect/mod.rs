//! Looking at a database: which tables there are, what they look like, and how that differs from the models.
//!
//! What is found has the same types on every database. A database's own part is its [`Catalog`]: the queries, and how their
//! answers are read. `Engine::inspect` asks, `Engine::check` compares with models.

mod name;
mod table;
mod catalog;
mod row;
mod inspector;
mod expected;
mod compare;
mod difference;
pub mod normal;

pub use catalog::{Answer, Catalog, NativeColumn};
pub use difference::{Aspect, Change, Difference, Differences, Object};
pub use inspector::Inspector;
pub use name::TableName;
pub use row::AnswerRow;
pub use table::{CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, TableInfo};

pub(crate) use compare::{compare, compare_names};
pub(crate) use expected::expected;
