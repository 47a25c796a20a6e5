//! [`Query`].

use futures_core::future::BoxFuture;

use super::row_reading::{Columns, Reading};
use super::sink::{Collect, First, Only};
use crate::dialect::Dialect;
use crate::driver::{Compiled, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{Executor, Handle};
use crate::pool::Access;
use crate::schema::Table;
use crate::sql::Destination;

/// How a row becomes a value: a plain function, so that a query stays data.
pub type Decode<R> = fn(&mut RowReader<'_>) -> Result<R>;

/// Anything that renders and yields rows: a SELECT, an INSERT that returns what it wrote.
///
/// The ends `all`, `one`, `optional` and `first` run it on an [`Executor`].
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "products")]
/// struct Product {
///     #[model(primary_key)]
///     id: i64,
///     #[model(unique)]
///     name: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Product]).await?;
/// let tea = insert(&Product { id: 1, name: "tea".into() }).returning().one(&engine).await?;
/// let named = |name| Product::select().filter(Product::name.eq(name));
///
/// assert_eq!(Product::select().order_by(Product::id).all(&engine).await?, [tea]);
/// assert_eq!(named("tea").one(&engine).await?.id, 1);
/// assert!(named("salt").one(&engine).await.is_err_and(|error| error.is_not_found()));
/// assert_eq!(named("salt").optional(&engine).await?, None);
/// assert_eq!(named("tea").sql(&Sqlite)?, r#"SELECT "id", "name" FROM "products" WHERE "name" = ?1"#);
/// # Ok(())
/// # }
/// ```
pub trait Query: Send + Sync + Sized {
    /// What a row is read as.
    type Row: Send + 'static;

    /// The statement in a dialect's SQL, with its values.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let statement = User::select().filter(User::id.eq(1)).limit(5);
    /// assert_eq!(statement.compile(engine.dialect())?.binds.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) where the dialect can't say it; [`InvalidValue`](ErrorKind::InvalidValue),
    /// [`UndefinedColumn`](ErrorKind::UndefinedColumn) or [`Limit`](ErrorKind::Limit) where no database would take it.
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>>;

    /// How a row is read.
    fn decode(&self) -> Decode<Self::Row>;

    /// Which columns of a row are read.
    fn columns(&self) -> Columns {
        Columns::InOrder
    }

    /// The table it is about, for errors.
    fn table(&self) -> Option<&'static Table>;

    /// Whether it reads or writes.
    fn access(&self) -> Access {
        Access::Read
    }

    /// The same query, told that at most `rows` rows are wanted. One that can't be limited stays as it is.
    fn at_most(self, _rows: u64) -> Self {
        self
    }

    /// Runs it and pushes its rows into `sink`. A query that takes several statements on some backend overrides this.
    fn run<'r>(&'r self, db: &'r mut Handle<'_>, sink: &'r mut dyn RowSink) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let statement = self.compile(db.destination())?;
            db.note_read(&statement);
            db.connection(self.access()).await?.fetch(&statement, sink).await
        })
    }

    /// The SQL text for a dialect, without a connection.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let text = select(User::name).filter(User::id.eq(1)).sql(&Sqlite)?;
    /// assert_eq!(text, r#"SELECT "name" FROM "users" WHERE "id" = ?1"#);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Query::compile).
    fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.compile(dialect).map(|statement| String::from(&*statement.sql))
    }

    /// Every row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users: Vec<User> = User::select().order_by(User::id).all(&engine).await?;
    /// assert_eq!(users.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Query::compile), and what the database answers.
    #[track_caller]
    fn all<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Vec<Self::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let mut sink = Collect::reading(Reading::of(&self));
            self.run(&mut db, &mut sink).await?;
            Ok(sink.into_rows())
        })
    }

    /// The one row there is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let bob = User::select().filter(User::name.eq("Bob")).one(&engine).await?;
    /// assert_eq!(bob.id, 2);
    /// assert_eq!(User::select().one(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) where there is none, [`MultipleFound`](ErrorKind::MultipleFound) where there are
    /// more; else as [`all`](Query::all).
    #[track_caller]
    fn one<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Self::Row>>
    where
        Self: 'e,
    {
        let table = self.table();
        let optional = self.optional(db);
        Box::pin(async move { optional.await?.ok_or_else(|| not_found(table)) })
    }

    /// The row, if there is one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let nobody = User::select().filter(User::name.eq("Zoe")).optional(&engine).await?;
    /// assert_eq!(nobody, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`MultipleFound`](ErrorKind::MultipleFound) where there are more; else as [`all`](Query::all).
    #[track_caller]
    fn optional<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<Self::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            // A second row is asked for only to know that there is one.
            let query = self.at_most(2);
            let mut sink = Only::reading(Reading::of(&query));
            query.run(&mut db, &mut sink).await?;
            sink.into_row(query.table())
        })
    }

    /// The first row in the order asked for, if there is any.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let oldest = select(User::name).filter(User::age.is_not_null()).order_by(User::age.desc()).first(&engine).await?;
    /// assert_eq!(oldest, Some("Bob".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Query::all).
    #[track_caller]
    fn first<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Option<Self::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let query = self.at_most(1);
            let mut sink = First::reading(Reading::of(&query));
            query.run(&mut db, &mut sink).await?;
            Ok(sink.into_row())
        })
    }
}

/// There is no row where one was asked for.
#[cold]
pub(crate) fn not_found(table: Option<&'static Table>) -> Error {
    let error = Error::new(ErrorKind::NotFound, ErrorKind::NotFound.description());
    match table {
        Some(table) => error.with_table(table.name),
        None => error,
    }
}
