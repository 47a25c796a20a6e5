//! A row in memory.

use creole::driver::{Row, RowReader};
use creole::model::Model;
use creole::types::{ColumnType, Value, ValueRef};

/// A row whose values a test has put together.
pub struct MemoryRow(pub Vec<Value>);

impl Row for MemoryRow {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn name(&self, _index: usize) -> &str {
        "some_column"
    }

    fn value(&self, index: usize, _expected: ColumnType) -> creole::Result<ValueRef<'_>> {
        Ok(self.0[index].as_ref())
    }
}

/// The row that a model's columns make.
pub fn row_of<M: Model>(model: &M) -> MemoryRow {
    let columns = 0..u16::try_from(M::table().columns.len()).unwrap();
    MemoryRow(columns.map(|column| model.bind(column).to_owned()).collect())
}

/// The model that a row makes.
pub fn decode<M: Model>(row: &MemoryRow) -> creole::Result<M> {
    M::decode(&mut RowReader::new(row))
}
