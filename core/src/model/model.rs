//! [`Model`].

use futures_core::future::BoxFuture;

use super::{All, IntoKey, Key, NamedRelation};
use crate::driver::RowReader;
use crate::error::Result;
use crate::exec::Executor;
use crate::query::{Select, find};
use crate::schema::Table;
use crate::types::{Value, ValueRef};

/// A struct whose values are the rows of a table. Derived: `#[derive(Model)]`.
///
/// What the derive writes is data and thin accessors; columns are counted by their place in [`Table::columns`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "add `#[derive(Model)]` to `{Self}`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The type of the primary key: its column's type, or a tuple where it has several columns.
    type Key: Key;

    /// Every column, as one thing to select.
    const ALL: All<Self> = All::new();

    /// The relations from it, with the names of their constants.
    const RELATIONS: &'static [NamedRelation] = &[];

    /// The table as data.
    fn table() -> &'static Table;

    /// The value of the primary key.
    fn key(&self) -> Self::Key;

    /// The value of a column, as it is sent. NULL for a place the table has not.
    fn bind(&self, column: u16) -> ValueRef<'_>;

    /// Writes a value that came from the database into a column's field.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode) where the value does not fit the field.
    fn assign(&mut self, column: u16, value: ValueRef<'_>) -> Result<()>;

    /// Reads a struct from a row that has the table's columns in their order.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), naming the column, where a value does not fit its field.
    fn decode(row: &mut RowReader<'_>) -> Result<Self>;

    /// What an UPDATE writes to a column that it says nothing of, made now: `#[model(on_update = …)]`. Nothing where it then
    /// leaves the column alone.
    fn on_update(column: u16) -> Option<Value> {
        Self::table().on_update(column)
    }

    /// Every row of the table, to be narrowed down.
    fn select() -> Select<Self> {
        Select::all_of_model()
    }

    /// The row with this primary key, if there is one.
    ///
    /// # Errors
    /// What running the statement says.
    fn find<'e>(key: impl IntoKey<Self::Key>, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<Self>>> {
        find(key.into_key(), db)
    }
}
