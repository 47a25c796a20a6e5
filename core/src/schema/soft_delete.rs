//! [`SoftDelete`].

use std::fmt;

use crate::types::{Value, ValueRef};

/// How a table marks rows as deleted, where deleting keeps them: `#[model(soft_delete)]`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     #[model(soft_delete)]
///     deleted_at: Option<DateTime<Utc>>,
/// }
///
/// assert_eq!(Note::table().soft_delete.map(|mark| mark.column), Some(1));
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct SoftDelete {
    /// The column that says whether a row is deleted, by its index in the table. One that may hold NULL says so by holding a
    /// value, and any other by `true`.
    pub column: u16,
    value: fn() -> Value,
}

impl SoftDelete {
    /// Rows are marked by a value in this column, which is made for each statement.
    pub const fn new(column: u16, value: fn() -> Value) -> SoftDelete {
        SoftDelete { column, value }
    }

    /// What a statement that is built now writes to mark a row.
    pub fn value(self) -> Value {
        (self.value)()
    }

    /// Whether a row with this value in the column is deleted.
    pub fn is_deleted(self, value: ValueRef<'_>) -> bool {
        !matches!(value, ValueRef::Null | ValueRef::Bool(false))
    }
}

/// Functions can't be told apart: tables are alike in this where both mark rows in the same column.
impl PartialEq for SoftDelete {
    fn eq(&self, other: &SoftDelete) -> bool {
        self.column == other.column
    }
}

impl Eq for SoftDelete {}

impl fmt::Debug for SoftDelete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftDelete").field("column", &self.column).finish_non_exhaustive()
    }
}
