//! Many rows in statements that are not too large.

use std::ops::Range;

use crate::schema::{Collation, Table};
use crate::types::{ColumnType, JsonRef, ValueRef};

/// How many rows one statement has at most.
const MOST_ROWS: usize = 1_000;
/// How many bytes of text and the like one statement has, unless a single row has more: servers refuse packets that are too
/// large, from 16 MB on.
const MOST_BYTES: usize = 4 << 20;

/// How many rows of so many values a statement has that may have so many.
pub(super) fn rows_per_statement(room: usize, width: usize) -> usize {
    (room / width.max(1)).clamp(1, MOST_ROWS)
}

/// Which of these rows go together: the first of them, `most` at most, and one at least.
pub(crate) fn together(rows: Range<usize>, most: usize, size: impl Fn(usize) -> usize) -> Range<usize> {
    let mut bytes = 0_usize;
    let last = rows.end.min(rows.start.saturating_add(most.max(1)));
    for row in rows.start..last {
        bytes = bytes.saturating_add(size(row));
        if bytes > MOST_BYTES && row > rows.start {
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
        _ => 16,
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

/// Whether the database may take two keys for one that Rust tells apart.
pub(super) fn keys_fold(table: &'static Table, key: &[u16]) -> bool {
    let key = key.iter().filter_map(|&place| table.column(place));
    let mut texts = key.filter(|column| matches!(column.ty, ColumnType::Text { .. }));
    texts.any(|column| column.collation != Collation::Binary)
}
