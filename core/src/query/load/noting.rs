//! [`Noting`]: a row that notes values while it is decoded, so that the driver is not asked for them twice.

use std::cell::Cell;
use std::mem::discriminant;

use super::keys::Place;
use crate::driver::Row;
use crate::error::Result;
use crate::types::{ColumnType, ValueRef};

/// A row, and the values of two of its columns once they were read: of the key of what it belongs to, and of the number it is
/// sorted by.
pub(super) struct Noting<'r> {
    row: &'r dyn Row,
    key: Noted<'r>,
    number: Noted<'r>,
}

/// The value of a column, once it was read as what the column holds.
struct Noted<'r> {
    position: usize,
    ty: ColumnType,
    value: Cell<Option<ValueRef<'r>>>,
}

impl<'r> Noting<'r> {
    pub(super) fn new(row: &'r dyn Row, key: Option<Place>, number: Option<Place>) -> Noting<'r> {
        Noting { row, key: Noted::of(key), number: Noted::of(number) }
    }

    /// The value of the key, if it was noted.
    pub(super) fn key(&self) -> Option<ValueRef<'r>> {
        self.key.value.get()
    }

    /// The value of the number, if it was noted.
    pub(super) fn number(&self) -> Option<ValueRef<'r>> {
        self.number.value.get()
    }
}

impl<'r> Noted<'r> {
    fn of(place: Option<Place>) -> Noted<'r> {
        // No row has as many columns.
        let (position, ty) = place.unwrap_or((usize::MAX, ColumnType::I64));
        Noted { position, ty, value: Cell::new(None) }
    }

    fn read(&self, row: &'r dyn Row, expected: ColumnType) -> Result<ValueRef<'r>> {
        let value = row.value(self.position, expected)?;
        // A column is read as one kind of type: what else there is to a type, its precision or labels, is the same then.
        if discriminant(&expected) == discriminant(&self.ty) {
            self.value.set(Some(value));
        }
        Ok(value)
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
        if index == self.key.position {
            return self.key.read(self.row, expected);
        }
        if index == self.number.position {
            return self.number.read(self.row, expected);
        }
        self.row.value(index, expected)
    }
}
