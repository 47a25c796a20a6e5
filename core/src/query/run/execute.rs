//! [`Execute`].

use futures_core::future::BoxFuture;

use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Executor;
use crate::pool::Access;
use crate::sealed::Sealed;
use crate::sql::Destination;

/// Anything that is run for its effect and yields no rows: an INSERT, an UPDATE, a DELETE. What yields rows is a
/// [`Query`](super::query::Query).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let paid = update::<Order>().set(Order::paid, true).filter(Order::user_id.eq(1)).exec(&engine).await?;
/// assert_eq!(paid, 2); // Matched, though one of them was paid before.
/// # Ok(())
/// # }
/// ```
pub trait Execute: Sealed + Send + Sync + Sized {
    /// The statement in a dialect's SQL, with its values.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let statement = delete::<Order>().filter(Order::id.eq(3));
    /// assert_eq!(statement.compile(engine.dialect())?.binds.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Syntax`](crate::ErrorKind::Syntax) where it forgets something it needs;
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the dialect can't say it.
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>>;

    /// The SQL text for a dialect, without a connection.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// let text = sql!("delete from logs where day < {20}").sql(&Sqlite)?;
    /// assert_eq!(text, "delete from logs where day < ?1");
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Execute::compile).
    fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.compile(dialect).map(|statement| String::from(&*statement.sql))
    }

    /// Runs it. The number of rows comes back: those inserted, deleted, or matched by an update, changed or not.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(delete::<Order>().filter(Order::paid).exec(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Execute::compile), and what the database answers:
    /// [`UniqueViolation`](crate::ErrorKind::UniqueViolation) and its like.
    #[track_caller]
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let statement = self.compile(db.destination())?;
            let done = db.connection(Access::Write).await?.execute(&statement).await?;
            Ok(done.rows_affected)
        })
    }
}
