//! [`Noting`]: a row that notes its key while it is decoded, so that the driver is not asked for it twice.

use std::cell::Cell;

use super::keys::KeyPositions;
use crate::driver::Row;
use crate::error::Result;
use crate::types::{ColumnType, ValueRef};

/// A row, and the value of a column of it once that was read.
pub(super) struct Noting<'r> {
    row: &'r dyn Row,
    /// Where the key stands; past the last column where it is several.
    position: usize,
    ty: ColumnType,
    noted: Cell<Option<ValueRef<'r>>>,
}

impl<'r> Noting<'r> {
    pub(super) fn new(row: &'r dyn Row, at: &KeyPositions) -> Noting<'r> {
        let (position, ty) = at.only().unwrap_or((usize::MAX, ColumnType::I64));
        Noting { row, position, ty, noted: Cell::new(None) }
    }

    /// The value of the key, if it is one column and was read as what that holds.
    pub(super) fn noted(&self) -> Option<ValueRef<'r>> {
        self.noted.get()
    }
}

impl Row for Noting<'_> {
    fn len(&self) -> usize {
        self.row.len()
    }

    fn name(&self, index: usize) -> &str {
        self.row.name(index)
    }

    #[inline]
    fn value(&self, index: usize, expected: ColumnType) -> Result<ValueRef<'_>> {
        if index != self.position {
            return self.row.value(index, expected);
        }
        let value = self.row.value(index, expected)?;
        if expected == self.ty {
            self.noted.set(Some(value));
        }
        Ok(value)
    }
}
