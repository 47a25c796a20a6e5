//! Inspecting a database: which tables there are, what they look like, and how that differs from the models.
//!
//! What is found has the same types on every database; they are those of [`catalog`](crate::catalog). [`Engine::inspect`] asks,
//! [`Engine::check`] compares with models.
//!
//! [`Engine::inspect`]: crate::Engine::inspect
//! [`Engine::check`]: crate::Engine::check

mod check;
mod compare;
mod difference;
mod expected;
mod inspector;

pub use crate::catalog::{
    Answer, AnswerRow, Catalog, CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, NativeColumn,
    TableInfo, TableName, normal,
};
pub use difference::{Aspect, Change, Difference, Differences, Object};
pub use inspector::Inspector;
