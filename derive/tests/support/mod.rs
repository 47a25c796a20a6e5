//! A row in memory.

use creole::driver::{Row, RowReader};
use creole::model::Model;
use creole::types::{ColumnType, Value, ValueRef};

/// A row whose values a test has put together; its columns are called as the model calls them.
pub(crate) struct MemoryRow {
    names: Vec<&'static str>,
    pub(crate) values: Vec<Value>,
}

impl MemoryRow {
    /// The row that a model's columns make.
    pub(crate) fn of<M: Model>(model: &M) -> MemoryRow {
        let columns = M::table().columns;
        let places = 0..u16::try_from(columns.len()).unwrap();
        MemoryRow {
            names: columns.iter().map(|column| column.name).collect(),
            values: places.map(|place| model.bind(place).to_owned()).collect(),
        }
    }

    /// The model that the row makes, and how many columns were read.
    pub(crate) fn decode<M: Model>(&self) -> creole::Result<(M, usize)> {
        let mut reader = RowReader::new(self);
        let model = M::decode(&mut reader)?;
        Ok((model, reader.position()))
    }
}

impl Row for MemoryRow {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn name(&self, index: usize) -> &str {
        self.names[index]
    }

    fn value(&self, index: usize, _expected: ColumnType) -> creole::Result<ValueRef<'_>> {
        Ok(self.values[index].as_ref())
    }
}

/// Binds, assigns and decodes every column of a model, and compares what comes back. `empty` is another value, into which
/// the columns are assigned one by one.
pub(crate) fn check_round_trip<M: Model + Clone + PartialEq + std::fmt::Debug>(model: &M, mut empty: M) {
    let row = MemoryRow::of(model);
    let (decoded, columns_read) = row.decode::<M>().unwrap();
    assert_eq!(&decoded, model);
    assert_eq!(columns_read, M::table().columns.len());
    for (place, value) in (0..).zip(&row.values) {
        empty.assign(place, value.as_ref()).unwrap();
        assert_eq!(empty.bind(place), value.as_ref());
    }
    assert_eq!(&empty, model);
    let beyond = u16::try_from(row.values.len()).unwrap();
    assert!(model.bind(beyond).is_null());
    assert!(empty.assign(beyond, ValueRef::Null).is_err());
}
