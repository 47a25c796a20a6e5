//! [`DeleteRows`]: rows that are deleted by their primary keys.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::Returned;
use super::atomic::Atomic;
use super::batch_size::keys_per_statement;
use super::change::Change;
use super::failed_row::{Guard, Rewrite, find_afterwards};
use super::generations::generations;
use super::removal::Removal;
use super::stale::stale;
use super::target::Rows;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::schema::Table;
use crate::sql::{BindSource, Target};
use crate::types::Value;

/// Rows of one table, whose key values find the rows of the database to delete.
pub(crate) struct DeleteRows<'a> {
    pub(crate) table: &'static Table,
    pub(crate) source: &'a dyn BindSource,
    pub(crate) count: usize,
    /// Whether they are removed.
    pub(crate) removal: Removal,
    /// How long each statement may run.
    pub(crate) timeout: Option<Duration>,
}

impl DeleteRows<'_> {
    /// The SQL text for the first rows, as many as one statement has.
    pub(super) fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        let first = self.chunks(dialect).into_iter().next().unwrap_or_default();
        Ok(String::from(&*self.statement(&first).compile(dialect)?.sql))
    }

    /// Deletes the rows, all of them or none. How many were there.
    pub(super) async fn write(&self, link: &mut Link) -> Result<u64> {
        let chunks = self.chunks(link.dialect());
        let is_one_statement = chunks.len() <= 1 && !self.cascades();
        // Of several rows some may be stale, and the others are not deleted then.
        if is_one_statement && (self.count == 1 || self.table.version.is_none()) {
            return self.write_chunks(link, &chunks).await;
        }
        let atomic = Atomic::begin_undoable(link).await?;
        let result = self.write_chunks(link, &chunks).await;
        atomic.end(link, result).await
    }

    /// Deletes the rows of a unit of work, none of which refers to another: whether all of them were there.
    /// `written` grows by the rows of each statement, so it is true after an error too.
    ///
    /// The transaction must be rolled back after an error. So nothing more is sent to find out which row failed.
    pub(crate) async fn write_group(&self, link: &mut Link, written: &mut usize, missing: Missing) -> Result<bool> {
        let rows: Vec<usize> = (0..self.count).collect();
        let mut are_there = true;
        for rows in rows.chunks(self.most(link.dialect())) {
            let found = match self.send(link, rows).await {
                Ok(found) => found,
                Err(error) => {
                    let error = find_afterwards(&Chunk { delete: self, rows }, link, error).await;
                    return Err(error.map_row(|row| rows.get(row).copied().unwrap_or(row)));
                }
            };
            are_there &= found == rows.len() as u64;
            if missing == Missing::Stops && !are_there {
                return Ok(false);
            }
            *written += rows.len();
        }
        Ok(are_there)
    }

    /// Which rows each statement has. Those that refer to others of the list go before them: some databases look at each row as they
    /// delete it.
    fn chunks(&self, dialect: &dyn Dialect) -> Vec<Vec<usize>> {
        let most = self.most(dialect);
        let mut generations =
            generations(self.table, self.source, self.count).unwrap_or_else(|| vec![(0..self.count).collect()]);
        generations.reverse();
        generations.iter().flat_map(|rows| rows.chunks(most)).map(<[usize]>::to_vec).collect()
    }

    /// How many rows one statement has.
    fn most(&self, dialect: &dyn Dialect) -> usize {
        let key = self.table.primary_key.len();
        // With a version there is a second list, which has it.
        let columns = if self.table.version.is_some() { 2 * key + 1 } else { key };
        keys_per_statement(dialect.capabilities(), columns)
    }

    /// Whether rows may take others of the list with them.
    fn cascades(&self) -> bool {
        !self.removal.is_mark() && self.table.cascades_to_itself()
    }

    fn statement(&self, rows: &[usize]) -> Change {
        let matched = |&row: &usize| -> Vec<Value> {
            self.table.matched().map(|column| self.source.value(row, column).to_owned()).collect()
        };
        let rows: Vec<Vec<Value>> = rows.iter().map(matched).collect();
        self.removal.statement(Target::with_matched(self.table, &rows))
    }

    async fn write_chunks(&self, link: &mut Link, chunks: &[Vec<usize>]) -> Result<u64> {
        let cascades = self.cascades();
        let (mut counted, mut deleted) = (0, 0);
        // Some databases do not count rows that others have taken with them.
        for rows in chunks.iter().filter(|_| cascades) {
            let found = self.count_locked(link, rows).await?;
            if self.table.version.is_some() && found < rows.len() {
                return Err(self.stale_among(link, rows).await?);
            }
            counted += found as u64;
        }
        for rows in chunks {
            let sent = self.write_chunk(link, rows).await;
            deleted += sent.map_err(|error| error.map_row(|row| rows.get(row).copied().unwrap_or(row)))?;
        }
        Ok(if cascades { counted } else { deleted })
    }

    /// Deletes the rows of one statement. An error has the row's position among them.
    async fn count_locked(&self, link: &mut Link, rows: &[usize]) -> Result<usize> {
        Returned::uncollected(self.statement(rows), Rows::Filtered, self.timeout).count_locked(link).await
    }

    /// The error of the first row that is not as it was read, of some of which one is not.
    async fn stale_among(&self, link: &mut Link, rows: &[usize]) -> Result<Error> {
        let mut error = stale(self.table);
        for row in rows {
            if self.count_locked(link, std::slice::from_ref(row)).await? == 0 {
                error = error.with_row(*row);
                break;
            }
        }
        link.abort(&error);
        Ok(error)
    }

    async fn write_chunk(&self, link: &mut Link, rows: &[usize]) -> Result<u64> {
        let guard = if rows.len() == 1 { Guard::None } else { Guard::set(link).await? };
        match self.send_checked(link, rows).await {
            Ok(deleted) => guard.release(link).await.map(|()| deleted),
            Err(error) => Err(guard.diagnose(&Chunk { delete: self, rows }, link, error).await),
        }
    }

    /// As [`send`](Self::send), and refuses rows that are not as they were read.
    async fn send_checked(&self, link: &mut Link, rows: &[usize]) -> Result<u64> {
        let deleted = self.send(link, rows).await?;
        // Where rows take others of the table with them, they were looked at before.
        let is_checked = self.table.version.is_some() && !self.cascades();
        if is_checked && deleted < rows.len() as u64 { Err(stale(self.table)) } else { Ok(deleted) }
    }

    async fn send(&self, link: &mut Link, rows: &[usize]) -> Result<u64> {
        let statement = self.statement(rows);
        let compiled = statement.compile(link.destination())?.within(self.timeout);
        link.execute(&compiled).await.map(|done| done.rows_affected)
    }
}

/// What becomes of a group of which the database does not have every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It goes on: a row may have gone along with another one.
    PassedOver,
    /// It stops.
    Stops,
}

/// The rows of one statement.
struct Chunk<'r, 'a> {
    delete: &'r DeleteRows<'a>,
    rows: &'r [usize],
}

impl Rewrite for Chunk<'_, '_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>> {
        let rows = self.rows.get(from..from + rows).unwrap_or_default();
        Box::pin(async move { self.delete.send_checked(link, rows).await.map(|_| ()) })
    }

    /// Of rows that refer to one another, some can be deleted together and not one after the other.
    fn is_about_row(&self, _link: &Link, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::StaleVersion => true,
            kind => kind.blames_a_row() && (self.delete.removal.is_mark() || !self.delete.table.refers_to_itself()),
        }
    }
}
