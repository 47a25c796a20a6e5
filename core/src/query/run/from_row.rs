//! [`FromRow`] and [`FromColumns`]: what rows are read as that are no model's.

use crate::driver::RowReader;
use crate::error::Result;
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
    /// The names of the columns, in the order in which `decode` reads them.
    const COLUMNS: &'static [&'static str];

    /// Reads a struct from the columns of those names, in their order.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), naming the column, where a value does not fit its field.
    fn decode(row: &mut RowReader<'_>) -> Result<Self>;
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
