//! [`update_all`]: many rows, each with values of its own.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::ColumnList;
use super::insert::Slice;
use super::key_index::refuse_twins;
use super::stale::sets_version;
use super::update_rows::{UpdateKind, UpdateRows};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::Access;
use crate::schema::{ColumnDef, Written};
use crate::sql::{Assignment, DeletedRows};

/// Writes rows that are there, each found by its primary key: every other column, or those of
/// [`columns`](UpdateAll::columns).
///
/// It takes a statement for some hundred rows each, all in one transaction. Rows that are not there are passed over, and the
/// number that comes back tells how many were. If the model has a `#[model(version)]`, every row must be there as it was read, and its
/// version is counted up in the database; the structs stay as they are.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "products")]
/// struct Product {
///     #[model(primary_key)]
///     id: i64,
///     name: String,
///     price: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Product]).await?;
/// let mut products = [(1, "tea", 4), (2, "salt", 1)].map(|(id, name, price)| Product { id, name: name.into(), price });
/// insert_all(&products).exec(&engine).await?;
///
/// products.iter_mut().for_each(|product| product.price += 1);
/// assert_eq!(update_all(&products).exec(&engine).await?, 2);
/// assert_eq!(update_all(&products).columns(Product::price).exec(&engine).await?, 2);
/// assert_eq!(delete_all(&products[..1]).exec(&engine).await?, 1);
/// assert_eq!(Product::select().all(&engine).await?, products[1..]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn update_all<M: Model>(rows: &[M]) -> UpdateAll<'_, M> {
    let table = M::table();
    let places = 0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    let columns = places.filter(|place| !table.primary_key.contains(place));
    let is_given = |column: &ColumnDef| column.on_update.is_none() && column.written == Written::Always;
    let columns = columns.filter(|&place| table.column(place).is_some_and(is_given));
    let columns = columns.filter(|&place| table.version != Some(place)).collect();
    UpdateAll { rows, columns, defaults: Assignment::defaults(table), deleted: DeletedRows::Hidden, timeout: None }
}

/// An UPDATE of many rows, which stay where they are until it is run.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let mut orders = Order::select().all(&engine).await?;
/// orders.iter_mut().for_each(|order| order.price += 100);
/// assert_eq!(update_all(&orders).exec(&engine).await?, 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct UpdateAll<'a, M> {
    rows: &'a [M],
    columns: Vec<u16>,
    defaults: Vec<Assignment>,
    deleted: DeletedRows,
    timeout: Option<Duration>,
}

impl<'a, M: Model> UpdateAll<'a, M> {
    /// Writes these columns only. Those with `#[model(on_update = …)]` are written as every UPDATE writes them, unless they
    /// are named here.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut orders = Order::select().all(&engine).await?;
    /// orders.iter_mut().for_each(|order| (order.price, order.paid) = (0, true));
    /// update_all(&orders).columns((Order::paid,)).exec(&engine).await?;
    /// assert_eq!(Order::select().filter(Order::paid.and(Order::price.gt(0))).count(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn columns(mut self, columns: impl ColumnList<M>) -> UpdateAll<'a, M> {
        self.columns.clear();
        for place in columns.places() {
            if !self.columns.contains(&place) {
                self.columns.push(place);
            }
        }
        self.defaults = Assignment::defaults(M::table());
        self.defaults.retain(|default| !self.columns.contains(&default.column));
        self
    }

    /// Writes rows that are marked as deleted too, which it else passes over as though they were not there: to bring them back, for
    /// example.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted_at: Option<DateTime<Utc>>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Note]).await?;
    /// let note = Note { id: 1, deleted_at: None };
    /// insert(&note).exec(&engine).await?;
    /// delete_all(std::slice::from_ref(&note)).exec(&engine).await?;
    /// let notes = [note];
    /// assert_eq!(update_all(&notes).exec(&engine).await?, 0);
    /// assert_eq!(update_all(&notes).with_deleted().exec(&engine).await?, 1);
    /// assert!(Note::find(1, &engine).await?.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_deleted(mut self) -> UpdateAll<'a, M> {
        self.deleted = DeletedRows::Shown;
        self
    }

    /// Limits how long each statement may run; see [`Update::timeout`](super::Update::timeout).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let orders = Order::select().all(&engine).await?;
    /// assert_eq!(update_all(&orders).timeout(Duration::from_secs(5)).exec(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> UpdateAll<'a, M> {
        self.timeout = Some(limit);
        self
    }

    /// The SQL text for the first rows, as many as one statement has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let orders = Order::select().all(&engine).await?;
    /// assert!(update_all(&orders).columns(Order::paid).sql(&Sqlite)?.contains("UPDATE"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](UpdateAll::exec), as far as it is found without a database.
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.check()?;
        self.update(&Slice(self.rows)).sql(dialect)
    }

    /// Runs it. The number of rows that were there comes back, changed or not.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut users = User::select().order_by(User::id).all(&engine).await?;
    /// users[1].email = "cleo@example.com".into();
    /// let error = update_all(&users).exec(&engine).await.unwrap_err();
    /// assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(1)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorKind::InvalidValue) where two rows have one key, or a value does not fit; the error says which
    /// row, by its index in the slice. [`StaleVersion`](ErrorKind::StaleVersion) where the model has a version and a row is gone or has
    /// another one. What the database answers. Nothing is written then.
    #[track_caller]
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            self.check()?;
            if self.rows.is_empty() {
                return Ok(0);
            }
            let mut link = db.connection(Access::Write).await?;
            self.update(&Slice(self.rows)).write(&mut link).await
        })
    }

    fn update<'s>(&'s self, source: &'s Slice<'a, M>) -> UpdateRows<'s> {
        UpdateRows {
            table: M::table(),
            columns: &self.columns,
            defaults: &self.defaults,
            source,
            count: self.rows.len(),
            deleted: self.deleted,
            timeout: self.timeout,
            kind: UpdateKind::Changes,
        }
    }

    fn check(&self) -> Result<()> {
        let table = M::table();
        if self.columns.is_empty() && self.defaults.is_empty() {
            return Err(Error::new(
                ErrorKind::Syntax,
                "the update sets nothing: the table has no column beside its key",
            )
            .with_table(table.name));
        }
        if self.columns.iter().any(|column| table.primary_key.contains(column)) {
            let message = "rows are found by their primary key, which `update_all` can't change: use `update`";
            return Err(Error::new(ErrorKind::Syntax, message).with_table(table.name));
        }
        if let Some(&version) = self.columns.iter().find(|&&column| table.version == Some(column)) {
            return Err(sets_version(table, version));
        }
        // Of two rows with one key, some databases would write the first and some the last.
        refuse_twins(table, &Slice(self.rows), self.rows.len(), "an earlier row to update has the same key")
    }
}

/// Shows what is written where, and none of the rows' values.
impl<M: Model> fmt::Debug for UpdateAll<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = M::table().column_names(&self.columns);
        f.debug_struct("UpdateAll")
            .field("table", M::table())
            .field("columns", &names)
            .field("rows", &self.rows.len())
            .finish()
    }
}
