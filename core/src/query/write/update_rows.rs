//! [`UpdateRows`]: rows with values of their own for the same columns, each found by its primary key.

use std::ops::Range;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::atomic::Atomic;
use super::batch_size::{rows_per_statement, size, together};
use super::documents::{Documents, RowsFrom};
use super::failed_row::{Guard, Rewrite, find_afterwards};
use super::key_index::keys_fold;
use super::stale::stale;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::schema::Table;
use crate::sql::{Assignment, BindSource, DeletedRows, UpdateEach};

/// Rows of one table, whose key values find the rows of the database that get the others.
pub(crate) struct UpdateRows<'a> {
    pub(crate) table: &'static Table,
    /// The columns that each row has a value for; none of the primary key, and not the version.
    pub(crate) columns: &'a [u16],
    /// What is written to all rows alike.
    pub(crate) defaults: &'a [Assignment],
    pub(crate) source: &'a dyn BindSource,
    pub(crate) count: usize,
    /// Which rows that are marked as deleted are written.
    pub(crate) deleted: DeletedRows,
    /// How long each statement may run.
    pub(crate) timeout: Option<Duration>,
    pub(crate) kind: UpdateKind,
}

/// Whether rows change, or others take their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UpdateKind {
    /// What only the INSERT of a row writes stays.
    Changes,
    /// What only the INSERT of a row writes is that of the new one.
    Replaces,
}

/// The rows with their documents as texts.
type Given<'a> = Documents<&'a dyn BindSource>;

impl<'a> UpdateRows<'a> {
    /// The SQL text for the first rows, as many as one statement has.
    pub(super) fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        let mut documents = self.documents();
        let first = self.chunk(0, &mut documents, dialect);
        Ok(String::from(&*self.statement(first.len()).compile(dialect, &documents)?.sql))
    }

    /// Writes the rows, all of them or none. How many were there.
    pub(super) async fn write(&self, link: &mut Link) -> Result<u64> {
        let mut documents = self.documents();
        let is_one_statement = self.chunk(0, &mut documents, link.dialect()).len() == self.count;
        // Of several rows some may be stale, and the others are not written then.
        if is_one_statement && (self.count == 1 || self.table.version.is_none()) {
            return self.write_chunks(link, documents).await;
        }
        // A value that does not fit may be found after some statements were sent.
        let atomic = Atomic::begin_undoable(link).await?;
        let result = self.write_chunks(link, documents).await;
        atomic.end(link, result).await
    }

    /// Writes the rows of a unit of work, and stops after a statement that did not find all of its rows: whether all were there.
    /// `written` grows by the rows of each statement that did, so it is true after an error too.
    ///
    /// The transaction must be rolled back after an error. So nothing more is sent to find out which row failed.
    pub(crate) async fn write_group(&self, link: &mut Link, written: &mut usize) -> Result<bool> {
        let mut documents = self.documents();
        let mut from = 0;
        while from < self.count {
            let rows = self.chunk(from, &mut documents, link.dialect());
            let found = match self.send(link, &documents, rows.clone()).await {
                Ok(found) => found,
                Err(error) => {
                    let chunk = Chunk { update: self, documents: &documents, rows };
                    return Err(find_afterwards(&chunk, link, error).await.map_row(|row| from + row));
                }
            };
            if found < rows.len() as u64 {
                return Ok(false);
            }
            from = rows.end;
            *written = from;
        }
        Ok(true)
    }

    async fn write_chunks(&self, link: &mut Link, mut documents: Given<'a>) -> Result<u64> {
        let mut written = 0;
        let mut from = 0;
        while from < self.count {
            let rows = self.chunk(from, &mut documents, link.dialect());
            let guard = if rows.len() == 1 { Guard::None } else { Guard::set(link).await? };
            match self.send_checked(link, &documents, rows.clone()).await {
                Ok(found) => {
                    guard.release(link).await?;
                    written += found;
                }
                Err(error) => {
                    let chunk = Chunk { update: self, documents: &documents, rows };
                    return Err(guard.diagnose(&chunk, link, error).await.map_row(|row| from + row));
                }
            }
            from = rows.end;
        }
        Ok(written)
    }

    fn statement(&self, rows: usize) -> UpdateEach {
        let (columns, defaults) = (self.columns.to_vec(), self.defaults.to_vec());
        UpdateEach { table: self.table, columns, defaults, rows, deleted: self.deleted }
    }

    fn documents(&self) -> Given<'a> {
        Documents::new(self.table, self.source)
    }

    /// The rows of the statement that begins with this one. Their documents are kept from then on.
    fn chunk(&self, from: usize, documents: &mut Given<'a>, dialect: &dyn Dialect) -> Range<usize> {
        let capabilities = dialect.capabilities();
        let width = self.table.matched().count() + self.columns.len();
        // Where the database may find one row by two keys, one after the other is written.
        let most = match keys_fold(self.table, self.table.primary_key) {
            true => 1,
            false => rows_per_statement(capabilities, width, self.defaults.len()),
        };
        documents.expect((from..self.count).take(most));
        together(from..self.count, most, capabilities, |row| {
            self.columns.iter().map(|&column| size(documents.value(row, column))).sum()
        })
    }

    /// As [`send`](Self::send), and refuses rows that are not as they were read.
    async fn send_checked(&self, link: &mut Link, documents: &Given<'a>, rows: Range<usize>) -> Result<u64> {
        let given = rows.len() as u64;
        let found = self.send(link, documents, rows).await?;
        if self.table.version.is_some() && found < given { Err(stale(self.table)) } else { Ok(found) }
    }

    /// Writes some rows; how many were there. An error before it is sent has the row's position among them.
    async fn send(&self, link: &mut Link, documents: &Given<'a>, rows: Range<usize>) -> Result<u64> {
        let source = RowsFrom::new(documents, rows.start);
        let statement = self.statement(rows.len());
        let compiled = match self.kind {
            UpdateKind::Changes => statement.compile(link.destination(), &source)?,
            UpdateKind::Replaces => statement.compile_replacing(link.destination(), &source)?,
        };
        let compiled = compiled.within(self.timeout);
        link.execute(&compiled).await.map(|done| done.rows_affected)
    }
}

/// The rows of one statement.
struct Chunk<'r, 'a> {
    update: &'r UpdateRows<'a>,
    documents: &'r Given<'a>,
    rows: Range<usize>,
}

impl Rewrite for Chunk<'_, '_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>> {
        let start = self.rows.start + from;
        Box::pin(async move { self.update.send_checked(link, self.documents, start..start + rows).await.map(|_| ()) })
    }

    fn is_about_row(&self, _link: &Link, error: &Error) -> bool {
        error.kind().blames_a_row() || error.kind() == ErrorKind::StaleVersion
    }
}
