//! [`Keys`]: the keys of rows that were read, by which the rows of a relation are found.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::driver::{Row, RowReader};
use crate::error::Result;
use crate::model::{Part, RowKey};
use crate::schema::Table;
use crate::types::{ColumnType, SqlValue, Value, ValueRef};

/// The columns of a model by which the rows of a relation are found.
#[derive(Debug, Clone, Copy)]
pub struct KeyColumns {
    pub(in crate::query) table: &'static Table,
    pub(in crate::query) columns: &'static [u16],
}

/// Where the columns of a key stand in the rows of a statement.
#[derive(Debug, Clone)]
pub(super) struct KeyPositions {
    pub(super) key: KeyColumns,
    pub(super) positions: Vec<(usize, ColumnType)>,
}

/// The keys of rows: each once, with the indexes of the rows that have it.
///
/// A row whose key is NULL in a column is counted and has none: nothing belongs to it. Texts are told apart byte by byte: those that a
/// database compares by other rules are no keys here, or come back from the database as it gave them.
#[derive(Debug)]
pub struct Keys {
    columns: KeyColumns,
    /// For each key the index of its values, which is that of its chain too.
    index: HashMap<RowKey, usize>,
    values: Vec<Value>,
    chains: Vec<Chain>,
    /// For each row the next one that has its key.
    next: Vec<Option<usize>>,
}

/// The rows that have a key: the first one, and the last.
#[derive(Debug, Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
}

impl KeyPositions {
    /// The key of a row.
    pub(super) fn read(&self, row: &dyn Row) -> Result<RowKey> {
        let part = |&(position, ty): &(usize, ColumnType), &column: &u16| -> Result<Part> {
            Ok(Part::exact(self.key.table, column, value(row, position, ty)?))
        };
        if let ([position], [column]) = (self.positions.as_slice(), self.key.columns) {
            return part(position, column).map(RowKey::One);
        }
        let parts = self.positions.iter().zip(self.key.columns).map(|(position, column)| part(position, column));
        parts.collect::<Result<_>>().map(RowKey::Several)
    }
}

impl Keys {
    pub(super) fn new(columns: KeyColumns) -> Keys {
        Keys { columns, index: HashMap::new(), values: Vec::new(), chains: Vec::new(), next: Vec::new() }
    }

    /// Adds a row that was read from the database.
    pub(super) fn push_row(&mut self, row: &dyn Row, at: &KeyPositions) -> Result<()> {
        let key = at.read(row)?;
        if let Some(values) = self.push(key) {
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
        match self.index.entry(key) {
            Entry::Occupied(known) => {
                let chain = self.chains.get_mut(*known.get())?;
                if let Some(last) = self.next.get_mut(chain.last) {
                    *last = Some(row);
                }
                chain.last = row;
                None
            }
            Entry::Vacant(new) => {
                new.insert(self.chains.len());
                self.chains.push(Chain { first: row, last: row });
                Some(&mut self.values)
            }
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.next.len()
    }

    /// Whether a row has no key.
    pub(super) fn lack_some(&self) -> bool {
        let mut is_known = vec![false; self.rows()];
        for chain in &self.chains {
            for row in self.alike(chain.first) {
                if let Some(known) = is_known.get_mut(row) {
                    *known = true;
                }
            }
        }
        is_known.contains(&false)
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
        self.index.get(key).and_then(|&index| self.chains.get(index)).map(|chain| chain.first)
    }

    /// This row, and those after it that have its key.
    pub(super) fn alike(&self, first: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(first), |&row| self.next.get(row).copied().flatten())
    }
}

/// The value of a column, as the program would send it.
pub(super) fn value(row: &dyn Row, position: usize, ty: ColumnType) -> Result<ValueRef<'_>> {
    let mut reader = RowReader::new(row);
    reader.skip(position);
    match reader.read_value(ty)? {
        // PostgreSQL has no integers of this size.
        number @ ValueRef::Decimal(_) if ty == ColumnType::U64 => u64::from_value(number).map(ValueRef::U64),
        value => Ok(value),
    }
}
