//! [`BindSource`].

use super::ValueRef;

/// Where the values of rows come from. They stay where they are: a statement is compiled from them in place.
///
/// ```
/// use creole::types::{BindSource, ValueRef};
///
/// /// Rows of numbers.
/// struct Grid([[i64; 2]; 2]);
///
/// impl BindSource for Grid {
///     fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
///         let cell = self.0.get(row).and_then(|row| row.get(usize::from(column)));
///         cell.map_or(ValueRef::Null, |&number| ValueRef::I64(number))
///     }
/// }
///
/// let grid = Grid([[1, 2], [3, 4]]);
/// assert_eq!((grid.value(1, 0), grid.value(2, 0)), (ValueRef::I64(3), ValueRef::Null));
/// ```
pub trait BindSource: Sync {
    /// The value of a column, by its index in the table, in a row. NULL where there is none.
    fn value(&self, row: usize, column: u16) -> ValueRef<'_>;
}

impl<S: BindSource + ?Sized> BindSource for &S {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        (**self).value(row, column)
    }
}
