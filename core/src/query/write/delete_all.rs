//! [`delete_all`]: many rows by their keys.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::Returned;
use super::atomic::Atomic;
use super::batch_size::rows_per_statement;
use super::failed_row::{Guard, Rewrite};
use super::generations::generations;
use super::insert::Slice;
use super::target::Rows;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exec::Executor;
use crate::model::{Key, Model};
use crate::pool::{Access, Link};
use crate::sql;
use crate::types::Value;

/// Deletes these rows, each found by its primary key, whatever else they hold.
///
/// It takes a statement for some hundred rows each, all in one transaction; rows that refer to others of the list go before them. Rows that are not there are passed over, and the
/// number that comes back tells how many were.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn delete_all<M: Model>(rows: &[M]) -> DeleteAll<'_, M> {
    DeleteAll { rows, timeout: None }
}

/// A DELETE of many rows.
#[derive(Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct DeleteAll<'a, M> {
    rows: &'a [M],
    timeout: Option<Duration>,
}

impl<'a, M: Model> DeleteAll<'a, M> {
    /// Each statement may run for so long; see [`Update::timeout`](super::Update::timeout).
    pub fn timeout(mut self, limit: Duration) -> DeleteAll<'a, M> {
        self.timeout = Some(limit);
        self
    }

    /// The SQL text for the first rows, as many as one statement has.
    ///
    /// # Errors
    /// As [`exec`](DeleteAll::exec), as far as it is found without a database.
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        let first = self.chunks(dialect).into_iter().next().unwrap_or_default();
        Ok(String::from(&*self.statement(&first).compile(dialect)?.sql))
    }

    /// Runs it. The number of rows that were there comes back.
    ///
    /// # Errors
    /// What the database answers: [`ForeignKeyViolation`](crate::ErrorKind::ForeignKeyViolation) and its like. The error says
    /// which row it is about, by its place in the slice, unless rows of the table may refer to one another. Nothing is deleted
    /// then.
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            if self.rows.is_empty() {
                return Ok(0);
            }
            let chunks = self.chunks(db.dialect());
            let mut link = db.connection(Access::Write).await?;
            let steps = chunks.len() > 1 || M::table().cascades_to_itself();
            if !steps {
                return self.run(&mut link, &chunks).await;
            }
            let atomic = Atomic::begin_undoable(&mut link).await?;
            let result = self.run(&mut link, &chunks).await;
            atomic.end(&mut link, result).await
        })
    }

    /// Which rows each statement has, by their places. Those that refer to others of the list go before them: some databases look
    /// at each row as they delete it.
    fn chunks(&self, dialect: &dyn Dialect) -> Vec<Vec<usize>> {
        // Lists are filled up to a power of two.
        let most = rows_per_statement(dialect.capabilities().max_binds / 2, M::table().primary_key.len());
        let mut generations = generations(M::table(), &Slice(self.rows), self.rows.len())
            .unwrap_or_else(|| vec![(0..self.rows.len()).collect()]);
        generations.reverse();
        generations.iter().flat_map(|rows| rows.chunks(most)).map(<[usize]>::to_vec).collect()
    }

    fn statement(&self, rows: &[usize]) -> sql::Delete {
        let columns = M::table().primary_key.len();
        let key = |row: &M| -> Vec<Value> {
            let key = row.key();
            (0..columns).map(|place| key.value(place).to_owned()).collect()
        };
        let keys: Vec<Vec<Value>> = rows.iter().filter_map(|&row| self.rows.get(row)).map(key).collect();
        sql::Delete::of_keys(M::table(), &keys)
    }

    async fn run(&self, link: &mut Link, chunks: &[Vec<usize>]) -> Result<u64> {
        let cascades = M::table().cascades_to_itself();
        let (mut counted, mut deleted) = (0, 0);
        // Some databases do not count rows that others have taken with them.
        for rows in chunks.iter().filter(|_| cascades) {
            let locked = Returned::uncollected(self.statement(rows), Rows::Filtered, self.timeout);
            counted += locked.count_locked(link).await? as u64;
        }
        for rows in chunks {
            deleted +=
                self.chunk(link, rows).await.map_err(|error| match error.row().and_then(|row| rows.get(row)) {
                    Some(&row) => error.with_row(row),
                    None => error,
                })?;
        }
        Ok(if cascades { counted } else { deleted })
    }

    /// Deletes the rows of one statement. An error has the row's place among them.
    async fn chunk(&self, link: &mut Link, rows: &[usize]) -> Result<u64> {
        let guard = if rows.len() == 1 { Guard::None } else { Guard::set(link).await? };
        match self.send(link, rows).await {
            Ok(deleted) => guard.release(link).await.map(|()| deleted),
            Err(error) => Err(guard.diagnose(&Chunk { delete: self, rows }, link, error).await),
        }
    }

    async fn send(&self, link: &mut Link, rows: &[usize]) -> Result<u64> {
        let statement = self.statement(rows);
        let compiled = statement.compile(link.dialect())?.within(self.timeout);
        link.execute(&compiled).await.map(|done| done.rows_affected)
    }
}

/// The rows of one statement.
struct Chunk<'r, 'a, M> {
    delete: &'r DeleteAll<'a, M>,
    rows: &'r [usize],
}

impl<M: Model> Rewrite for Chunk<'_, '_, M> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>> {
        let rows = self.rows.get(from..from + rows).unwrap_or_default();
        Box::pin(async move { self.delete.send(link, rows).await.map(|_| ()) })
    }

    /// Of rows that refer to one another, some can be deleted together and not one after the other.
    fn is_about_row(&self, _link: &Link, error: &Error) -> bool {
        error.kind().blames_a_row() && !M::table().refers_to_itself()
    }
}

/// Shows from where rows are deleted, and none of their values.
impl<M: Model> fmt::Debug for DeleteAll<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteAll").field("table", M::table()).field("rows", &self.rows.len()).finish()
    }
}
