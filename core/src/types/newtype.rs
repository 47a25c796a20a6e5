//! [`Newtype`]: a type of the program's own around another.

use std::any::type_name;

use super::{Ordered, SqlValue, Summable, Text, ValueRef};
use crate::error::{Error, Result};

/// A type of the program's own around one that a column can hold. Derived: `#[derive(DbType)]`. What the inner type can,
/// such as `like` on text, this one can too.
///
/// ```
/// use creole::prelude::*;
/// use creole::types::{ColumnType, SqlValue};
///
/// #[derive(DbType, Debug, Clone, Copy, PartialEq, Eq, Hash)]
/// struct UserId(i64);
///
/// assert_eq!(UserId::TYPE, ColumnType::I64);
/// ```
pub trait Newtype: SqlValue {
    /// The type it is made around.
    type Inner: SqlValue;
}

#[diagnostic::do_not_recommend]
impl<T: Newtype> Text for T where T::Inner: Text {}

#[diagnostic::do_not_recommend]
impl<T: Newtype> Ordered for T where T::Inner: Ordered {}

/// A sum of them is read as that of the type inside: it need not be a value of the newtype.
#[diagnostic::do_not_recommend]
impl<T: Newtype> Summable for T
where
    T::Inner: Summable,
{
    type Sum = <T::Inner as Summable>::Sum;
    type Avg = <T::Inner as Summable>::Avg;
}

/// Reads a newtype that does not take every value of the type it is made around. The derive writes calls to it.
///
/// # Errors
/// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the value is of another kind, or is one that the type refuses. What
/// the type itself says of it is left out, since it may show the value.
pub fn read_checked<T: Newtype + TryFrom<T::Inner>>(value: ValueRef<'_>) -> Result<T> {
    let inner = <T::Inner as SqlValue>::from_value(value)?;
    T::try_from(inner).map_err(|_| Error::decode(type_name::<T>(), format_args!("a {} that it refuses", value.kind())))
}
