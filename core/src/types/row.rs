//! [`Row`]: a row of a result, and [`RowReader`], which reads its columns.

use std::fmt;

use super::{ColumnType, SqlType, ValueRef};
use crate::error::{Error, Result};

/// A row that the driver still owns.
pub trait Row {
    /// How many columns it has.
    fn len(&self) -> usize;

    /// Whether it has no columns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a column, for messages.
    fn name(&self, index: usize) -> &str;

    /// The value of a column, to be read as `expected`.
    ///
    /// A database that keeps several of creole's types in one of its own (a UUID in a BLOB, an instant in a DATETIME)
    /// tells them apart by `expected`, and refuses bytes that are not one. It is no request to convert: a value that the
    /// database itself calls something else is handed out as what it is, and the reader refuses it.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the bytes are not what the column's type says.
    fn value(&self, index: usize, expected: ColumnType) -> Result<ValueRef<'_>>;
}

/// Reads a row's columns one after the other.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
/// # fn main() -> creole::Result<()> {
/// let row = Cells(&[ValueRef::I64(7), ValueRef::Null, ValueRef::Text("Ada")]);
/// let mut reader = RowReader::new(&row);
/// assert_eq!(reader.read::<i64>()?, 7);
/// assert_eq!(reader.read::<Option<i64>>()?, None);
/// assert_eq!(reader.read::<String>()?, "Ada");
/// assert!(reader.read::<i64>().is_err()); // The row has ended.
/// # Ok(())
/// # }
/// ```
pub struct RowReader<'r> {
    row: &'r dyn Row,
    len: usize,
    next: usize,
    /// The positions of the columns to read, unless they are read in order from the first.
    positions: Option<&'r [usize]>,
}

impl<'r> RowReader<'r> {
    /// Starts before the first column.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::Bool(true)]);
    /// assert!(RowReader::new(&row).read::<bool>()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(row: &'r dyn Row) -> RowReader<'r> {
        RowReader { row, len: row.len(), next: 0, positions: None }
    }

    /// Reads the columns at these positions, in this order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::I64(1), ValueRef::I64(2), ValueRef::I64(3)]);
    /// let mut reader = RowReader::at(&row, &[2, 0]);
    /// assert_eq!((reader.read::<i64>()?, reader.read::<i64>()?), (3, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn at(row: &'r dyn Row, positions: &'r [usize]) -> RowReader<'r> {
        RowReader { row, len: row.len(), next: 0, positions: Some(positions) }
    }

    /// How many columns the row has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::I64(1), ValueRef::I64(2)]);
    /// assert_eq!(RowReader::new(&row).len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the row has no columns.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// assert!(RowReader::new(&Cells(&[])).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many columns have been read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::I64(1), ValueRef::I64(2)]);
    /// let mut reader = RowReader::new(&row);
    /// reader.read::<i64>()?;
    /// assert_eq!(reader.position(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn position(&self) -> usize {
        self.next
    }

    /// Reads the next column.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::I64(300)]);
    /// let error = RowReader::new(&row).read::<u8>().unwrap_err();
    /// assert_eq!(error.kind(), creole::ErrorKind::Decode); // It does not fit, and is not cut.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), naming the column and both types, where the value does not fit
    /// `T` or the row has no more columns.
    #[inline]
    pub fn read<T: SqlType>(&mut self) -> Result<T> {
        let index = self.next;
        self.next += 1;
        match self.value(index, T::TYPE).and_then(T::from_value) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.locate(error, index)),
        }
    }

    /// The next column's value, to be read as `expected`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::Text("Ada")]);
    /// assert_eq!(RowReader::new(&row).read_value(ColumnType::TEXT)?, ValueRef::Text("Ada"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), naming the column.
    pub fn read_value(&mut self, expected: ColumnType) -> Result<ValueRef<'r>> {
        let index = self.next;
        self.next += 1;
        self.value(index, expected).map_err(|error| self.locate(error, index))
    }

    /// Whether the column `ahead` positions on, which holds values of this type, is NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::I64(1), ValueRef::Null]);
    /// let reader = RowReader::new(&row);
    /// assert!(!reader.is_null_at(0, ColumnType::I64)? && reader.is_null_at(1, ColumnType::I64)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the row has no such column, or it is not of this type.
    pub fn is_null_at(&self, ahead: usize, expected: ColumnType) -> Result<bool> {
        let index = self.next + ahead;
        self.value(index, expected).map(ValueRef::is_null).map_err(|error| self.locate(error, index))
    }

    /// The value of the column at a position, to be read as `expected`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the row has no such column, or it is not of this type.
    pub(crate) fn value_at(&self, position: usize, expected: ColumnType) -> Result<ValueRef<'r>> {
        self.value(position, expected)
    }

    /// Skips this many columns.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/row.rs"));
    /// # fn main() -> creole::Result<()> {
    /// let row = Cells(&[ValueRef::I64(1), ValueRef::I64(2)]);
    /// let mut reader = RowReader::new(&row);
    /// reader.skip(1);
    /// assert_eq!(reader.read::<i64>()?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    #[inline]
    fn value(&self, position: usize, expected: ColumnType) -> Result<ValueRef<'r>> {
        let index = self.index(position);
        if index >= self.len {
            return Err(Error::decode("a column", "a row that has no more of them"));
        }
        self.row.value(index, expected)
    }

    /// The position in the row of the column that is read at this position; past the end where there is none.
    #[inline]
    fn index(&self, position: usize) -> usize {
        match self.positions {
            None => position,
            Some(positions) => positions.get(position).copied().unwrap_or(usize::MAX),
        }
    }

    #[cold]
    fn locate(&self, error: Error, position: usize) -> Error {
        let index = self.index(position);
        if index >= self.len {
            return error;
        }
        error.with_columns([self.row.name(index).to_owned()]).with_position(index)
    }
}

impl fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("len", &self.len()).field("position", &self.position()).finish()
    }
}
