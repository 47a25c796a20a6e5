//! Transactions as closures, and savepoints inside them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use super::Session;
use crate::dialect::TxOptions;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::{Access, CutOff};

impl Engine {
    /// Runs `work` in a transaction: commits where it returns `Ok`, rolls back where it returns `Err`, panics or is
    /// dropped.
    ///
    /// Four of them differ in two things: with options and retries, or not; with creole's error type, which a closure need not
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
    /// assert!(Account::find(id, &engine).await?.is_some());
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
        let result = work(&mut session).await;
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
            // Where `work` went on after the error, another one may tell of it.
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

/// A run that came to nothing.
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
                let result = work.clone()(&mut session).await;
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

/// How long to wait before the next run: twice as long each time, up to a fifth of a second, and not as long as the others that
/// wait for the same.
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
        Ok(value) => match session.commit().await {
            Ok(()) => return Ok(value),
            Err(error) => error.into(),
        },
        Err(error) => error,
    };
    let was_in_the_way = session.lease().is_some_and(|lease| lease.is_retryable());
    session.rollback().await?;
    Err(Failed { error, was_in_the_way })
}

impl Session {
    /// Runs `work` within a savepoint: where it returns `Err`, what it wrote is undone, in the database and in memory, and
    /// the transaction goes on. Savepoints nest.
    ///
    /// # Errors
    /// What `work` returns, and what setting or releasing the savepoint says. Where the returned future is dropped
    /// half-way, the session refuses everything but [`rollback`](Session::rollback).
    pub async fn savepoint<T, F>(&mut self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Session) -> Result<T>,
    {
        self.flush().await?;
        self.begin(Access::Write).await?;
        let Some(lease) = self.lease() else { return Err(lost_connection()) };
        let savepoint = lease.savepoint().await?;
        self.level += 1;
        let level = self.level;
        let guard = CutOff::new(&self.cut_off);
        let result = match work(self).await {
            Ok(value) => self.flush().await.map(|()| value),
            Err(error) => Err(error),
        };
        if self.level != level {
            // The whole session was committed or rolled back inside, and the savepoint went with it.
            guard.passed();
            return result;
        }
        let Some(lease) = self.lease() else { return Err(lost_connection()) };
        let value = match result {
            Ok(value) => {
                lease.release_savepoint(savepoint).await?;
                self.map.merge_level(level);
                Ok(value)
            }
            Err(error) => {
                if let Err(fatal) = lease.rollback_to(savepoint).await {
                    // The transaction is gone with the savepoint; the first error says why.
                    self.fail(&fatal);
                    guard.passed();
                    return Err(error);
                }
                self.map.undo(level)?;
                self.recover();
                Err(error)
            }
        };
        self.level = level - 1;
        guard.passed();
        value
    }
}

fn lost_connection() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the transaction of this savepoint has ended")
}
