//! [`RowKey`]: the values of a key as databases compare them.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::schema::{Collation, Table};
use crate::types::{ColumnType, SqlValue, Value, ValueRef};

/// The values of a key, equal to others where the database finds them equal, whatever the program's type says: a time is cut to
/// what is kept of it, and letters are folded where their column ignores case.
///
/// What it does not know counts as different: the rules of a collation of the database's own, and what Unicode says of
/// letters beyond upper and lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum RowKey {
    One(Part),
    Several(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(u64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Decimal(Decimal),
    Uuid(Uuid),
    Date(i32),
    Time(i64),
    DateTime(i64),
    Instant(i64),
    Json(Box<str>),
    Array(Box<[Part]>),
    Other(Box<(String, Vec<u8>)>),
}

impl RowKey {
    /// The primary key of a row of a table, which has these values in its columns.
    pub(crate) fn primary<'v>(table: &Table, value: impl Fn(usize, u16) -> ValueRef<'v>) -> RowKey {
        RowKey::new(table, table.primary_key, value)
    }

    /// The values of these columns.
    pub(crate) fn new<'v>(table: &Table, columns: &[u16], value: impl Fn(usize, u16) -> ValueRef<'v>) -> RowKey {
        if let [column] = *columns {
            return RowKey::One(Part::of(table, column, value(0, column)));
        }
        let columns = columns.iter().enumerate();
        RowKey::Several(columns.map(|(index, &column)| Part::of(table, column, value(index, column))).collect())
    }

    /// Whether it is the key that [`Part::exact`] makes of a value. Where that is not seen at a glance, the answer is no.
    #[inline]
    pub(crate) fn is_surely(&self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (RowKey::One(Part::Integer(own)), ValueRef::I64(number)) => *own == number,
            (RowKey::One(Part::Text(own)), ValueRef::Text(text)) => **own == *text,
            (RowKey::One(Part::Uuid(own)), ValueRef::Uuid(id)) => *own == id,
            _ => false,
        }
    }

    /// Whether any of the values is NULL: then no row has the key.
    pub(crate) fn has_null(&self) -> bool {
        match self {
            RowKey::One(part) => *part == Part::Null,
            RowKey::Several(parts) => parts.contains(&Part::Null),
        }
    }
}

impl Part {
    /// A value as it was read from the database, equal to no other that is written in another way.
    pub(crate) fn exact(table: &Table, column: u16, value: ValueRef<'_>) -> Part {
        match value.kept() {
            ValueRef::Text(text) => Part::Text(text.into()),
            ValueRef::Display(text) => Part::Text(text.to_string().into()),
            other => Part::of(table, column, other),
        }
    }

    /// A value as its column compares it.
    pub(crate) fn of(table: &Table, column: u16, value: ValueRef<'_>) -> Part {
        match value.kept() {
            // Lists are no value of a column.
            ValueRef::Null | ValueRef::Invalid(_) | ValueRef::Cut(_) | ValueRef::List(_) => Part::Null,
            ValueRef::Bool(value) => Part::Bool(value),
            // Not every database has a type of its own for it.
            ValueRef::I64(number) if is_bool(table, column) => Part::Bool(number != 0),
            ValueRef::I64(number) => Part::Integer(number),
            ValueRef::U64(number) => i64::try_from(number).map_or(Part::Unsigned(number), Part::Integer),
            // 0 and -0 are the same number.
            ValueRef::F64(number) => Part::Float((number + 0.0).to_bits()),
            ValueRef::Text(text) => Part::Text(folded(table, column, text)),
            ValueRef::Display(text) => Part::Text(folded(table, column, &text.to_string())),
            ValueRef::Bytes(bytes) => Part::Bytes(bytes.into()),
            // PostgreSQL has no integers of this size, and reads them as decimals.
            ValueRef::Decimal(number) if is_unsigned(table, column) => u64::from_value(ValueRef::Decimal(number))
                .map_or(Part::Decimal(number), |number| Part::of(table, column, ValueRef::U64(number))),
            ValueRef::Decimal(number) => Part::Decimal(number),
            ValueRef::Uuid(id) => Part::Uuid(id),
            ValueRef::Date(date) => Part::Date(date.0),
            ValueRef::Time(time) => Part::Time(time.0),
            ValueRef::DateTime(moment) => Part::DateTime(moment.0),
            ValueRef::Instant(moment) => Part::Instant(moment.0),
            rare @ (ValueRef::Json(_) | ValueRef::Array(_) | ValueRef::Other { .. }) => match rare.to_owned() {
                Value::Json(document) => Part::Json(document.to_string().into()),
                Value::Array(values) => {
                    Part::Array(values.iter().map(|value| Part::of(table, column, value.as_ref())).collect())
                }
                Value::Other(other) => Part::Other(Box::new((other.type_name, other.bytes))),
                _ => Part::Null,
            },
        }
    }
}

fn is_unsigned(table: &Table, column: u16) -> bool {
    table.column(column).is_some_and(|column| column.ty == ColumnType::U64)
}

fn is_bool(table: &Table, column: u16) -> bool {
    table.column(column).is_some_and(|column| matches!(column.ty, ColumnType::Bool))
}

/// A text as its column compares it.
fn folded(table: &Table, column: u16, text: &str) -> Box<str> {
    match table.column(column).map(|definition| definition.collation) {
        Some(Collation::CaseInsensitive) => text.chars().map(fold).collect::<String>().into(),
        _ => text.into(),
    }
}

/// A letter in lower case. One whose lower case is several letters stays: not every database finds them equal.
fn fold(letter: char) -> char {
    if letter == 'ς' {
        return 'σ';
    }
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => letter,
    }
}
