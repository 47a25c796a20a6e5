//! [`FromRow`] and [`FromColumns`]: what rows are read as that are no model's.

use std::borrow::Cow;

use crate::driver::RowReader;
use crate::error::Result;
use crate::model::{All, Model};
use crate::query::select::Selection;
use crate::sealed::Sealed;
use crate::tuples::for_each_tuple;
use crate::types::SqlType;

/// A struct whose fields are read from the columns of their names. Derived: `#[derive(FromRow)]`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// #[derive(FromRow, Debug, PartialEq)]
/// struct Line {
///     item: String,
///     price: i64,
/// }
///
/// let lines = sql!("select item, price from orders order by id").read_as::<Line>().all(&engine).await?;
/// assert_eq!(lines[0], Line { item: "lamp".into(), price: 3000 });
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows can't be read as `{Self}` by the names of their columns",
    label = "not read from rows",
    note = "add `#[derive(FromRow)]` to `{Self}`"
)]
pub trait FromRow: Sized + Send + 'static {
    /// How many columns there are.
    fn count() -> usize;

    /// The names of the columns, in the order in which `decode` reads them, each behind a prefix. A struct that is part of another
    /// has one.
    fn columns(prefix: &str) -> Vec<Cow<'static, str>>;

    /// Reads a struct from the columns of those names, in their order.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), naming the column, where a value does not fit its field.
    fn decode(row: &mut RowReader<'_>) -> Result<Self>;

    /// Whether there is no such row, after so many columns that are still unread: an outer join leaves its columns NULL.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode) where the row has fewer columns.
    fn is_absent(row: &RowReader<'_>, after: usize) -> Result<bool>;
}

/// A model is read by the names of its columns; it is absent where its primary key is NULL.
#[diagnostic::do_not_recommend]
impl<M: Model> FromRow for M {
    fn count() -> usize {
        M::table().columns.len()
    }

    fn columns(prefix: &str) -> Vec<Cow<'static, str>> {
        M::table().columns.iter().map(|column| prefixed(prefix, column.name)).collect()
    }

    fn decode(row: &mut RowReader<'_>) -> Result<M> {
        <All<M> as Selection>::decode(row)
    }

    fn is_absent(row: &RowReader<'_>, after: usize) -> Result<bool> {
        let table = M::table();
        for &key in table.primary_key {
            let Some(column) = table.column(key) else { continue };
            if row.is_null_at(after + usize::from(key), column.ty)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A row that may be absent.
#[diagnostic::do_not_recommend]
impl<T: FromRow> FromRow for Option<T> {
    fn count() -> usize {
        T::count()
    }

    fn columns(prefix: &str) -> Vec<Cow<'static, str>> {
        T::columns(prefix)
    }

    fn decode(row: &mut RowReader<'_>) -> Result<Option<T>> {
        if T::is_absent(row, 0)? {
            row.skip(T::count());
            return Ok(None);
        }
        T::decode(row).map(Some)
    }

    fn is_absent(row: &RowReader<'_>, after: usize) -> Result<bool> {
        T::is_absent(row, after)
    }
}

/// The name of a column behind a prefix. The derive writes calls to it.
#[doc(hidden)]
pub fn prefixed(prefix: &str, name: &'static str) -> Cow<'static, str> {
    if prefix.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{prefix}{name}")) }
}

/// A tuple that is read from as many columns, one after the other.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let rows = sql!("select name, age from users order by id").rows::<(String, Option<i64>)>().all(&engine).await?;
/// assert_eq!(rows[2], ("Cleo".to_owned(), None));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows can't be read as `{Self}`",
    label = "expected a tuple of up to sixteen column types, such as `(i64, Option<String>)`",
    note = "one column is read by `.scalars::<T>()`, a model by `.models::<M>()`, a struct by `.read_as::<S>()`"
)]
pub trait FromColumns: Sealed + Sized + Send + 'static {
    /// How many columns there are.
    const COUNT: usize;

    /// Reads it.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), naming the column, where a value does not fit.
    fn decode(row: &mut RowReader<'_>) -> Result<Self>;
}

macro_rules! columns {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: SqlType),+> FromColumns for ($($part,)+) {
            const COUNT: usize = $count;

            fn decode(row: &mut RowReader<'_>) -> Result<Self> {
                Ok(($($part::decode(row)?,)+))
            }
        }
    };
}

for_each_tuple!(columns);
