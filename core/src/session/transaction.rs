//! Transactions as closures, and savepoints inside them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use super::Session;
use super::writes::Writer;
use crate::dialect::TxOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Engine;
use crate::pool::Access;

impl Engine {
    /// Runs `work` in a transaction: commits where it returns `Ok`, rolls back where it returns `Err`, panics or is
    /// dropped. The session is lent to `work`, which can't commit or roll back itself. On SQLite the transaction takes the
    /// writer at once.
    ///
    /// There are four variants: with or without options and retries, and with creole's error type, which a closure need not
    /// name, or one of the program's own.
    ///
    /// | | [`creole::Result`](crate::Result) | an error of your own |
    /// | --- | --- | --- |
    /// | run once, READ COMMITTED | `transaction` | [`transaction_or`](Engine::transaction_or) |
    /// | with [`TxOptions`], run again | [`transaction_with`](Engine::transaction_with) | [`transaction_or_with`](Engine::transaction_or_with) |
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "accounts")]
    /// struct Account {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     balance: i64,
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Account]).await?;
    /// let id = engine
    ///     .transaction(async |tx| {
    ///         insert(&Account { id: 1, balance: 5 }).exec(&mut *tx).await?;
    ///         Ok(1)
    ///     })
    ///     .await?;
    ///
    /// let failed: creole::Result<()> = engine
    ///     .transaction(async |tx| {
    ///         update::<Account>().set(Account::balance, 0).all_rows().exec(&mut *tx).await?;
    ///         Err(creole::Error::new(ErrorKind::Other, "changed my mind"))
    ///     })
    ///     .await;
    /// assert!(failed.is_err());
    /// assert_eq!(Account::find(id, &engine).await?.map(|account| account.balance), Some(5));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` returns, and what beginning or committing says.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Session) -> Result<T>,
    {
        self.transaction_or(work).await
    }

    /// As [`transaction`](Engine::transaction), with an error type of your own.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// #[derive(Debug)]
    /// enum Refusal {
    ///     NotToday,
    ///     Database(creole::Error),
    /// }
    ///
    /// impl From<creole::Error> for Refusal {
    ///     fn from(error: creole::Error) -> Refusal {
    ///         Refusal::Database(error)
    ///     }
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// let refused: Result<(), Refusal> = engine.transaction_or(async |_tx| Err(Refusal::NotToday)).await;
    /// assert!(matches!(refused, Err(Refusal::NotToday)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` returns, and what beginning or committing says.
    pub async fn transaction_or<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Session) -> Result<T, E>,
    {
        let mut session = begin(self, TxOptions::new()).await?;
        let result = lend(&mut session, work).await;
        end(session, result).await.map_err(|failed| failed.error)
    }

    /// As [`transaction`](Engine::transaction), with an isolation, read-only, or run again where it must yield to another one:
    /// see [`TxOptions::retries`]. `work` is cloned for each run, so it may borrow what is outside and not change it, and what it
    /// did outside of the session is not undone. On SQLite a read-only transaction is one snapshot.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "accounts")]
    /// struct Account {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     balance: i64,
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Account]).await?;
    /// insert_all(&[Account { id: 1, balance: 5 }, Account { id: 2, balance: 0 }]).exec(&engine).await?;
    /// let left = engine
    ///     .transaction_with(TxOptions::serializable().retries(5), async |tx| {
    ///         let (from, to) = (update::<Account>(), update::<Account>());
    ///         from.set(Account::balance, Account::balance - 3).filter(Account::id.eq(1)).exec(&mut *tx).await?;
    ///         to.set(Account::balance, Account::balance + 3).filter(Account::id.eq(2)).exec(&mut *tx).await?;
    ///         Account::find(1, &mut *tx).await
    ///     })
    ///     .await?;
    /// assert_eq!(left.map(|account| account.balance), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` returns, and what beginning or committing says; [`Unsupported`](crate::ErrorKind::Unsupported) where
    /// the backend has no such transaction.
    pub async fn transaction_with<T, F>(&self, options: TxOptions, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Session) -> Result<T> + Clone,
    {
        repeat(self, options, work, |failed: &Failed<Error>| {
            // If `work` went on after the error, another one may tell of it.
            failed.error.is_retryable()
                || (failed.was_in_the_way && failed.error.kind() == ErrorKind::TransactionAborted)
        })
        .await
    }

    /// As [`transaction_with`](Engine::transaction_with), with an error type of your own. It is run again where an error of the
    /// database within it was [retryable](Error::is_retryable), whatever `work` has made of that error.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Debug)]
    /// enum Refusal {
    ///     OutOfStock,
    ///     Database(creole::Error),
    /// }
    ///
    /// impl From<creole::Error> for Refusal {
    ///     fn from(error: creole::Error) -> Refusal {
    ///         Refusal::Database(error)
    ///     }
    /// }
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "articles")]
    /// struct Article {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     stock: i64,
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Article]).await?;
    /// insert(&Article { id: 1, stock: 1 }).exec(&engine).await?;
    /// let reserve = async |tx: &mut Session| -> Result<(), Refusal> {
    ///     let in_stock = Article::id.eq(1).and(Article::stock.gt(0));
    ///     match update::<Article>().set(Article::stock, Article::stock - 1).filter(in_stock).exec(&mut *tx).await? {
    ///         0 => Err(Refusal::OutOfStock),
    ///         _ => Ok(()),
    ///     }
    /// };
    /// let options = TxOptions::serializable().retries(3);
    /// assert!(engine.transaction_or_with(options.clone(), reserve).await.is_ok());
    /// assert!(matches!(engine.transaction_or_with(options, reserve).await, Err(Refusal::OutOfStock)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of `transaction_with`.
    pub async fn transaction_or_with<T, E, F>(&self, options: TxOptions, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Session) -> Result<T, E> + Clone,
    {
        repeat(self, options, work, |failed| failed.was_in_the_way).await
    }
}

/// A run that failed.
struct Failed<E> {
    error: E,
    /// Whether an error of the database, this one or an earlier one, says that another run may well succeed.
    was_in_the_way: bool,
}

impl<E: From<Error>> From<Error> for Failed<E> {
    fn from(error: Error) -> Failed<E> {
        let was_in_the_way = error.is_retryable();
        Failed { error: error.into(), was_in_the_way }
    }
}

async fn repeat<T, E, F>(
    engine: &Engine,
    mut options: TxOptions,
    work: F,
    is_worth_it: impl Fn(&Failed<E>) -> bool,
) -> Result<T, E>
where
    E: From<Error>,
    F: AsyncFnOnce(&mut Session) -> Result<T, E> + Clone,
{
    let retries = options.take_retries();
    let mut tries = 0;
    loop {
        let outcome = match begin(engine, options.clone()).await {
            Ok(mut session) => {
                let result = lend(&mut session, work.clone()).await;
                end(session, result).await
            }
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(value) => return Ok(value),
            Err(failed) if tries >= retries || !is_worth_it(&failed) => return Err(failed.error),
            Err(_) => {}
        }
        tokio::time::sleep(pause(tries)).await;
        tries += 1;
    }
}

/// How long to wait before the next run: twice as long each time, up to a fifth of a second, with jitter so that rivals do
/// not wait equally long.
fn pause(tries: u32) -> Duration {
    let longest = 1 << tries.min(7);
    let chance = RandomState::new().hash_one(tries) % 1_000;
    Duration::from_micros(longest * (500 + chance))
}

async fn begin(engine: &Engine, options: TxOptions) -> Result<Session> {
    let access = if options.is_read_only() { Access::Read } else { Access::Write };
    let mut session = Session::new(engine.clone(), options);
    session.begin(access).await?;
    Ok(session)
}

/// Commits or rolls back, as the work's result says.
async fn end<T, E: From<Error>>(mut session: Session, result: Result<T, E>) -> Result<T, Failed<E>> {
    let error = match result {
        Ok(value) => match session.save().await {
            Ok(()) => return Ok(value),
            Err(error) => error.into(),
        },
        Err(error) => error,
    };
    let was_in_the_way = session.lease().is_some_and(|lease| lease.is_retryable());
    session.undo().await?;
    Err(Failed { error, was_in_the_way })
}

/// Lets `work` have the session for as long as it runs.
async fn lend<T, E, F>(session: &mut Session, work: F) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Session) -> Result<T, E>,
{
    let loan = Loan::of(session);
    let result = work(session).await;
    loan.came_back();
    result
}

impl Session {
    /// Runs `work` within a savepoint: where it returns `Err`, what it wrote is undone, in the database and in memory, and
    /// the transaction goes on. What was pending before is written first, and stays. Savepoints nest.
    ///
    /// If `work` ignores an error of the database and returns `Ok`, its work is undone too, on every backend, and the error says
    /// so: put what may fail into a savepoint of its own.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "accounts", default)]
    /// # struct Account {
    /// #     #[model(primary_key, auto)]
    /// #     id: i64,
    /// #     #[model(unique)]
    /// #     owner: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Account]).await?;
    /// let mut session = engine.session();
    /// session.add(Account { owner: "Ada".into(), ..Default::default() });
    /// for owner in ["Bob", "Ada"] {
    ///     let added = session
    ///         .savepoint(async |session| {
    ///             session.add(Account { owner: owner.into(), ..Default::default() });
    ///             Ok(())
    ///         })
    ///         .await;
    ///     assert!(added.is_ok() || added.is_err_and(|error| error.is_unique(Account::owner)));
    /// }
    /// session.commit().await?;
    /// assert_eq!(Account::select().count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` returns, and what setting or releasing the savepoint says;
    /// [`TransactionAborted`](ErrorKind::TransactionAborted) if `work` has ignored an error. If the returned future is dropped
    /// half-way, the session refuses everything but [`rollback`](Session::rollback).
    pub async fn savepoint<T, F>(&mut self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Session) -> Result<T>,
    {
        self.flush().await?;
        self.begin(Access::Write).await?;
        let Some(lease) = self.lease() else { return Err(lost_connection()) };
        let savepoint = lease.savepoint().await?;
        self.map.level += 1;
        let level = self.map.level;
        let loan = Loan::of(self);
        let result = match work(self).await {
            Ok(value) => self.flush().await.map(|()| value),
            Err(error) => Err(error),
        };
        self.take_notes(Writer::Statement);
        if self.map.level != level {
            // A savepoint inside was cut off or could not be undone, and everything but a rollback is refused.
            loan.came_back();
            return result;
        }
        let Some(lease) = self.lease() else { return Err(lost_connection()) };
        // What can't be released, as after an error that `work` ignored, is undone too.
        let result = match result {
            Ok(value) => lease.release_savepoint(savepoint).await.map(|()| value),
            Err(error) => Err(error),
        };
        let error = match result {
            Ok(value) => {
                self.map.merge_level(level);
                self.on_commit.merge_level(level);
                loan.came_back();
                return Ok(value);
            }
            Err(error) => error,
        };
        if let Err(fatal) = lease.rollback_to(savepoint).await {
            // The transaction is gone with the savepoint; the first error says why.
            self.fail(&fatal);
            loan.came_back();
            return Err(error);
        }
        self.recover();
        loan.came_back();
        self.on_commit.undo(level);
        self.map.undo(level)?;
        Err(error)
    }
}

/// The open closures of a transaction or savepoints that a session is lent to.
#[derive(Debug, Default)]
pub(super) struct Loans {
    open: AtomicU32,
    /// Set when the future of one was dropped half-way.
    cut_off: AtomicBool,
}

impl Loans {
    /// Whether a closure has the session now.
    pub(super) fn are_open(&self) -> bool {
        self.open.load(Ordering::SeqCst) > 0
    }

    /// Whether a closure was cut off half-way.
    pub(super) fn are_cut_off(&self) -> bool {
        self.cut_off.load(Ordering::SeqCst)
    }

    /// Resets the mark, after a rollback.
    pub(super) fn forget_cut_off(&self) {
        self.cut_off.store(false, Ordering::SeqCst);
    }
}

/// One closure that a session is lent to. If it is dropped before the session came back, it was cut off.
struct Loan {
    loans: Arc<Loans>,
    came_back: bool,
}

impl Loan {
    fn of(session: &Session) -> Loan {
        session.loans.open.fetch_add(1, Ordering::SeqCst);
        Loan { loans: session.loans.clone(), came_back: false }
    }

    /// The closure has ended.
    fn came_back(mut self) {
        self.came_back = true;
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.loans.open.fetch_sub(1, Ordering::SeqCst);
        if !self.came_back {
            self.loans.cut_off.store(true, Ordering::SeqCst);
        }
    }
}

fn lost_connection() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the transaction of this savepoint has ended")
}
