//! [`BindSource`].

use super::ValueRef;

/// Where the values of rows come from. They stay where they are: a statement is compiled from them in place.
pub trait BindSource: Sync {
    /// The value of a column, by its index in the table, in a row. NULL where there is none.
    fn value(&self, row: usize, column: u16) -> ValueRef<'_>;
}

impl<S: BindSource + ?Sized> BindSource for &S {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        (**self).value(row, column)
    }
}
