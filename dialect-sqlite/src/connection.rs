//! [`SqliteConnection`]: statements on the calling task.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use creole_core::driver::{BatchSink, Compiled, Connection, Done, RowSink};
use creole_core::error::Effect;
use creole_core::{Error, ErrorKind, Result};
use tokio::runtime::Handle;

use crate::batches::{Away, Journey};
use crate::deadline::Deadline;
use crate::dialect::NAME;
use crate::executor;
use crate::handlers::{Call, Ground};
use crate::memory::MemoryPlace;
use crate::statement::{self, Commit, Query};

/// A connection to a SQLite database.
pub(crate) struct SqliteConnection {
    home: Home,
    busy_timeout: Duration,
    commit: Commit,
    /// Keeps the files of a database in memory there as long as the database is open.
    place: Option<Arc<MemoryPlace>>,
}

/// Where the database handle is.
enum Home {
    Here(rusqlite::Connection),
    /// On another thread, which is fetching batches or has been told to stop.
    Away(Away),
    Lost,
}

impl SqliteConnection {
    pub(crate) fn new(
        db: rusqlite::Connection,
        busy_timeout: Duration,
        commit: Commit,
        place: Option<Arc<MemoryPlace>>,
    ) -> SqliteConnection {
        SqliteConnection { home: Home::Here(db), busy_timeout, commit, place }
    }

    /// Lets other tasks go first where this one has had its share of the thread, and waits for a handle that is on its way
    /// back.
    async fn ready(&mut self) {
        executor::share().await;
        if let Home::Away(away) = &mut self.home {
            self.home = away.come_home().await.map_or(Home::Lost, Home::Here);
        }
    }

    /// Runs `work` on the database as one call, within the limit if there is one.
    fn call<R>(&self, limit: Option<Duration>, work: impl FnOnce(&rusqlite::Connection) -> Result<R>) -> Result<R> {
        let Home::Here(db) = &self.home else { return Err(lost()) };
        let deadline = Deadline::of(limit);
        let _call = Call::begin(Ground::Task, self.busy_timeout, deadline);
        let result = work(db);
        match deadline {
            None => result,
            Some(deadline) => result.map_err(|error| deadline.explain(error)),
        }
    }
}

#[async_trait]
impl Connection for SqliteConnection {
    async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        self.ready().await;
        self.call(statement.timeout, |db| statement::execute(db, Query::of(statement), self.commit))
    }

    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        self.ready().await;
        self.call(statement.timeout, |db| {
            statement::push_rows(db, Query::of(statement), self.commit, &mut |row| sink.row(row))
        })
    }

    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        self.ready().await;
        let runtime = Handle::try_current()
            .map_err(|_| Error::new(ErrorKind::Config, "fetching in batches needs a Tokio runtime").on(NAME))?;
        let db = match mem::replace(&mut self.home, Home::Lost) {
            Home::Here(db) => db,
            Home::Away(_) | Home::Lost => return Err(lost()),
        };
        let (journey, away) = Journey::begin(&runtime, db, statement, sink, self.busy_timeout, self.place.clone());
        self.home = Home::Away(away);
        let result = journey.result().await;
        self.ready().await;
        result
    }

    async fn command(&mut self, sql: &str) -> Result<()> {
        self.ready().await;
        self.call(None, |db| statement::command(db, sql, self.commit))
    }

    async fn ping(&mut self) -> Result<()> {
        self.ready().await;
        self.call(None, |_| Ok(()))
    }

    fn in_transaction(&self) -> Option<bool> {
        match &self.home {
            Home::Here(db) => Some(!db.is_autocommit()),
            Home::Away(_) | Home::Lost => None,
        }
    }

    async fn close(mut self: Box<Self>) {
        self.ready().await;
    }
}

impl Drop for SqliteConnection {
    /// The last connection to a file writes the log back into it, which may take a while.
    fn drop(&mut self) {
        let mut home = mem::replace(&mut self.home, Home::Lost);
        if self.commit == Commit::Waits {
            executor::outside(|| home = Home::Lost);
        }
        drop(home);
    }
}

/// A connection whose handle did not come back in time.
#[cold]
fn lost() -> Error {
    Error::new(ErrorKind::ConnectionLost, "a statement that was cut off did not give the database back")
        .on(NAME)
        .with_effect(Effect::Disconnected)
}
