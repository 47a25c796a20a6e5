//! [`SqliteRow`]: a row that SQLite still owns.

use creole_core::driver::Row;
use creole_core::types::{ColumnType, JsonRef, ValueRef};
use creole_core::{Error, Result};
use rusqlite::types::ValueRef as Raw;
use uuid::Uuid;

use crate::dialect::NAME;
use crate::error::from_rusqlite;
use crate::text;

/// A row that SQLite still owns.
pub(crate) struct SqliteRow<'a> {
    pub(crate) row: &'a rusqlite::Row<'a>,
    pub(crate) columns: usize,
}

impl Row for SqliteRow<'_> {
    #[inline]
    fn len(&self) -> usize {
        self.columns
    }

    fn name(&self, index: usize) -> &str {
        self.row.as_ref().column_name(index).unwrap_or_default()
    }

    #[inline]
    fn value(&self, index: usize, expected: ColumnType) -> Result<ValueRef<'_>> {
        match self.row.get_ref(index) {
            Ok(Raw::Null) => Ok(ValueRef::Null),
            Ok(Raw::Integer(number)) => Ok(ValueRef::I64(number)),
            Ok(Raw::Real(number)) => Ok(ValueRef::F64(number)),
            Ok(Raw::Text(bytes)) => text(bytes, expected),
            Ok(Raw::Blob(bytes)) => blob(bytes, expected),
            Err(error) => Err(from_rusqlite(error, None)),
        }
    }
}

#[inline]
fn text(bytes: &[u8], expected: ColumnType) -> Result<ValueRef<'_>> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(not_a(expected, "text that is not UTF-8")) };
    match expected {
        ColumnType::Json => Ok(ValueRef::Json(JsonRef::Text(text))),
        ColumnType::Decimal { .. }
        | ColumnType::Uuid
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::DateTime
        | ColumnType::Instant => text::parse(text, expected).ok_or_else(|| unreadable(expected, text)),
        ColumnType::Bool
        | ColumnType::I8
        | ColumnType::I16
        | ColumnType::I32
        | ColumnType::I64
        | ColumnType::U8
        | ColumnType::U16
        | ColumnType::U32
        | ColumnType::U64
        | ColumnType::F32
        | ColumnType::F64
        | ColumnType::Text { .. }
        | ColumnType::Bytes { .. }
        | ColumnType::Enum(_)
        | ColumnType::Array(_)
        | ColumnType::Other(_) => Ok(ValueRef::Text(text)),
    }
}

#[inline]
fn blob(bytes: &[u8], expected: ColumnType) -> Result<ValueRef<'_>> {
    if expected != ColumnType::Uuid {
        return Ok(ValueRef::Bytes(bytes));
    }
    Uuid::from_slice(bytes).map(ValueRef::Uuid).map_err(|_| not_a(expected, "bytes that are not 16"))
}

/// A sum of decimals may have more digits than a program can read.
#[cold]
fn unreadable(expected: ColumnType, text: &str) -> Error {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match expected {
        ColumnType::Decimal { .. } if is_number => {
            Error::decode_too_large(expected, "a decimal of more than 28 digits").on(NAME)
        }
        _ => not_a(expected, "text of another form"),
    }
}

#[cold]
fn not_a(expected: ColumnType, found: &str) -> Error {
    Error::decode(expected, found).on(NAME)
}
