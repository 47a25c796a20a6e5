//! Many rows in statements that are not too large.

use std::ops::Range;

use crate::schema::{Collation, Table};
use crate::types::{ColumnType, ValueRef};

/// How many rows one statement has at most.
const MOST_ROWS: usize = 1_000;
/// How many bytes of text and the like one statement has, unless a single row has more: servers refuse packets that are too
/// large, from 16 MB on.
const MOST_BYTES: usize = 4 << 20;

/// How many rows of so many values a statement has that may have so many.
pub(super) fn rows_per_statement(room: usize, width: usize) -> usize {
    (room / width.max(1)).clamp(1, MOST_ROWS)
}

/// Which rows go together.
pub(super) fn chunks<M>(rows: &[M], most: usize, size: impl Fn(&M) -> usize) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let (mut start, mut bytes) = (0, 0_usize);
    for (place, row) in rows.iter().enumerate() {
        let size = size(row);
        if place > start && (place - start >= most || bytes.saturating_add(size) > MOST_BYTES) {
            chunks.push(start..place);
            (start, bytes) = (place, 0);
        }
        bytes = bytes.saturating_add(size);
    }
    if start < rows.len() {
        chunks.push(start..rows.len());
    }
    chunks
}

/// About how many bytes a value takes.
pub(super) fn size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(text) => text.len(),
        ValueRef::Bytes(bytes) | ValueRef::Other { bytes, .. } => bytes.len(),
        ValueRef::Json(document) => document.text().map_or(0, |text| text.len()),
        ValueRef::Display(text) => text.to_string().len(),
        _ => 16,
    }
}

/// Whether the database may take two keys for one that Rust tells apart.
pub(super) fn keys_fold(table: &'static Table) -> bool {
    let key = table.primary_key.iter().filter_map(|&place| table.column(place));
    let mut texts = key.filter(|column| matches!(column.ty, ColumnType::Text { .. }));
    texts.any(|column| column.collation != Collation::Binary)
}
