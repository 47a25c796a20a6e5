//! [`PostgresConnection`]: runs statements over one bare connection of sqlx.

use std::ops::ControlFlow;
use std::time::Duration;

use async_trait::async_trait;
use creole_core::driver::{BatchSink, Compiled, Connection, Done, Need, RowSink, TextTypes, limited, overran_with};
use creole_core::error::Effect;
use creole_core::{Error, ErrorKind, Result};
use futures_core::stream::BoxStream;
use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgConnection, PgQueryResult, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _, Either, Executor as _};

use crate::bind;
use crate::cancel::Canceller;
use crate::dialect::NAME;
use crate::error::{from_sqlx, lost};
use crate::row::Shape;

/// How long the server has to answer a ping.
const PING_LIMIT: Duration = Duration::from_secs(5);
/// How long a goodbye may take; after that the socket is closed without it.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

type Rows<'c> = BoxStream<'c, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>;

/// A bare sqlx connection.
pub(crate) struct PostgresConnection {
    inner: PgConnection,
    canceller: Canceller,
    cache: Cache,
    /// The server keeps the types with the prepared statement, and would read the bytes of one as another.
    text_types: TextTypes<String>,
}

/// Whether prepared statements are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cache {
    On,
    /// Each statement is prepared without a name and forgotten with the next: with a name it would stay on the server.
    Off,
}

impl PostgresConnection {
    pub(crate) fn new(inner: PgConnection, canceller: Canceller, statement_cache: usize) -> PostgresConnection {
        PostgresConnection {
            inner,
            canceller,
            cache: if statement_cache == 0 { Cache::Off } else { Cache::On },
            text_types: TextTypes::default(),
        }
    }

    /// The statement as sqlx takes it. Even one without values is prepared, so that results are always binary.
    fn query(&mut self, statement: &Compiled<'_>) -> Result<Query<'static, sqlx::Postgres, PgArguments>> {
        check_text(&statement.sql)?;
        self.text_types.check(statement, bind::type_name);
        let arguments = bind::arguments(statement)?;
        Ok(sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments).persistent(self.cache == Cache::On))
    }

    /// Pushes the first row, if there is any. sqlx reads all of them and keeps the first, in half the work it puts into a
    /// stream of one.
    async fn fetch_first(
        &mut self,
        query: Query<'static, sqlx::Postgres, PgArguments>,
        sink: &mut dyn RowSink,
    ) -> Result<()> {
        match self.inner.fetch_optional(query).await {
            Ok(Some(row)) => Shape::default().push(&row, sink).map(|_| ()),
            Ok(None) => Ok(()),
            Err(error) => Err(self.failed(error).await),
        }
    }

    /// What an error of sqlx means; where prepared statements are out of date, they are prepared anew at their next use.
    #[cold]
    async fn failed(&mut self, error: sqlx::Error) -> Error {
        let error = from_sqlx(error);
        if error.effect() == Effect::Outdated
            && let Err(error) = self.inner.clear_cached_statements().await
        {
            return from_sqlx(error);
        }
        error
    }

    /// Reads away the rows that nobody wants.
    async fn drain(&mut self) -> Result<()> {
        match self.inner.ping().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.failed(error).await),
        }
    }

    /// Leaves the connection ready for its next statement, with what came of this one. `overrun` is its limit, where it was
    /// told to end.
    async fn finish<T>(&mut self, end: Result<T, Failure>, overrun: Option<Duration>) -> Result<T> {
        let result = match end {
            Ok(output) => Ok(output),
            Err(Failure::Server(error)) => Err(self.failed(error).await),
            // The sink's error tells the first cause; what happened to the transaction since then is added.
            Err(Failure::Sink(error)) => match self.drain().await {
                Ok(()) => Err(error),
                Err(later) => Err(error.with_effect(later.effect())),
            },
        };
        match overrun {
            None => result,
            Some(limit) => self.calm(result.map_err(|error| overran_with(error, limit))).await,
        }
    }

    /// Waits until the server has read something more: a signal that came when the statement had already ended is then
    /// behind it, and can't end the next one.
    #[cold]
    async fn calm<T>(&mut self, result: Result<T>) -> Result<T> {
        if result.as_ref().is_err_and(|error| error.effect() == Effect::Disconnected) {
            return result;
        }
        self.ping().await?;
        result
    }
}

#[async_trait]
impl Connection for PostgresConnection {
    async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        let query = self.query(statement)?;
        let done = self.inner.execute(query);
        let (done, overrun) = limited(statement.timeout, done, || self.canceller.cancel()).await?;
        let done = self.finish(done.map_err(Failure::Server), overrun).await?;
        Ok(Done { rows_affected: done.rows_affected(), numbers: None })
    }

    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        let query = self.query(statement)?;
        if sink.need() == Need::First && statement.timeout.is_none() {
            return self.fetch_first(query, sink).await;
        }
        let rows = push_rows(&mut self.inner, query, sink);
        let (end, overrun) = limited(statement.timeout, rows, || self.canceller.cancel()).await?;
        self.finish(end, overrun).await
    }

    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        let query = self.query(statement)?;
        let rows = push_batches(&mut self.inner, query, sink);
        let (end, overrun) = limited(statement.timeout, rows, || self.canceller.cancel()).await?;
        self.finish(end, overrun).await
    }

    async fn command(&mut self, sql: &str) -> Result<()> {
        check_text(sql)?;
        match sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.inner).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failed(error).await),
        }
    }

    async fn ping(&mut self) -> Result<()> {
        match tokio::time::timeout(PING_LIMIT, self.inner.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(from_sqlx(error)),
            Err(_) => Err(lost(format!("the server did not answer a ping within {} s", PING_LIMIT.as_secs()))),
        }
    }

    async fn close(self: Box<Self>) {
        // Whether the server heard the goodbye makes no difference to it or to us: the socket is closed either way.
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.inner.close()).await;
    }
}

/// Why a statement ended early.
enum Failure {
    /// The sink could not take a row.
    Sink(Error),
    /// The server, or the way to it, failed.
    Server(sqlx::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Failure {
        Failure::Server(error)
    }
}

/// Whether the present batch has rows that were not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Batch {
    Empty,
    Begun,
}

type Sent = Query<'static, sqlx::Postgres, PgArguments>;

async fn push_rows(connection: &mut PgConnection, query: Sent, sink: &mut dyn RowSink) -> Result<(), Failure> {
    let mut rows = connection.fetch_many(query);
    let mut shape = Shape::default();
    while let Some(row) = next_row(&mut rows).await? {
        if shape.push(&row, sink).map_err(Failure::Sink)?.is_break() {
            drop(rows);
            return read_away(connection).await;
        }
    }
    Ok(())
}

async fn push_batches(connection: &mut PgConnection, query: Sent, mut sink: Box<dyn BatchSink>) -> Result<(), Failure> {
    let mut rows = connection.fetch_many(query);
    let mut shape = Shape::default();
    let mut batch = Batch::Empty;
    while let Some(row) = next_row(&mut rows).await? {
        match shape.push(&row, &mut *sink).map_err(Failure::Sink)? {
            ControlFlow::Continue(()) => batch = Batch::Begun,
            ControlFlow::Break(()) => {
                batch = Batch::Empty;
                if sink.send().await.is_break() {
                    drop(rows);
                    return read_away(connection).await;
                }
            }
        }
    }
    if batch == Batch::Begun {
        // The rows are at their end, so it does not matter whether anybody wants more.
        let _ = sink.send().await;
    }
    Ok(())
}

/// Reads away the rows that nobody wants, however many there are. Were they left for the next statement, an error among
/// them would look like that statement's own.
async fn read_away(connection: &mut PgConnection) -> Result<(), Failure> {
    Ok(connection.ping().await?)
}

/// The next row; `None` behind the last.
async fn next_row(rows: &mut Rows<'_>) -> Result<Option<PgRow>, sqlx::Error> {
    loop {
        match rows.try_next().await? {
            Some(Either::Right(row)) => return Ok(Some(row)),
            // How many rows there were.
            Some(Either::Left(_)) => {}
            None => return Ok(None),
        }
    }
}

/// The protocol ends a text at its first NUL: what follows would be read as something else.
fn check_text(sql: &str) -> Result<()> {
    if sql.as_bytes().contains(&0) {
        return Err(Error::new(ErrorKind::Syntax, "the text of a statement holds a NUL character").on(NAME));
    }
    Ok(())
}
