//! [`Batch`]: rows on their way into the database, statement by statement.

use super::chunk::{Chunk, Part, parts};
use super::key_conflict;
use super::shape::{Given, Shape};
use crate::dialect::{Dialect, Support};
use crate::driver::{Numbers, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::write::atomic::Atomic;
use crate::query::write::documents::Documents;
use crate::query::write::key_index;
use crate::sql::{self, BindSource, Returning};
use crate::types::Value;

/// How often an upsert is sent while others insert rows that it has looked for.
pub(in crate::query::write) const TRIES: usize = 16;

/// Rows on their way into the database.
#[derive(Clone, Copy)]
pub(in crate::query::write) struct Batch<'a> {
    pub(in crate::query::write) shape: &'a Shape,
    pub(in crate::query::write) source: &'a dyn BindSource,
    pub(in crate::query::write) count: usize,
}

/// Takes the rows that come back.
pub(in crate::query::write) trait Take: Send {
    /// Where the rows of the next statement go.
    fn rows(&mut self) -> &mut dyn RowSink;

    /// Those of this chunk of an INSERT of this shape have all come.
    ///
    /// # Errors
    /// Where they are not those of the chunk.
    fn chunk(&mut self, chunk: &Chunk<'_>, shape: &Shape) -> Result<()>;
}

impl<'a> Batch<'a> {
    /// The whole as one statement, or as much of it as gives values for the same columns as the first row.
    pub(in crate::query::write) fn whole(&self) -> sql::Insert {
        if let Given::Select { columns, select } = &self.shape.given {
            return self.shape.of_select(columns, select);
        }
        let numbered = self.shape.numbered(self.source, 0);
        let rows = self.shape.numbered_alike(self.source, self.count);
        self.shape.statement(self.shape.columns(numbered), rows, Returning::Nothing)
    }

    /// The rows by the columns that are given for them.
    pub(in crate::query::write) fn parts(&self) -> Vec<Part> {
        parts(self.shape, self.source, self.count)
    }

    /// Writes the rows, in one transaction where it takes several statements, and hands what comes back to `take`. How many were
    /// written.
    pub(in crate::query::write) async fn write(&self, link: &mut Link, take: Option<&mut dyn Take>) -> Result<u64> {
        self.shape.check()?;
        let parts = self.parts();
        let dialect = link.dialect();
        let mut documents = self.documents();
        let is_emulated = take.is_some() && dialect.capabilities().insert_returning == Support::Absent;
        // Chosen before anything is sent: nothing is written of a list that can't be written as a whole.
        if let [part] = parts.as_slice()
            && !is_emulated
            && let Some(chunk) = part.chunk(0, self.shape, &mut documents, dialect)
            && chunk.len() == self.count
        {
            return self.attempt(link, &chunk, take).await;
        }
        self.check_parts(&parts, dialect)?;
        let atomic = Atomic::begin_undoable(link).await?;
        let result = self.write_parts(link, &parts, documents, take).await;
        atomic.end(link, result).await
    }

    /// The rows, with their documents.
    pub(in crate::query::write) fn documents(&self) -> Documents<&'a dyn BindSource> {
        Documents::new(self.shape.table, self.source)
    }

    /// Refuses to write rows by several statements of which one would read what another has written: how many there are is not the
    /// same on each database.
    pub(in crate::query::write) fn check_parts(&self, parts: &[Part], dialect: &dyn Dialect) -> Result<()> {
        if !self.shape.reads_itself() {
            return Ok(());
        }
        let mut documents = self.documents();
        let mut is_whole = |part: &Part| {
            let chunk = part.chunk(0, self.shape, &mut documents, dialect);
            chunk.is_none_or(|chunk| chunk.len() == self.count)
        };
        if parts.iter().all(&mut is_whole) {
            return Ok(());
        }
        Err(self.several(dialect))
    }

    /// The refusal to write such rows by several statements.
    pub(in crate::query::write) fn several(&self, dialect: &dyn Dialect) -> Error {
        let table = self.shape.table.name;
        let what =
            format!("several INSERTs for one list of rows, with a value that a subquery reads from {table} itself");
        let way_out =
            "insert fewer rows at once, those with a key of their own apart from others, or ask for the value first";
        Error::unsupported(dialect.name(), &what, way_out).with_table(table)
    }

    async fn write_parts(
        &self,
        link: &mut Link,
        parts: &[Part],
        mut documents: Documents<&dyn BindSource>,
        mut take: Option<&mut dyn Take>,
    ) -> Result<u64> {
        let dialect = link.dialect();
        let mut written = 0;
        for part in parts {
            let mut from = 0;
            while let Some(chunk) = part.chunk(from, self.shape, &mut documents, dialect) {
                from += chunk.len();
                written += self.attempt(link, &chunk, reborrow(&mut take)).await?;
            }
        }
        Ok(written)
    }

    /// Writes one chunk, and finds out what is to blame where that fails.
    pub(in crate::query::write) async fn attempt(
        &self,
        link: &mut Link,
        chunk: &Chunk<'_>,
        mut take: Option<&mut dyn Take>,
    ) -> Result<u64> {
        let mut guard = key_conflict::guard(self, link, chunk).await?;
        let mut tries = 0;
        loop {
            tries += 1;
            let sent = match &mut take {
                None => self.send(link, chunk).await,
                Some(take) => self.send_and_read(link, chunk, take.rows()).await,
            };
            match sent {
                Ok(written) => {
                    guard.release(link).await?;
                    if let Some(take) = take {
                        take.chunk(chunk, self.shape)?;
                    }
                    return Ok(written);
                }
                Err(error) if tries < TRIES && key_conflict::is_overtaken(link, &error) => {
                    guard = guard.again(link).await?
                }
                Err(error) => {
                    return Err(key_conflict::diagnose(self, link, chunk, guard, only_row(chunk, error)).await);
                }
            }
        }
    }

    /// Writes one chunk and reads what comes back, by RETURNING of the database's own.
    pub(in crate::query::write) async fn fetch(
        &self,
        link: &mut Link,
        chunk: &Chunk<'_>,
        returning: Returning,
        sink: &mut dyn RowSink,
    ) -> Result<()> {
        let guard = key_conflict::guard(self, link, chunk).await?;
        let tree = self.shape.statement(chunk.columns.to_vec(), chunk.len(), returning);
        let sent = match link.compile_insert(&tree, chunk) {
            Ok(compiled) => link.fetch(&compiled.within(self.shape.timeout), sink).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(()) => guard.release(link).await,
            Err(error) => Err(key_conflict::diagnose(self, link, chunk, guard, only_row(chunk, error)).await),
        }
    }

    /// Writes one chunk.
    pub(super) async fn send(&self, link: &mut Link, chunk: &Chunk<'_>) -> Result<u64> {
        let tree = self.shape.statement(chunk.columns.to_vec(), chunk.len(), Returning::Nothing);
        let compiled = link.compile_insert(&tree, chunk)?.within(self.shape.timeout);
        link.execute(&compiled).await.map(|done| done.rows_affected)
    }

    /// Writes one chunk and reads its rows.
    async fn send_and_read(&self, link: &mut Link, chunk: &Chunk<'_>, sink: &mut dyn RowSink) -> Result<u64> {
        let dialect = link.dialect();
        let written = chunk.len() as u64;
        if dialect.capabilities().insert_returning == Support::Native {
            let tree =
                self.shape.statement(chunk.columns.to_vec(), chunk.len(), Returning::Columns(self.shape.all_columns()));
            let compiled = link.compile_insert(&tree, chunk)?.within(self.shape.timeout);
            return link.fetch(&compiled, sink).await.map(|()| written);
        }
        let key = &self.shape.table.primary_key;
        if let Some(&unknown) =
            key.iter().find(|column| !self.shape.is_known(**column) && Some(**column) != chunk.numbered)
        {
            let name = self.shape.table.column(unknown).map_or("", |column| column.name);
            let what = format!("returning rows whose key {name} the database makes");
            let error = Error::unsupported(dialect.name(), &what, "make the key in the program, or let it be `auto`");
            return Err(error.with_table(self.shape.table.name));
        }
        let table = self.shape.table;
        let is_computed = self.shape.computed.iter().any(|computed| computed.value.selects_from(table));
        if is_computed && chunk.numbered.is_some() && chunk.len() > 1 {
            // Such rows are not numbered one after the other.
            let what =
                "returning several rows that the database numbers, with a value that a subquery reads from their table";
            let way_out = "insert the rows one by one, or ask for the value first";
            return Err(Error::unsupported(dialect.name(), what, way_out).with_table(table.name));
        }
        let tree = self.shape.statement(chunk.columns.to_vec(), chunk.len(), Returning::Nothing);
        let compiled = link.compile_insert(&tree, chunk)?.within(self.shape.timeout);
        let done = link.execute(&compiled).await?;
        let numbers = match chunk.numbered {
            Some(_) => Some(given_out(done.numbers, chunk.len())?),
            None => None,
        };
        let select = key_index::select(self.shape.table, key, chunk.len(), |row, column| match &numbers {
            Some(numbers) if Some(column) == chunk.numbered => {
                numbers.get(row).map_or(Value::Null, |number| Value::I64(*number))
            }
            _ => chunk.value(row, column).kept().to_owned(),
        });
        link.fetch(&select.compile(link.destination())?.within(self.shape.timeout), sink).await.map(|()| written)
    }
}

/// What is too large to be sent is about the row where it is the only one.
fn only_row(chunk: &Chunk<'_>, error: Error) -> Error {
    if error.kind() == ErrorKind::Limit && chunk.len() == 1 { error.with_row(0) } else { error }
}

/// The keys of the rows that one statement inserted.
pub(super) fn given_out(numbers: Option<Numbers>, rows: usize) -> Result<Vec<i64>> {
    match numbers {
        Some(Numbers { first, .. }) if rows == 1 => Ok(vec![first]),
        Some(Numbers { first, step }) if step > 0 => {
            Ok((0..).take(rows).map(|row: i64| first.saturating_add(row.saturating_mul(step))).collect())
        }
        _ => Err(Error::new(ErrorKind::Other, "the database did not report the keys it made")),
    }
}

/// The same for one more call.
pub(super) fn reborrow<'s>(take: &'s mut Option<&mut dyn Take>) -> Option<&'s mut dyn Take> {
    match take {
        Some(take) => Some(&mut **take),
        None => None,
    }
}
