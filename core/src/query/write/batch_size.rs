//! How many rows go into one statement: as many as the database takes values for, while the text stays short enough.

use std::ops::Range;

use crate::dialect::{Capabilities, Dialect};
use crate::schema::Table;
use crate::sql::can_be_arrays;
use crate::types::{JsonRef, ValueRef};

/// How many rows, or keys of rows, one statement has at most: more make it no quicker, and its text longer.
pub(crate) const MOST_ROWS: usize = 1_024;

/// The same for an INSERT that sends an array per column, whose text is the same for any number of rows.
const MOST_ELEMENTS: usize = 4_096;

/// An INSERT of at most this many rows has a text for each number of them. Larger ones have a multiple of it, so that the texts
/// that a database keeps prepared stay few.
const EXACT_ROWS: usize = 128;

/// How many rows an INSERT has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InsertSize {
    /// An array per column, which is one value however long it is.
    Arrays,
    /// Each value by itself, and at most this many rows.
    Values { most: usize },
}

impl InsertSize {
    pub(crate) fn new(dialect: &dyn Dialect, table: &'static Table, columns: &[u16]) -> InsertSize {
        if can_be_arrays(dialect, table, columns) {
            return InsertSize::Arrays;
        }
        InsertSize::Values { most: rows_per_statement(dialect.capabilities(), columns.len(), 0) }
    }

    pub(crate) fn most(self) -> usize {
        match self {
            InsertSize::Arrays => MOST_ELEMENTS,
            InsertSize::Values { most } => most,
        }
    }

    /// How many of `rows`, which would go into one statement, do.
    pub(crate) fn with_few_texts(self, rows: usize) -> usize {
        match self {
            InsertSize::Values { .. } if rows > EXACT_ROWS => rows - rows % EXACT_ROWS,
            InsertSize::Values { .. } | InsertSize::Arrays => rows,
        }
    }
}

/// How many rows of `width` values each one statement has, which may have `reserved` values besides.
pub(crate) fn rows_per_statement(capabilities: &Capabilities, width: usize, reserved: usize) -> usize {
    (capabilities.max_binds.saturating_sub(reserved) / width.max(1)).clamp(1, MOST_ROWS)
}

/// How many keys of `columns` columns one statement lists. Half of its values stay free: lists are filled up to a power of two,
/// and an UPDATE has values of its own.
pub(crate) fn keys_per_statement(capabilities: &Capabilities, columns: usize) -> usize {
    (capabilities.max_binds / 2 / columns.max(1)).clamp(1, MOST_ROWS)
}

/// Which of these rows go into one statement: the first of them, `most` at most, and one at least.
pub(crate) fn together(
    rows: Range<usize>,
    most: usize,
    capabilities: &Capabilities,
    size: impl Fn(usize) -> usize,
) -> Range<usize> {
    let mut bytes = 0_usize;
    let last = rows.end.min(rows.start.saturating_add(most.max(1)));
    for row in rows.start..last {
        bytes = bytes.saturating_add(size(row));
        if bytes > capabilities.max_bytes && row > rows.start {
            return rows.start..row;
        }
    }
    rows.start..last
}

/// How many bytes a value takes when it is sent, roughly.
pub(crate) fn size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(text) => text.len(),
        ValueRef::Bytes(bytes) | ValueRef::Other { bytes, .. } => bytes.len(),
        ValueRef::Json(JsonRef::Text(text)) => text.len(),
        ValueRef::Json(JsonRef::Tree(tree)) => weight(tree),
        ValueRef::Json(document) => document.text().map_or(0, |text| text.len()),
        ValueRef::Display(text) => text.to_string().len(),
        ValueRef::Array(array) => {
            let mut bytes = 0;
            let mut add = |element: ValueRef<'_>| {
                bytes += 8 + size(element);
                Ok(())
            };
            // Counting has no error of its own.
            let _ = array.each(&mut add);
            bytes
        }
        ValueRef::Null
        | ValueRef::Bool(_)
        | ValueRef::I64(_)
        | ValueRef::U64(_)
        | ValueRef::F64(_)
        | ValueRef::Decimal(_)
        | ValueRef::Uuid(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Instant(_)
        | ValueRef::Cut(_)
        | ValueRef::List(_)
        | ValueRef::Invalid(_) => 16,
    }
}

/// How long a document's text is, roughly.
fn weight(tree: &serde_json::Value) -> usize {
    match tree {
        serde_json::Value::String(text) => text.len() + 2,
        serde_json::Value::Array(parts) => parts.iter().map(|part| weight(part) + 1).sum::<usize>() + 2,
        serde_json::Value::Object(parts) => {
            parts.iter().map(|(key, part)| key.len() + weight(part) + 4).sum::<usize>() + 2
        }
        _ => 8,
    }
}
