//! [`PostgresConnection`]: runs statements over one bare connection of sqlx.

use std::time::Duration;

use async_trait::async_trait;
use creole_core::driver::{
    BatchSink, Compiled, Connection, Done, Need, RowSink, TextTypes, limited, overran_with, push_batches, push_rows,
};
use creole_core::error::Effect;
use creole_core::{Error, ErrorKind, Result};
use futures_core::Stream;
use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgConnection, PgQueryResult, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _, Either, Executor as _};

use crate::bind;
use crate::cancel::Canceller;
use crate::dialect::NAME;
use crate::error::{from_sqlx, lost};
use crate::row::Columns;

/// How long the server has to answer a ping.
const PING_LIMIT: Duration = Duration::from_secs(5);
/// How long a goodbye may take; after that the socket is closed without it.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

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
    fn query(&mut self, statement: &Compiled<'_>) -> Result<Sent> {
        check_text(&statement.sql)?;
        self.text_types.check(statement, bind::type_name);
        let arguments = bind::arguments(statement)?;
        Ok(sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments).persistent(self.cache == Cache::On))
    }

    /// Pushes the first row, if there is any. sqlx reads all of them and keeps the first, in half the work it puts into a
    /// stream of one.
    async fn fetch_first(&mut self, query: Sent, sink: &mut dyn RowSink) -> Result<()> {
        match self.inner.fetch_optional(query).await {
            Ok(Some(row)) => Columns::default().push_row(&row, sink).map(|_| ()),
            Ok(None) => Ok(()),
            Err(error) => self.settle(Err(from_sqlx(error))).await,
        }
    }

    /// Leaves the connection ready for its next statement, with what came of this one. `overrun` is its limit, where it was
    /// told to end.
    async fn finish<T>(&mut self, result: Result<T>, overrun: Option<Duration>) -> Result<T> {
        let result = self.settle(result).await;
        match overrun {
            None => result,
            Some(limit) => self.calm(result.map_err(|error| overran_with(error, limit))).await,
        }
    }

    /// Keeps the cache of statements from being out of date: they are prepared anew at their next use.
    async fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        if result.as_ref().is_err_and(|error| error.effect() == Effect::Outdated) {
            self.inner.clear_cached_statements().await.map_err(from_sqlx)?;
        }
        result
    }

    /// Waits until the server has read something more: a signal that came when the statement had already ended is then
    /// past, and can't end the next one.
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
        let done = self.finish(done.map_err(from_sqlx), overrun).await?;
        Ok(Done::new(done.rows_affected()))
    }

    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        let query = self.query(statement)?;
        if sink.need() == Need::First && statement.timeout.is_none() {
            return self.fetch_first(query, sink).await;
        }
        let mut columns = Columns::default();
        let rows = push_rows(items(&mut self.inner, query), |item, sink| columns.push(item, sink), sink);
        let (result, overrun) = limited(statement.timeout, rows, || self.canceller.cancel()).await?;
        self.finish(result, overrun).await
    }

    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        let query = self.query(statement)?;
        let mut columns = Columns::default();
        let rows = push_batches(items(&mut self.inner, query), |item, sink| columns.push(item, sink), sink);
        let (result, overrun) = limited(statement.timeout, rows, || self.canceller.cancel()).await?;
        self.finish(result, overrun).await
    }

    async fn command(&mut self, sql: &str) -> Result<()> {
        check_text(sql)?;
        let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.inner).await;
        self.settle(result.map(|_| ()).map_err(from_sqlx)).await
    }

    async fn ping(&mut self) -> Result<()> {
        match tokio::time::timeout(PING_LIMIT, self.inner.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(from_sqlx(error)),
            Err(_) => Err(lost(format!("the server did not answer a ping within {} s", PING_LIMIT.as_secs()))),
        }
    }

    async fn close(self: Box<Self>) {
        // Whether the server hears the goodbye does not matter.
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.inner.close()).await;
    }
}

type Sent = Query<'static, sqlx::Postgres, PgArguments>;

/// What sqlx yields of a statement: its rows, and after them how many there were.
fn items(
    connection: &mut PgConnection,
    query: Sent,
) -> impl Stream<Item = Result<Either<PgQueryResult, PgRow>>> + Unpin + Send {
    connection.fetch_many(query).map_err(from_sqlx)
}

/// The protocol ends a text at its first NUL: what follows would be read as something else.
fn check_text(sql: &str) -> Result<()> {
    if sql.as_bytes().contains(&0) {
        return Err(Error::new(ErrorKind::Syntax, "the text of a statement holds a NUL character").on(NAME));
    }
    Ok(())
}
