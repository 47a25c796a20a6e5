//! [`update_all`]: many rows, each with values of its own.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::ColumnList;
use super::atomic::Atomic;
use super::batch_size::{keys_fold, rows_per_statement, size, together};
use super::documents::{Documents, RowsFrom};
use super::failed_row::{Guard, Rewrite};
use super::key_index::KeyIndex;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::{Access, Link};
use crate::sql::{Assignment, BindSource, UpdateEach};
use crate::types::ValueRef;

/// Writes rows that are there, each found by its primary key: every other column, or those of
/// [`columns`](UpdateAll::columns).
///
/// It takes a statement for some hundred rows each, all in one transaction. Rows that are not there are passed over, and the
/// number that comes back tells how many were.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn update_all<M: Model>(rows: &[M]) -> UpdateAll<'_, M> {
    let table = M::table();
    let places = 0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    let columns = places.filter(|place| !table.primary_key.contains(place));
    let columns = columns.filter(|&place| table.column(place).is_some_and(|column| column.on_update.is_none()));
    UpdateAll { rows, columns: columns.collect(), defaults: Assignment::defaults(table), timeout: None }
}

/// An UPDATE of many rows, which stay where they are until it is run.
#[derive(Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct UpdateAll<'a, M> {
    rows: &'a [M],
    columns: Vec<u16>,
    defaults: Vec<Assignment>,
    timeout: Option<Duration>,
}

impl<'a, M: Model> UpdateAll<'a, M> {
    /// Writes these columns only. Those with `#[model(on_update = …)]` are written as every UPDATE writes them, unless they
    /// are named here.
    pub fn columns(mut self, columns: impl ColumnList<M>) -> UpdateAll<'a, M> {
        self.columns.clear();
        for place in columns.places() {
            if !self.columns.contains(&place) {
                self.columns.push(place);
            }
        }
        self.defaults = Assignment::defaults(M::table());
        self.defaults.retain(|default| !self.columns.contains(&default.column));
        self
    }

    /// Each statement may run for so long; see [`Update::timeout`](super::Update::timeout).
    pub fn timeout(mut self, limit: Duration) -> UpdateAll<'a, M> {
        self.timeout = Some(limit);
        self
    }

    /// The SQL text for the first rows, as many as one statement has.
    ///
    /// # Errors
    /// As [`exec`](UpdateAll::exec), as far as it is found without a database.
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.check()?;
        let mut documents = self.documents();
        let first = self.chunk(0, &mut documents, dialect);
        Ok(String::from(&*self.statement(first.len()).compile(dialect, &documents)?.sql))
    }

    /// Runs it. The number of rows that were there comes back, changed or not.
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorKind::InvalidValue) where two rows have one key, or a value does not fit; the error says which
    /// row, by its place in the slice. What the database answers. Nothing is written then.
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            self.check()?;
            if self.rows.is_empty() {
                return Ok(0);
            }
            let mut documents = self.documents();
            let first = self.chunk(0, &mut documents, db.dialect());
            let mut link = db.connection(Access::Write).await?;
            if first.len() == self.rows.len() {
                return self.run(&mut link, documents).await;
            }
            // A value that does not fit may be found after some statements were sent.
            let atomic = Atomic::begin_undoable(&mut link).await?;
            let result = self.run(&mut link, documents).await;
            atomic.end(&mut link, result).await
        })
    }

    fn statement(&self, rows: usize) -> UpdateEach {
        UpdateEach { table: M::table(), columns: self.columns.clone(), defaults: self.defaults.clone(), rows }
    }

    fn check(&self) -> Result<()> {
        let table = M::table();
        if self.columns.is_empty() && self.defaults.is_empty() {
            return Err(Error::new(
                ErrorKind::Syntax,
                "the update sets nothing: the table has no column beside its key",
            )
            .with_table(table.name));
        }
        if self.columns.iter().any(|column| table.primary_key.contains(column)) {
            let message = "rows are found by their primary key, which `update_all` can't change: use `update`";
            return Err(Error::new(ErrorKind::Syntax, message).with_table(table.name));
        }
        self.check_keys()
    }

    /// Of two rows with one key, some databases would write the first and some the last.
    fn check_keys(&self) -> Result<()> {
        let (table, source) = (M::table(), Rows(self.rows));
        let index = KeyIndex::new(table, table.primary_key, &source, self.rows.len());
        let Some((_, place)) = index.twins() else { return Ok(()) };
        let message = "an earlier row to update has the same key";
        let error = Error::new(ErrorKind::InvalidValue, message).with_row(place).with_table(table.name);
        Err(error.with_columns(table.column_names(table.primary_key)))
    }

    fn documents(&self) -> Documents<Rows<'a, M>> {
        Documents::new(M::table(), Rows(self.rows))
    }

    /// The rows of the statement that begins with this one. Their documents are kept from then on.
    fn chunk(&self, from: usize, documents: &mut Documents<Rows<'a, M>>, dialect: &dyn Dialect) -> Range<usize> {
        let statement = self.statement(0);
        let room = dialect.capabilities().max_binds.saturating_sub(statement.defaults.len());
        // Where the database may find one row by two keys, one after the other is written.
        let most =
            if keys_fold(M::table(), M::table().primary_key) { 1 } else { rows_per_statement(room, statement.width()) };
        documents.expect((from..self.rows.len()).take(most));
        together(from..self.rows.len(), most, |row| {
            self.columns.iter().map(|&column| size(documents.value(row, column))).sum()
        })
    }

    async fn run(&self, link: &mut Link, mut documents: Documents<Rows<'a, M>>) -> Result<u64> {
        let mut written = 0;
        let mut from = 0;
        while from < self.rows.len() {
            let rows = self.chunk(from, &mut documents, link.dialect());
            let guard = if rows.len() == 1 { Guard::None } else { Guard::set(link).await? };
            match self.send(link, &documents, rows.clone()).await {
                Ok(rows) => {
                    guard.release(link).await?;
                    written += rows;
                }
                Err(error) => {
                    let chunk = Chunk { update: self, documents: &documents, rows };
                    let error = guard.diagnose(&chunk, link, error).await;
                    return Err(match error.row() {
                        Some(row) => error.with_row(from + row),
                        None => error,
                    });
                }
            }
            from = rows.end;
        }
        Ok(written)
    }

    /// Writes some rows. An error before it is sent has the row's place among them.
    async fn send(&self, link: &mut Link, documents: &Documents<Rows<'a, M>>, rows: Range<usize>) -> Result<u64> {
        let source = RowsFrom::new(documents, rows.start);
        let statement = self.statement(rows.len());
        let compiled = statement.compile(link.dialect(), &source)?.within(self.timeout);
        link.execute(&compiled).await.map(|done| done.rows_affected)
    }
}

/// The rows of one statement.
struct Chunk<'r, 'a, M> {
    update: &'r UpdateAll<'a, M>,
    documents: &'r Documents<Rows<'a, M>>,
    rows: Range<usize>,
}

impl<M: Model> Rewrite for Chunk<'_, '_, M> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>> {
        let start = self.rows.start + from;
        Box::pin(async move { self.update.send(link, self.documents, start..start + rows).await.map(|_| ()) })
    }
}

struct Rows<'a, M>(&'a [M]);

impl<M: Model> BindSource for Rows<'_, M> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        self.0.get(row).map_or(ValueRef::Null, |row| row.bind(column))
    }
}

/// Shows what is written where, and none of the rows' values.
impl<M: Model> fmt::Debug for UpdateAll<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = M::table().column_names(&self.columns);
        f.debug_struct("UpdateAll")
            .field("table", M::table())
            .field("columns", &names)
            .field("rows", &self.rows.len())
            .finish()
    }
}
