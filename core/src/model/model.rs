//! [`Model`].

use futures_core::future::BoxFuture;

use super::{All, Cardinality, Hooks, IntoKey, Key, NamedRelation, Relation};
use crate::driver::RowReader;
use crate::error::Result;
use crate::exec::Executor;
use crate::query::{Select, find};
use crate::schema::Table;
use crate::types::{Value, ValueRef};

/// A struct whose values are the rows of a table. Derived: `#[derive(Model)]`.
///
/// What the derive writes is data and thin accessors; columns are counted by their index in [`Table::columns`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "books", default)]
/// struct Book {
///     #[model(primary_key, auto)]
///     id: i64,
///     title: String,
///     year: Option<i32>,
/// }
///
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Book]).await?;
/// let book = insert(&Book { title: "Emma".into(), ..Default::default() }).returning().one(&engine).await?;
/// assert_eq!(book, Book { id: 1, title: "Emma".into(), year: None });
/// assert_eq!(Book::find(1, &engine).await?, Some(book));
/// # Ok(())
/// # }
/// ```
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

    /// The hooks that the model declares.
    #[doc(hidden)]
    const HOOKS: Hooks<Self> = Hooks::NONE;

    /// The table as data.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # fn main() {
    /// assert_eq!(User::TABLE.name, "users");
    /// # }
    /// ```
    const TABLE: &'static Table;

    /// The table as data, as a function: tables refer to one another, and constants can't.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # fn main() {
    /// assert_eq!(User::table(), User::TABLE);
    /// # }
    /// ```
    fn table() -> &'static Table {
        Self::TABLE
    }

    /// The value of the primary key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let bob = User::find(2, &engine).await?.expect("he is in the shop");
    /// assert_eq!(bob.key(), 2);
    /// # Ok(())
    /// # }
    /// ```
    fn key(&self) -> Self::Key;

    /// The value of a column, as it is sent. NULL for an index the table lacks.
    fn bind(&self, column: u16) -> ValueRef<'_>;

    /// Writes a value that came from the database into a column's field.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode) where the value does not fit the field.
    fn assign(&mut self, column: u16, value: ValueRef<'_>) -> Result<()>;

    /// A struct with the model's defaults, if it has them: the derive writes it where it writes `Default`.
    #[doc(hidden)]
    fn blank() -> Option<Self> {
        None
    }

    /// Reads a struct from a row that has the table's columns in their order.
    ///
    /// # Errors
    /// [`Decode`](crate::ErrorKind::Decode), naming the column, where a value does not fit its field.
    fn decode(row: &mut RowReader<'_>) -> Result<Self>;

    /// What an UPDATE writes to a column that it says nothing of, made now: `#[model(on_update = …)]`. `None` where it then
    /// leaves the column alone.
    fn on_update(column: u16) -> Option<Value> {
        Self::table().on_update(column)
    }

    /// Every row of the table, to be narrowed down.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = User::select().filter(User::age.is_null()).all(&engine).await?;
    /// assert_eq!(users[0].name, "Cleo");
    /// # Ok(())
    /// # }
    /// ```
    fn select() -> Select<Self> {
        Select::all_of_model()
    }

    /// The row with this primary key, if there is one that is not marked as deleted.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::find(1, &engine).await?.map(|user| user.name), Some("Ada".to_owned()));
    /// assert_eq!(User::find(99, &engine).await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What running the statement says.
    #[track_caller]
    fn find<'e>(key: impl IntoKey<Self::Key>, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<Self>>> {
        find(key.into_key(), db)
    }

    /// The rows that belong to this one by a relation, as a SELECT that goes on.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let ada = User::find(1, &engine).await?.expect("she is in the shop");
    /// let paid = ada.related(User::orders).filter(Order::paid).all(&engine).await?;
    /// assert_eq!(paid[0].item, "lamp");
    /// assert_eq!(ada.related(User::orders).count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    fn related<T: Model, C: Cardinality>(&self, relation: Relation<Self, T, C>) -> Select<T> {
        T::select().filter(relation.of(self))
    }
}
