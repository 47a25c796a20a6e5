//! [`delete_all`]: many rows by their keys.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::delete_rows::DeleteRows;
use super::insert::Slice;
use super::key_index::refuse_twins;
use super::removal::Removal;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::Access;

/// Deletes these rows, each found by its primary key, whatever else they hold.
///
/// It takes a statement for some hundred rows each, all in one transaction; rows that refer to others of the list go before them. Rows that are not there are passed over, and the
/// number that comes back tells how many were. If the model has a `#[model(version)]`, every row must be there as it was read. Rows of
/// a model with `#[model(soft_delete)]` are marked, and stay: [`purge_all`] removes them.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let lamps = Order::select().filter(Order::item.eq("lamp")).all(&engine).await?;
/// assert_eq!(delete_all(&lamps).exec(&engine).await?, 2);
/// assert_eq!(delete_all(&lamps).exec(&engine).await?, 0); // They are gone.
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn delete_all<M: Model>(rows: &[M]) -> DeleteAll<'_, M> {
    DeleteAll { rows, removal: Removal::of(M::table()), timeout: None }
}

/// Removes these rows, each found by its primary key, also where [`delete_all`] only marks them, and whether or not they are marked.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     #[model(soft_delete)]
///     deleted_at: Option<DateTime<Utc>>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Note]).await?;
/// let notes = [1, 2].map(|id| Note { id, deleted_at: None });
/// insert_all(&notes).exec(&engine).await?;
/// assert_eq!(delete_all(&notes[..1]).exec(&engine).await?, 1);
/// assert_eq!(delete_all(&notes).exec(&engine).await?, 1); // The first is deleted already.
/// assert_eq!(purge_all(&notes).exec(&engine).await?, 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn purge_all<M: Model>(rows: &[M]) -> DeleteAll<'_, M> {
    DeleteAll { rows, removal: Removal::Purge, timeout: None }
}

/// A DELETE of many rows.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let orders = Order::select().all(&engine).await?;
/// let statement = delete_all(&orders);
/// assert_eq!(statement.exec(&engine).await?, 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct DeleteAll<'a, M> {
    rows: &'a [M],
    removal: Removal,
    timeout: Option<Duration>,
}

impl<'a, M: Model> DeleteAll<'a, M> {
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
    /// assert_eq!(delete_all(&orders).timeout(Duration::from_secs(5)).exec(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> DeleteAll<'a, M> {
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
    /// assert!(delete_all(&orders).sql(&Sqlite)?.starts_with("DELETE FROM"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](DeleteAll::exec), as far as it is found without a database.
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.delete(&Slice(self.rows)).sql(dialect)
    }

    /// Runs it. The number of rows that were there comes back.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = User::select().all(&engine).await?;
    /// let error = delete_all(&users).exec(&engine).await.unwrap_err();
    /// assert_eq!((error.kind(), error.row()), (ErrorKind::ForeignKeyViolation, Some(0)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers: [`ForeignKeyViolation`](crate::ErrorKind::ForeignKeyViolation) and its like. The error says
    /// which row it is about, by its index in the slice, unless rows of the table may refer to one another. Where the model has a
    /// version, [`StaleVersion`](crate::ErrorKind::StaleVersion) if a row is gone or has another one, and
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) if two rows have one key. Nothing is deleted then.
    #[track_caller]
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            if self.rows.is_empty() {
                return Ok(0);
            }
            self.check()?;
            let mut link = db.connection(Access::Write).await?;
            self.delete(&Slice(self.rows)).write(&mut link).await
        })
    }

    /// Of two rows with one key only one could be found as it was read.
    fn check(&self) -> Result<()> {
        if M::table().version.is_none() {
            return Ok(());
        }
        refuse_twins(M::table(), &Slice(self.rows), self.rows.len(), "an earlier row to delete has the same key")
    }

    fn delete<'s>(&self, source: &'s Slice<'a, M>) -> DeleteRows<'s> {
        DeleteRows {
            table: M::table(),
            source,
            count: self.rows.len(),
            removal: self.removal.clone(),
            timeout: self.timeout,
        }
    }
}

/// Shows from where rows are deleted, and none of their values.
impl<M: Model> fmt::Debug for DeleteAll<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteAll").field("table", M::table()).field("rows", &self.rows.len()).finish()
    }
}
