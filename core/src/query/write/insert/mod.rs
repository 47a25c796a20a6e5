//! [`insert`], [`insert_all`] and [`insert_from`].

mod source;
mod shape;
mod chunk;
mod batch;
mod key_conflict;
mod returning;
mod from_select;
mod stream;
mod group;

use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::documents::Texts;
use super::{Conflict, ConflictKey};
use crate::driver::Compiled;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::model::{Column, Model};
use crate::pool::Access;
use crate::query::expr::Operand;
use crate::query::run::Execute;
use crate::sealed::Sealed;
use crate::sql::{self, Assignment, BindSource, Destination, Tenants};
use crate::types::{Fits, SqlType, ValueRef};

pub use from_select::{InsertColumns, insert_from};
pub use returning::{Returning, ReturningAll};
pub use stream::{InsertEach, InsertStream, insert_each, insert_stream};

pub(crate) use group::{Inserted, insert_group};

pub(super) use batch::{Batch, TRIES, Take};
pub(super) use chunk::{Chunk, Part};
pub(super) use key_conflict::{clash_of_select, is_overtaken, overtaken};
pub(super) use returning::Placed;
pub(super) use shape::{Given, Shape};
pub(super) use source::Source;

/// Inserts a row. An automatic key that is 0 is left to the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let order = Order { user_id: 3, item: "sofa".into(), price: 40_000, ..Default::default() };
/// assert_eq!(insert(&order).exec(&engine).await?, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn insert<M: Model>(row: &M) -> Insert<'_, M> {
    Insert::of(std::slice::from_ref(row), Shape::new(M::table(), Given::One))
}

/// Inserts rows, in as few statements as the backend allows, and all of them or none. Automatic keys that are 0 are left to
/// the database, which numbers such rows in the order in which they are given.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let orders = ["sofa", "chair"].map(|item| Order { user_id: 3, item: item.into(), ..Default::default() });
/// assert_eq!(insert_all(&orders).exec(&engine).await?, 2);
/// # Ok(())
/// # }
/// ```
///
/// Rows go in chunks of a size that the backend takes, in one transaction where there are several. An error of a row says which
/// one it is: [`Error::row`](crate::Error::row).
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn insert_all<M: Model>(rows: &[M]) -> Insert<'_, M, ManyRows> {
    Insert::of(rows, Shape::new(M::table(), Given::Many))
}

/// An INSERT of one row, of [`ManyRows`], or of those [`Selected`] by the database. Rows stay where they are until it is run.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
/// let statement = insert(&order).omit(Order::id);
/// assert_eq!(statement.exec(&engine).await?, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Insert<'a, M, N = OneRow> {
    pub(super) source: Source<'a, M>,
    pub(super) shape: Shape,
    /// The documents of its rows, made when it is first rendered as one statement.
    texts: OnceLock<Texts>,
    /// The tree of the whole as one statement, made when it is first rendered.
    tree: OnceLock<sql::Insert>,
    /// The same where it is written for one tenant.
    tenants_tree: OnceLock<sql::Insert>,
    of: PhantomData<fn() -> N>,
}

impl<M, N> Sealed for Insert<'_, M, N> {}

/// One row is written.
#[derive(Debug, Clone, Copy)]
pub enum OneRow {}

impl Sealed for OneRow {}

/// A list of rows is written.
#[derive(Debug, Clone, Copy)]
pub enum ManyRows {}

impl Sealed for ManyRows {}

/// What a SELECT yields is written.
#[derive(Debug, Clone, Copy)]
pub enum Selected {}

impl<'a, M: Model, N> Insert<'a, M, N> {
    pub(super) fn of(rows: &'a [M], shape: Shape) -> Insert<'a, M, N> {
        Insert {
            source: Source::new(rows),
            shape,
            texts: OnceLock::new(),
            tree: OnceLock::new(),
            tenants_tree: OnceLock::new(),
            of: PhantomData,
        }
    }

    /// Limits how long the statement may run. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
    /// error says that nobody knows.
    ///
    /// The time is each statement's own, where there are several; waiting for a connection has a limit of its own,
    /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
    /// assert_eq!(insert(&order).timeout(Duration::from_secs(5)).exec(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.shape.timeout = Some(limit);
        self
    }

    /// Its rows on their way into the database, for these tenants.
    pub(super) fn batch(&self, tenants: &Tenants) -> Batch<'_> {
        self.source.write_for(tenants);
        Batch { shape: &self.shape, source: &self.source, count: self.source.count() }
    }
}

impl<M: Model, N> Insert<'_, M, N> {
    /// The whole as one statement for these tenants, or as much of it as gives values for the same columns as the first row.
    pub(super) fn whole(&self, tenants: &Tenants) -> sql::Insert {
        let mut tree = self.batch(tenants).whole();
        tree.write_for(tenants);
        tree
    }
}

/// Columns that do not get their value from the struct.
impl<'a, M: Model, N: Listed> Insert<'a, M, N> {
    /// Leaves a column to the database: it numbers it, or has a default for it, or writes NULL. Without any of these it
    /// answers with a [`NotNullViolation`](crate::ErrorKind::NotNullViolation).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { id: 4, email: "dora@example.com".into(), age: Some(20), ..Default::default() };
    /// let user = insert(&user).omit(User::age).returning().one(&engine).await?;
    /// assert_eq!(user.age, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn omit<T>(mut self, column: Column<M, T>) -> Self {
        self.shape.omit(column.index());
        self
    }

    /// Writes an expression to a column instead of the struct's value, in every row: `set(User::joined, database_now())`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let dearest = select(creole::query::max(Order::price)).value().not_null();
    /// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
    /// let order = insert(&order).set(Order::price, dearest + 1).returning().one(&engine).await?;
    /// assert_eq!(order.price, 8001);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set<T: SqlType, V: Operand<T::Base>>(mut self, column: Column<M, T>, value: V) -> Self
    where
        V::Null: Fits<T::Null>,
    {
        let target = sql::Expr::Column(column.column_ref());
        let value = value.operand().typed_like(&target);
        self.shape.set(Assignment { column: column.index(), value });
        self
    }
}

/// Rows that the program has.
pub trait Listed: Sealed {}

impl Listed for OneRow {}
impl Listed for ManyRows {}

impl<'a, M: Model, N> Insert<'a, M, N> {
    /// What becomes of rows whose key is there already; without it they are an error.
    ///
    /// The key is a column, a tuple of columns, or one by its [name](super::unique_key). It means that key on every backend: a row
    /// that clashes with *another* key of the table is a [`UniqueViolation`](crate::ErrorKind::UniqueViolation).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = User { email: "ada@example.com".into(), name: "Lady Ada".into(), ..Default::default() };
    /// insert(&user).on_conflict(User::email).update(User::name).exec(&engine).await?;
    /// assert_eq!(User::find(1, &engine).await?.map(|user| user.name), Some("Lady Ada".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_conflict(self, key: impl ConflictKey<M>) -> Conflict<'a, M, N> {
        Conflict::new(self, key)
    }
}

impl<'a, M: Model> Insert<'a, M, OneRow> {
    /// Returns the row as the database has it, generated key included.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let order = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
    /// assert_eq!(insert(&order).returning().one(&engine).await?.id, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning(self) -> Returning<'a, M> {
        Returning::new(self)
    }
}

impl<'a, M: Model> Insert<'a, M, ManyRows> {
    /// Returns each row as the database has it, generated keys included, in the order in which they were given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let orders = ["sofa", "chair"].map(|item| Order { user_id: 3, item: item.into(), ..Default::default() });
    /// let orders = insert_all(&orders).returning().all(&engine).await?;
    /// assert_eq!(orders.iter().map(|order| order.id).collect::<Vec<_>>(), [4, 5]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning(self) -> ReturningAll<'a, M> {
        ReturningAll::new(self)
    }
}

impl<M: Model, N> Execute for Insert<'_, M, N> {
    /// The statement for all rows, or for as many of the first as give values for the same columns. It is run in several
    /// where the backend asks for that.
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        if self.source.count() == 0 && matches!(self.shape.given, Given::Many) {
            return Err(Error::new(ErrorKind::Syntax, "there is no row to insert").with_table(M::table().name));
        }
        self.shape.check()?;
        let to = to.into();
        self.source.write_for(to.tenants());
        let tree = match to.tenants().of(M::table()) {
            None => &self.tree,
            Some(_) => &self.tenants_tree,
        };
        let tree = tree.get_or_init(|| self.whole(to.tenants()));
        let compiled = tree.compile(to, self).map_err(|error| self.shape.locate(error, |row| row))?;
        Ok(compiled.within(self.shape.timeout))
    }

    #[track_caller]
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let is_one_statement = !matches!(self.shape.given, Given::Many);
            if is_one_statement {
                let statement = self.compile(db.destination())?;
                let sent = db.connection(Access::Write).await?.execute(&statement).await;
                let sent = sent.map_err(|error| error.unnumbered(self.shape.table, self.source.count(), &self.source));
                return sent.map(|done| done.rows_affected);
            }
            let batch = self.batch(db.tenants());
            if batch.count == 0 {
                return Ok(0);
            }
            let mut link = db.connection(Access::Write).await?;
            batch.write(&mut link, None).await
        })
    }
}

/// The rows of the whole as one statement.
impl<M: Model, N> BindSource for Insert<'_, M, N> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let texts = self.texts.get_or_init(|| Texts::of(M::table(), 0..self.source.count()));
        texts.value(row, column, self.source.value(row, column))
    }
}

/// The values of rows that the program has.
pub(super) struct Slice<'a, M>(pub(super) &'a [M]);

impl<M> Clone for Slice<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Slice<'_, M> {}

impl<'a, M: Model> Slice<'a, M> {
    /// One row's value for a column.
    pub(super) fn into_value(self, row: usize, column: u16) -> ValueRef<'a> {
        self.0.get(row).map_or(ValueRef::Null, |model| model.bind(column))
    }
}

impl<M: Model> BindSource for Slice<'_, M> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        self.into_value(row, column)
    }
}

impl<M, N> Clone for Insert<'_, M, N> {
    fn clone(&self) -> Self {
        Insert {
            source: self.source.anew(),
            shape: self.shape.clone(),
            texts: OnceLock::new(),
            tree: OnceLock::new(),
            tenants_tree: OnceLock::new(),
            of: PhantomData,
        }
    }
}

/// Shows what is inserted where, and none of the rows' values.
impl<M, N> fmt::Debug for Insert<'_, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Insert").field("rows", &self.source.count()).field("shape", &self.shape).finish()
    }
}
