//! How many rows one INSERT has.

use crate::dialect::Dialect;
use crate::schema::Table;
use crate::sql::standard::can_be_arrays;

/// How many rows an INSERT with VALUES has at most: more of them make it no quicker, and its text longer.
const MOST_ROWS: usize = 1_024;

/// How many rows an INSERT has at most that sends an array per column: more make it no quicker.
const MOST_ELEMENTS: usize = 4_096;

/// How many rows an INSERT has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InsertSize {
    /// At most so many.
    pub(crate) most: usize,
    /// Whether each number of rows has a text of its own.
    pub(crate) texts: InsertTexts,
}

/// Whether the text of an INSERT depends on how many rows it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InsertTexts {
    /// Each number of rows has a text of its own, of which databases keep only so many prepared. Its values are those of the rows, one
    /// row after the other.
    PerSize,
    /// All have one text.
    One,
}

/// How many rows of these columns one INSERT has. An array is one value, however long; of values by themselves there are as
/// many as the database takes, and not so many that the text grows long.
pub(crate) fn insert_size(dialect: &dyn Dialect, table: &'static Table, columns: &[u16]) -> InsertSize {
    if can_be_arrays(dialect, table, columns) {
        return InsertSize { most: MOST_ELEMENTS, texts: InsertTexts::One };
    }
    let most = (dialect.capabilities().max_binds / columns.len().max(1)).clamp(1, MOST_ROWS);
    InsertSize { most, texts: InsertTexts::PerSize }
}
