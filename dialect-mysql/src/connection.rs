//! [`MySqlConnection`]: runs statements over one bare connection of sqlx, to a server of either kind.

use std::time::Duration;

use async_trait::async_trait;
use creole_core::driver::{
    BatchSink, Compiled, Connection, Done, Numbers, RowSink, TextTypes, Verb, limited, overran, overran_with,
    push_batches, push_rows,
};
use creole_core::error::Effect;
use creole_core::{ErrorKind, Result};
use futures_core::Stream;
use futures_util::TryStreamExt;
use sqlx::mysql::{MySql, MySqlArguments, MySqlQueryResult, MySqlRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _, Either, Executor as _, Row as _};

use crate::bind;
use crate::cancel::Canceller;
use crate::dialect::Flavor;
use crate::row::Columns;
use crate::server::Server;
use crate::unprepared;

/// How long a goodbye may take; after that the socket is closed without it.
pub(crate) const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// Asks by how much the automatic keys of one INSERT go up.
const ASK_STEP: &str = "SELECT CAST(@@auto_increment_increment AS SIGNED)";

/// One connection to a MySQL or MariaDB server.
pub(crate) struct MySqlConnection {
    inner: sqlx::MySqlConnection,
    server: Server,
    step: Step,
    canceller: Canceller,
    statement_cache: usize,
    /// The server keeps a parameter's type from an earlier execution of the same text.
    text_types: TextTypes<bind::Wire>,
}

/// Whether it is known by how much the automatic keys of one INSERT go up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Known,
    /// A text of the program's own may have set it since.
    Unsure,
}

impl MySqlConnection {
    pub(crate) fn new(
        inner: sqlx::MySqlConnection,
        server: Server,
        canceller: Canceller,
        statement_cache: usize,
    ) -> MySqlConnection {
        MySqlConnection {
            inner,
            server,
            step: Step::Known,
            canceller,
            statement_cache,
            text_types: TextTypes::default(),
        }
    }

    /// The statement as sqlx takes it.
    fn query(&mut self, statement: &Compiled<'_>) -> Result<Sent> {
        if statement.verb == Verb::Other {
            self.step = Step::Unsure;
        }
        let flavor = self.server.flavor;
        self.text_types.check(statement, |bind| flavor.wire_of(bind));
        let arguments = bind::arguments(statement, &self.server)?;
        Ok(sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments))
    }

    /// Leaves the connection ready for its next statement, with what came of this one. `overrun` is its limit, where it was
    /// told to end.
    async fn finish<T>(&mut self, result: Result<T>, statement: &Compiled<'_>, overrun: Option<Duration>) -> Result<T> {
        let flavor = self.server.flavor;
        let result = self.settle(result).await.map_err(|error| flavor.explain_unprepared(error, statement));
        match overrun {
            None => result,
            Some(limit) => self.calm(result, statement.verb, limit).await,
        }
    }

    /// Keeps the cache of statements from being out of date, or full.
    ///
    /// Closing one statement stalls the next over TCP by tens of milliseconds, because sqlx sends the two in two packets
    /// and waits for nobody. A full cache would close one at each new text; emptied whole, it does so once in a while.
    async fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        match result {
            Err(error) if error.effect() == Effect::Disconnected => Err(error),
            Err(error) if error.effect() == Effect::Outdated => {
                self.forget_statements().await?;
                Err(error)
            }
            // The server may be configured to undo more than the statement.
            Err(error) if error.kind() == ErrorKind::LockTimeout && error.code() == Some("1205") => {
                Err(error.with_effect(self.server.lock_timeout))
            }
            result => {
                if self.inner.cached_statements_size() >= self.statement_cache {
                    self.forget_statements().await?;
                }
                result
            }
        }
    }

    /// What comes of a statement that was told to end where it had overrun a limit. A function that is told so, as sleep(),
    /// may answer with a value that is none, so what was read is not handed out; what was written is written.
    #[cold]
    async fn calm<T>(&mut self, result: Result<T>, verb: Verb, limit: Duration) -> Result<T> {
        let result = match result {
            Err(error) if error.effect() == Effect::Disconnected => return Err(error),
            Err(error) => Err(overran_with(error, limit)),
            Ok(_) if !matches!(verb, Verb::Insert | Verb::Upsert | Verb::Update | Verb::Delete) => Err(overran(limit)),
            done => done,
        };
        // Told so after its end, a statement may leave the word to the next one: so that is one of no consequence.
        let flavor = self.server.flavor;
        for _ in 0..2 {
            match self.inner.execute(sqlx::raw_sql("DO 0")).await.map_err(|error| flavor.error(error)) {
                Ok(_) => return result,
                Err(error) if error.kind() == ErrorKind::StatementTimeout => {}
                Err(error) => return Err(error.with_effect(Effect::Disconnected)),
            }
        }
        Err(overran(limit).with_effect(Effect::Disconnected))
    }

    async fn forget_statements(&mut self) -> Result<()> {
        let flavor = self.server.flavor;
        self.inner.clear_cached_statements().await.map_err(|error| flavor.error(error))
    }

    /// The automatic keys of the INSERT that was just run.
    async fn numbers(&mut self, last_insert_id: u64, rows: u64) -> Result<Option<Numbers>> {
        let numbers = numbers(last_insert_id, self.server.id_step);
        if self.step == Step::Known || numbers.is_none() || rows < 2 {
            return Ok(numbers);
        }
        let flavor = self.server.flavor;
        let step = self.inner.fetch_one(sqlx::raw_sql(ASK_STEP)).await.and_then(|row| row.try_get(0));
        self.server.id_step = step.map_err(|error| flavor.error(error))?;
        self.step = Step::Known;
        Ok(numbers.map(|numbers| Numbers { step: self.server.id_step, ..numbers }))
    }
}

#[async_trait]
impl Connection for MySqlConnection {
    async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        let query = self.query(statement)?;
        let flavor = self.server.flavor;
        let done = run(&mut self.inner, query);
        let (done, overrun) = limited(statement.timeout, done, || self.canceller.cancel()).await?;
        let (done, overrun) = match done {
            Err(error) if unprepared::is_wanted(&error, statement) => {
                let query = sqlx::raw_sql(AssertSqlSafe(&*statement.sql));
                limited(statement.timeout, run(&mut self.inner, query), || self.canceller.cancel()).await?
            }
            done => (done, overrun),
        };
        let result = done.map_err(|error| flavor.error(error));
        let Outcome { affected, returned, last_insert_id } = self.finish(result, statement, overrun).await?;
        // With RETURNING, MariaDB says of rows only how many come back.
        let rows_affected = if affected == 0 && unprepared::returns_written(statement) { returned } else { affected };
        let mut done = Done::new(rows_affected);
        done.numbers = self.numbers(last_insert_id, rows_affected).await?;
        Ok(done)
    }

    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        let query = self.query(statement)?;
        let flavor = self.server.flavor;
        let mut columns = Columns::new(flavor);
        let items = items(&mut self.inner, query, flavor);
        let rows = push_rows(items, |item, sink| columns.push(item, sink), sink);
        let (result, overrun) = limited(statement.timeout, rows, || self.canceller.cancel()).await?;
        self.finish(result, statement, overrun).await
    }

    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        let query = self.query(statement)?;
        let flavor = self.server.flavor;
        let mut columns = Columns::new(flavor);
        let items = items(&mut self.inner, query, flavor);
        let rows = push_batches(items, |item, sink| columns.push(item, sink), sink);
        let (result, overrun) = limited(statement.timeout, rows, || self.canceller.cancel()).await?;
        self.finish(result, statement, overrun).await
    }

    async fn command(&mut self, sql: &str) -> Result<()> {
        let flavor = self.server.flavor;
        let result = self.inner.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        self.settle(result.map(|_| ()).map_err(|error| flavor.error(error))).await
    }

    async fn ping(&mut self) -> Result<()> {
        let flavor = self.server.flavor;
        self.inner.ping().await.map_err(|error| flavor.error(error))
    }

    async fn close(self: Box<Self>) {
        // Whether the server hears the goodbye does not matter.
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.inner.close()).await;
    }
}

type Sent = Query<'static, MySql, MySqlArguments>;

/// What sqlx yields of a statement: its rows, and after those of a result how many there were.
fn items(
    connection: &mut sqlx::MySqlConnection,
    query: Sent,
    flavor: Flavor,
) -> impl Stream<Item = Result<Either<MySqlQueryResult, MySqlRow>>> + Unpin + Send {
    connection.fetch_many(query).map_err(move |error| flavor.error(error))
}

/// What a statement did whose rows, if any, are left alone.
#[derive(Default)]
struct Outcome {
    affected: u64,
    returned: u64,
    last_insert_id: u64,
}

async fn run<'q>(
    connection: &mut sqlx::MySqlConnection,
    query: impl sqlx::Execute<'q, MySql> + 'q,
) -> Result<Outcome, sqlx::Error> {
    let mut results = connection.fetch_many(query);
    let mut outcome = Outcome::default();
    while let Some(result) = results.try_next().await? {
        match result {
            Either::Right(_) => outcome.returned += 1,
            Either::Left(done) => {
                outcome.affected += done.rows_affected();
                outcome.last_insert_id = done.last_insert_id();
            }
        }
    }
    Ok(outcome)
}

/// The automatic keys of an INSERT, which go up evenly from row to row; a first one of 0 means that there is none.
fn numbers(last_insert_id: u64, step: i64) -> Option<Numbers> {
    let first = i64::try_from(last_insert_id).ok().filter(|&first| first != 0)?;
    Some(Numbers { first, step })
}

#[cfg(test)]
mod tests {
    use super::numbers;
    use creole_core::driver::Numbers;

    #[test]
    fn the_keys_are_said_where_there_are_any() {
        assert_eq!(numbers(5, 1), Some(Numbers { first: 5, step: 1 }));
        assert_eq!(numbers(5, 7), Some(Numbers { first: 5, step: 7 }));
        assert_eq!(numbers(0, 1), None);
        assert_eq!(numbers(u64::MAX, 1), None);
    }
}
