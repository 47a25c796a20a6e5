//! How a transaction is to be begun.

use crate::error::{Error, ErrorKind, Result};

/// How a transaction is to be begun: for [`Engine::transaction_with`](crate::Engine::transaction_with),
/// [`transaction_or_with`](crate::Engine::transaction_or_with) and [`session_with`](crate::Engine::session_with).
///
/// ```
/// use creole::TxOptions;
///
/// let transfer = TxOptions::serializable().retries(5);
/// let report = TxOptions::serializable().read_only().deferrable();
/// let import = TxOptions::new().retries(3);
/// # let _ = (transfer, report, import);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
#[must_use = "options do nothing until a transaction or session is begun with them"]
pub struct TxOptions {
    /// The isolation; READ COMMITTED where none is named. On SQLite transactions are serializable, whatever is named: one writes
    /// at a time, and one that only reads sees one state. A [`Session`](crate::Session) with the default isolation reads outside of
    /// a transaction there until it writes.
    pub isolation: Option<Isolation>,
    access: Access,
    start: Start,
    retries: u32,
}

/// How much a transaction sees of those beside it. It is the least that is asked for: a database may give more, as SQLite does,
/// whose transactions are serializable always.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::Isolation;
///
/// let options = TxOptions::new().isolation(Isolation::RepeatableRead).read_only();
/// let totals = engine
///     .transaction_with(options, async |tx| {
///         // Both statements see the same state.
///         Ok((User::select().count(&mut *tx).await?, Order::select().count(&mut *tx).await?))
///     })
///     .await?;
/// assert_eq!(totals, (3, 3));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isolation {
    /// Statements may see what was not committed. They do on MySQL and MariaDB; PostgreSQL and SQLite let nobody see that, and give
    /// READ COMMITTED and more.
    ReadUncommitted,
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// All statements see what was committed before the first. A write to a row that others have changed since is
    /// [`SerializationFailure`](ErrorKind::SerializationFailure) on PostgreSQL. MySQL and MariaDB let it through: UPDATE, DELETE and SELECT with a
    /// lock see what is committed there, and overwrite it. What is read and then written is safe everywhere with
    /// [`serializable`](TxOptions::serializable), or where it is read `for_update()`.
    RepeatableRead,
    /// As if the transactions ran one after the other.
    Serializable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Access {
    #[default]
    ReadWrite,
    ReadOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Start {
    #[default]
    AtOnce,
    Deferrable,
}

impl TxOptions {
    /// A transaction that reads and writes, READ COMMITTED: what [`Engine::transaction`](crate::Engine::transaction) begins.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let read = engine.transaction_with(TxOptions::new(), async |tx| User::find(1, &mut *tx).await).await?;
    /// assert_eq!(read.map(|user| user.name), Some("Ada".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> TxOptions {
        TxOptions::default()
    }

    /// A transaction as serializable as the database makes them: the same as
    /// `TxOptions::new().isolation(Isolation::Serializable)`.
    ///
    /// ```
    /// use creole::{Isolation, TxOptions};
    ///
    /// assert_eq!(TxOptions::serializable(), TxOptions::new().isolation(Isolation::Serializable));
    /// ```
    pub fn serializable() -> TxOptions {
        TxOptions::new().isolation(Isolation::Serializable)
    }

    /// The same with this isolation.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::Isolation;
    ///
    /// let mut session = engine.session_with(TxOptions::new().isolation(Isolation::RepeatableRead).read_only());
    /// let before = Order::select().count(&mut session).await?;
    /// delete::<Order>().filter(Order::id.eq(3)).exec(&engine).await?;
    /// assert_eq!(Order::select().count(&mut session).await?, before); // What was committed since is not seen.
    /// # Ok(())
    /// # }
    /// ```
    pub fn isolation(mut self, isolation: Isolation) -> TxOptions {
        self.isolation = Some(isolation);
        self
    }

    /// The same, but it only reads. A statement that writes to a model's table is refused before it is sent, with
    /// [`ErrorKind::ReadOnly`], and the transaction goes on. SQL text that creole did not
    /// write is left to the database, and SQLite with a single connection would run it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut session = engine.session_with(TxOptions::new().read_only());
    /// let error = delete::<Order>().all_rows().exec(&mut session).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ReadOnly);
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_only(mut self) -> TxOptions {
        self.access = Access::ReadOnly;
        self
    }

    /// The same, but it begins when it can be sure to see a serializable state without ever failing for that, and without making
    /// others fail: what PostgreSQL calls DEFERRABLE. For long reports. It must be serializable and read-only. SQLite's
    /// read-only transactions are so always; MySQL and MariaDB have no such thing, and it is
    /// [`Unsupported`](crate::ErrorKind::Unsupported) there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let report = TxOptions::serializable().read_only().deferrable();
    /// let total = engine
    ///     .transaction_with(report, async |tx| select(creole::query::sum(Order::price)).one(&mut *tx).await)
    ///     .await?;
    /// assert_eq!(total, Some(13_500));
    /// # Ok(())
    /// # }
    /// ```
    pub fn deferrable(mut self) -> TxOptions {
        self.start = Start::Deferrable;
        self
    }

    /// The same, run again up to `retries` times where it fails only because of another one beside it: after a deadlock, where
    /// it could not be serialized or have a lock in time, or where a table changed under a prepared statement
    /// ([`Error::is_retryable`]). Each time with a fresh session, after a pause that grows.
    ///
    /// This is for [`transaction_with`](crate::Engine::transaction_with) and
    /// [`transaction_or_with`](crate::Engine::transaction_or_with), which have the whole of it in hand. A session can't run
    /// a program's work again, and [`session_with`](crate::Engine::session_with) has no use for it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let order = engine
    ///     .transaction_with(TxOptions::serializable().retries(5), async |tx| {
    ///         let lamp = Order::select().filter(Order::item.eq("lamp")).order_by(Order::id).first(&mut *tx).await?;
    ///         update::<Order>().set(Order::paid, true).filter(Order::item.eq("lamp")).exec(&mut *tx).await?;
    ///         Ok(lamp)
    ///     })
    ///     .await?;
    /// assert_eq!(order.map(|order| order.id), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn retries(mut self, retries: u32) -> TxOptions {
        self.retries = retries;
        self
    }

    /// Whether the transaction only reads.
    ///
    /// ```
    /// use creole::TxOptions;
    ///
    /// assert!(TxOptions::new().read_only().is_read_only());
    /// ```
    pub fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// Whether it waits for a state that it can read without failing.
    ///
    /// ```
    /// use creole::TxOptions;
    ///
    /// assert!(TxOptions::serializable().read_only().deferrable().is_deferrable());
    /// ```
    pub fn is_deferrable(&self) -> bool {
        self.start == Start::Deferrable
    }

    /// Takes out how many times it may be run again.
    pub(crate) fn take_retries(&mut self) -> u32 {
        std::mem::take(&mut self.retries)
    }

    /// Refuses what has no meaning for a session.
    pub(crate) fn check_session(&self) -> Result<()> {
        if self.retries == 0 {
            return Ok(());
        }
        let message =
            "a session can't run its work again: use TxOptions::retries with Engine::transaction_with, which can";
        Err(Error::new(ErrorKind::Config, message))
    }

    /// Refuses what has no meaning on any database.
    pub(crate) fn check(&self, backend: &'static str) -> Result<()> {
        let is_deferrable = self.isolation == Some(Isolation::Serializable) && self.is_read_only();
        if !self.is_deferrable() || is_deferrable {
            return Ok(());
        }
        let way_out = "write TxOptions::serializable().read_only().deferrable()";
        Err(Error::unsupported(backend, "a deferrable transaction that is not serializable and read-only", way_out))
    }
}

impl Isolation {
    /// The standard's words for it.
    ///
    /// ```
    /// assert_eq!(creole::Isolation::RepeatableRead.sql(), "REPEATABLE READ");
    /// ```
    pub fn sql(self) -> &'static str {
        match self {
            Isolation::ReadUncommitted => "READ UNCOMMITTED",
            Isolation::ReadCommitted => "READ COMMITTED",
            Isolation::RepeatableRead => "REPEATABLE READ",
            Isolation::Serializable => "SERIALIZABLE",
        }
    }
}
