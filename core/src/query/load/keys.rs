//! [`Keys`]: the keys of rows that were read, by which the rows of a relation are found.

use std::collections::HashMap;

use crate::driver::{Row, RowReader};
use crate::error::Result;
use crate::model::{Owners, Part, RowKey};
use crate::schema::Table;
use crate::types::{ColumnType, SqlValue, Value, ValueRef};

/// The columns of a model by which the rows of a relation are found.
#[derive(Debug, Clone, Copy)]
pub struct KeyColumns {
    pub(in crate::query) table: &'static Table,
    pub(in crate::query) columns: &'static [u16],
}

/// Where a column stands in the rows of a statement, and what it holds.
pub(super) type Place = (usize, ColumnType);

/// Where the columns of a key stand in the rows of a statement.
#[derive(Debug, Clone)]
pub(super) struct KeyPositions {
    pub(super) key: KeyColumns,
    pub(super) positions: Vec<Place>,
}

/// The keys of rows: each once, with the indexes of the rows that have it.
///
/// A row whose key is NULL in a column is counted and has none: nothing belongs to it. Texts are told apart byte by byte: those that a
/// database compares by other rules are no keys here, or come back from the database as it gave them.
#[derive(Debug)]
pub struct Keys {
    columns: KeyColumns,
    /// For each key the index of its values, which is that of its chain too.
    index: Index,
    values: Vec<Value>,
    chains: Vec<Chain>,
    /// For each row the next one that has its key.
    next: Vec<Option<usize>>,
}

/// Finds keys. Most are one integer, which is hashed in a third of the time by itself.
#[derive(Debug, Default)]
struct Index {
    integers: HashMap<i64, usize>,
    others: HashMap<RowKey, usize>,
}

/// The rows that have a key: the first one, and the last.
#[derive(Debug, Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
}

impl KeyPositions {
    /// Where the key stands, if it is one column.
    pub(super) fn only(&self) -> Option<Place> {
        match *self.positions.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The key of a row.
    pub(super) fn read(&self, row: &dyn Row) -> Result<RowKey> {
        if let Some((position, ty)) = self.only() {
            return Ok(self.one(value(row, position, ty)?));
        }
        let part = |(&(position, ty), &column): (&Place, &u16)| -> Result<Part> {
            Ok(Part::exact(self.key.table, column, value(row, position, ty)?))
        };
        let parts = self.positions.iter().zip(self.key.columns).map(part);
        parts.collect::<Result<_>>().map(RowKey::Several)
    }

    /// The key that has this value in its only column.
    pub(super) fn one(&self, value: ValueRef<'_>) -> RowKey {
        let column = self.key.columns.first().copied().unwrap_or_default();
        RowKey::One(Part::exact(self.key.table, column, value))
    }
}

impl Index {
    fn get(&self, key: &RowKey) -> Option<usize> {
        let index = match key {
            RowKey::One(Part::Integer(number)) => self.integers.get(number),
            _ => self.others.get(key),
        };
        index.copied()
    }

    /// The index of a key, which is this one where it is new.
    fn get_or_insert(&mut self, key: RowKey, new: usize) -> usize {
        match key {
            RowKey::One(Part::Integer(number)) => *self.integers.entry(number).or_insert(new),
            _ => *self.others.entry(key).or_insert(new),
        }
    }
}

impl Keys {
    pub(super) fn new(columns: KeyColumns) -> Keys {
        Keys { columns, index: Index::default(), values: Vec::new(), chains: Vec::new(), next: Vec::new() }
    }

    /// Adds a row that was read from the database.
    pub(super) fn push_row(&mut self, row: &dyn Row, at: &KeyPositions) -> Result<()> {
        if let Some((position, ty)) = at.only() {
            let value = value(row, position, ty)?;
            if let Some(values) = self.push(at.one(value)) {
                values.push(value.to_owned());
            }
            return Ok(());
        }
        if let Some(values) = self.push(at.read(row)?) {
            for &(position, ty) in &at.positions {
                values.push(value(row, position, ty)?.to_owned());
            }
        }
        Ok(())
    }

    /// Adds a row that the program has, by the values of its columns.
    pub(super) fn push_values<'v>(&mut self, value: impl Fn(u16) -> ValueRef<'v>) {
        let KeyColumns { table, columns } = self.columns;
        let key = RowKey::new(table, columns, |_, column| value(column));
        if let Some(values) = self.push(key) {
            values.extend(columns.iter().map(|&column| value(column).to_owned()));
        }
    }

    /// Adds a row, and returns where the values of its key go, if it is the first one that has it.
    fn push(&mut self, key: RowKey) -> Option<&mut Vec<Value>> {
        let row = self.next.len();
        self.next.push(None);
        if key.has_null() {
            return None;
        }
        let index = self.index.get_or_insert(key, self.chains.len());
        let Some(chain) = self.chains.get_mut(index) else {
            self.chains.push(Chain { first: row, last: row });
            return Some(&mut self.values);
        };
        if let Some(last) = self.next.get_mut(chain.last) {
            *last = Some(row);
        }
        chain.last = row;
        None
    }

    /// Whether a row has no key.
    pub(super) fn lack_some(&self) -> bool {
        let mut is_known = vec![false; self.next.len()];
        for chain in &self.chains {
            for row in std::iter::once(chain.first).chain(self.after(chain.first)) {
                if let Some(known) = is_known.get_mut(row) {
                    *known = true;
                }
            }
        }
        is_known.contains(&false)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.next.len()
    }

    /// How many keys they have.
    pub(super) fn count(&self) -> usize {
        self.chains.len()
    }

    /// The value of a key's column, by the index of the key and the position of the column in it.
    pub(super) fn value(&self, key: usize, position: usize) -> ValueRef<'_> {
        let width = self.columns.columns.len();
        self.values.get(key * width + position).map_or(ValueRef::Null, Value::as_ref)
    }

    /// The first row that has a key.
    pub(super) fn first(&self, key: &RowKey) -> Option<usize> {
        self.index.get(key).and_then(|index| self.chains.get(index)).map(|chain| chain.first)
    }

    /// The rows after this one that have its key.
    pub(super) fn after(&self, row: usize) -> impl Iterator<Item = usize> {
        let next = |&row: &usize| self.next.get(row).copied().flatten();
        std::iter::successors(next(&row), next)
    }

    /// The rows as those that related ones belong to: each of these to the one with this index.
    pub(super) fn owners<'k>(&'k self, of: &'k [usize]) -> Owners<'k> {
        Owners { of, next: &self.next }
    }
}

/// The value of a column, as the program would send it.
pub(super) fn value(row: &dyn Row, position: usize, ty: ColumnType) -> Result<ValueRef<'_>> {
    let mut reader = RowReader::new(row);
    reader.skip(position);
    sent(reader.read_value(ty)?, ty)
}

/// A value that was read from a column of this type, as the program would send it.
pub(super) fn sent(value: ValueRef<'_>, ty: ColumnType) -> Result<ValueRef<'_>> {
    match value {
        // PostgreSQL has no integers of this size.
        ValueRef::Decimal(_) if ty == ColumnType::U64 => u64::from_value(value).map(ValueRef::U64),
        // Some databases keep 0 and 1.
        ValueRef::I64(_) if ty == ColumnType::Bool => bool::from_value(value).map(ValueRef::Bool),
        value => Ok(value),
    }
}
