//! Transactions as closures, and savepoints inside them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use super::Session;
use crate::dialect::TxOptions;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::pool::{Access, CutOff};

impl Engine {
    /// Runs `work` in a transaction: commits where it returns `Ok`, rolls back where it returns `Err`, panics or is
    /// dropped.
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
    /// # Errors
    /// What `work` returns, and what beginning or committing says.
    pub async fn transaction_or<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: AsyncFnOnce(&mut Session) -> Result<T, E>,
    {
        run(self, TxOptions::default(), work).await
    }

    /// As [`transaction`](Engine::transaction), with an isolation, read-only, or run again where it must yield to another one:
    /// see [`TxOptions::retries`]. `work` is cloned for each run, and what it did outside of the session is not undone. On SQLite
    /// a read-only transaction is one snapshot.
    ///
    /// # Errors
    /// What `work` returns, and what beginning or committing says; [`Unsupported`](crate::ErrorKind::Unsupported) where
    /// the backend has no such transaction.
    pub async fn transaction_with<T, F>(&self, options: TxOptions, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Session) -> Result<T> + Clone,
    {
        let mut tries = 0;
        loop {
            let result = run(self, options.clone(), work.clone()).await;
            match result {
                Err(error) if error.is_retryable() && tries < options.retries_left() => {}
                result => return result,
            }
            tokio::time::sleep(pause(tries)).await;
            tries += 1;
        }
    }
}

/// How long to wait before the next run: twice as long each time, up to a fifth of a second, and not as long as the others that
/// wait for the same.
fn pause(tries: u32) -> Duration {
    let longest = 1 << tries.min(7);
    let chance = RandomState::new().hash_one(tries) % 1_000;
    Duration::from_micros(longest * (500 + chance))
}

async fn run<T, E, F>(engine: &Engine, options: TxOptions, work: F) -> Result<T, E>
where
    E: From<Error>,
    F: AsyncFnOnce(&mut Session) -> Result<T, E>,
{
    let access = if options.is_read_only() { Access::Read } else { Access::Write };
    let mut session = Session::new(engine.clone(), options);
    session.begin(access).await?;
    match work(&mut session).await {
        Ok(value) => {
            session.commit().await?;
            Ok(value)
        }
        Err(error) => {
            session.rollback().await?;
            Err(error)
        }
    }
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
    let kind = crate::error::ErrorKind::ConnectionLost;
    Error::new(kind, "the transaction of this savepoint has ended")
}
