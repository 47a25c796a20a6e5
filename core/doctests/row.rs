// A row in memory, for the examples about reading rows.

use creole::types::{ColumnType, ValueRef};
use creole_core::driver::{Row, RowReader};

/// Values, by position.
struct Cells(&'static [ValueRef<'static>]);

impl Row for Cells {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn name(&self, _index: usize) -> &str {
        "cell"
    }

    fn value(&self, index: usize, _expected: ColumnType) -> creole::Result<ValueRef<'_>> {
        self.0.get(index).copied().ok_or_else(|| creole::Error::decode("a value", "the end of the row"))
    }
}
