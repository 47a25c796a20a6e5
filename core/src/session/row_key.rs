//! [`RowKey`]: a primary key as databases compare it, and [`Keys`], the index from keys to slots.

use std::any::TypeId;
use std::collections::HashMap;

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::model::{Key, Model};
use crate::schema::{Collation, Table};
use crate::types::{ColumnType, Value, ValueRef};

/// A primary key, equal to another one where the database finds both equal, whatever the program's type says: a time is cut to
/// what is kept of it, and letters are folded where their column ignores case.
///
/// What it does not know counts as different: the rules of a collation of the database's own, and what Unicode says of
/// letters beyond upper and lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum RowKey {
    One(Part),
    Several(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
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
    /// The key of a row of a table, which has these values in the columns of its primary key.
    pub(super) fn new<'v>(table: &Table, value: impl Fn(usize, u16) -> ValueRef<'v>) -> RowKey {
        if let [column] = *table.primary_key {
            return RowKey::One(Part::of(table, column, value(0, column)));
        }
        let columns = table.primary_key.iter().enumerate();
        RowKey::Several(columns.map(|(index, &column)| Part::of(table, column, value(index, column))).collect())
    }

    fn of_model<M: Model>(key: &M::Key) -> RowKey {
        RowKey::new(M::table(), |index, _| key.value(index))
    }
}

impl Part {
    /// A value as its column compares it.
    pub(super) fn of(table: &Table, column: u16, value: ValueRef<'_>) -> Part {
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

/// For each model, the slot that holds the row of a key.
#[derive(Default)]
pub(super) struct Keys {
    indexes: HashMap<TypeId, HashMap<RowKey, usize>>,
}

impl Keys {
    /// The slot indexed under a row's key, with that key.
    pub(super) fn find<M: Model>(&self, key: &M::Key) -> Option<(usize, RowKey)> {
        let index = self.indexes.get(&TypeId::of::<M>())?;
        let key = RowKey::of_model::<M>(key);
        index.get(&key).map(|&slot| (slot, key))
    }

    /// Indexes a slot under its row's key, and returns the other slot that had it before.
    pub(super) fn enter(&mut self, model: TypeId, key: RowKey, slot: usize) -> Option<usize> {
        self.indexes.entry(model).or_default().insert(key, slot).filter(|&before| before != slot)
    }

    /// Removes a slot, whatever its row's key is now.
    pub(super) fn leave(&mut self, model: TypeId, key: &RowKey, slot: usize) {
        let Some(index) = self.indexes.get_mut(&model) else { return };
        if index.get(key) == Some(&slot) {
            index.remove(key);
        } else {
            // Its key has changed since it was indexed, which is rare, or it never was indexed.
            index.retain(|_, entered| *entered != slot);
        }
    }
}
