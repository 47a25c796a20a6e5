//! [`insert_group`]: rows that a unit of work inserts.

use std::ops::ControlFlow;

use futures_core::future::BoxFuture;

use super::batch::{Batch, given_out};
use super::chunk::{Chunk, Part};
use super::shape::{Given, Shape};
use crate::dialect::Support;
use crate::driver::{Row, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::write::failed_row::{Rewrite, find_afterwards};
use crate::query::write::key_index;
use crate::query::write::numbered::{go_up, in_order_given};
use crate::schema::Table;
use crate::sql::{BindSource, Returning};
use crate::types::{ColumnType, SqlValue, Value, ValueRef};

/// A row that was inserted.
pub(crate) struct Inserted {
    /// Its position among those that were given.
    pub(crate) row: usize,
    /// The number that the database gave it, where it was to do so.
    pub(crate) number: Option<i64>,
    /// The texts of its typed documents as they were sent, by their columns.
    pub(crate) documents: Vec<(u16, String)>,
}

/// Inserts rows of one table, all of which leave its automatic key to the database or none of which does, in the order in which
/// they are given. `inserted` grows statement by statement, so it is true after an error too.
///
/// The transaction must be rolled back after an error, which says which row failed where that can be found out without a savepoint
/// before each statement.
pub(crate) async fn insert_group(
    table: &'static Table,
    source: &dyn BindSource,
    count: usize,
    link: &mut Link,
    inserted: &mut Vec<Inserted>,
) -> Result<()> {
    let shape = Shape::new(table, Given::Many);
    let batch = Batch { shape: &shape, source, count };
    let part = Part::alike(&shape, source, count);
    let mut documents = batch.documents();
    let mut from = 0;
    while let Some(chunk) = part.chunk(from, &shape, &mut documents, link.dialect()) {
        let rows = chunk.len();
        let sent = send(&batch, link, &chunk).await;
        let numbers = match sent {
            Ok(numbers) => numbers,
            Err(error) => {
                let error = error.unnumbered(table, rows, &chunk);
                let error = find_afterwards(&Again { batch: &batch, chunk }, link, error).await;
                return Err(error.map_row(|row| from + row));
            }
        };
        inserted.extend((0..rows).map(|row| Inserted {
            row: from + row,
            number: numbers.as_ref().and_then(|numbers| numbers.get(row)).copied(),
            documents: documents.take_row(from + row),
        }));
        from += rows;
    }
    Ok(())
}

/// A chunk that failed, to be written again.
struct Again<'a> {
    batch: &'a Batch<'a>,
    chunk: Chunk<'a>,
}

impl Rewrite for Again<'_> {
    fn count(&self) -> usize {
        self.chunk.len()
    }

    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>> {
        Box::pin(async move { self.batch.send(link, &self.chunk.slice(from, rows)).await.map(|_| ()) })
    }
}

/// Writes one chunk; the numbers that the database gave to its rows, in their order.
async fn send(batch: &Batch<'_>, link: &mut Link, chunk: &Chunk<'_>) -> Result<Option<Vec<i64>>> {
    let Some(auto) = chunk.numbered else { return batch.send(link, chunk).await.map(|_| None) };
    let (table, dialect) = (batch.shape.table, link.dialect());
    if dialect.capabilities().insert_returning != Support::Native {
        let tree = batch.shape.statement(chunk.columns.to_vec(), chunk.len(), Returning::Nothing);
        let compiled = link.compile_insert(&tree, chunk)?;
        let done = link.execute(&compiled).await?;
        return given_out(done.numbers, chunk.len()).map(Some);
    }
    let tree = batch.shape.statement(chunk.columns.to_vec(), chunk.len(), Returning::Columns(vec![auto]));
    let mut ids = Ids(Vec::with_capacity(chunk.len()));
    let compiled = link.compile_insert(&tree, chunk)?;
    link.fetch(&compiled, &mut ids).await?;
    if ids.0.len() != chunk.len() {
        return Err(too_few_keys(table));
    }
    let numbers: Vec<i128> = ids.0.iter().map(|&id| id.into()).collect();
    if go_up(&numbers) {
        return Ok(Some(ids.0));
    }
    let stored = stored(table, auto, &ids.0, link).await?;
    let order = in_order_given(table, &numbers, chunk, &stored, chunk.columns)?;
    Ok(Some(order.into_iter().filter_map(|position| ids.0.get(position).copied()).collect()))
}

/// The rows with these numbers as the database has them, in the order of the numbers.
async fn stored(table: &'static Table, auto: u16, ids: &[i64], link: &mut Link) -> Result<Stored> {
    let number = |row: usize, _| ids.get(row).map_or(Value::Null, |&id| Value::I64(id));
    let select = key_index::select(table, &[auto], ids.len(), number);
    let types = table.columns.iter().map(|column| column.ty).collect();
    let mut found = Stored { types, rows: Vec::with_capacity(ids.len()) };
    link.fetch(&select.compile(link.destination())?, &mut found).await?;
    let auto = usize::from(auto);
    let rows = ids.iter().map(|&id| {
        let has_id = |row: &&Vec<Value>| row.get(auto).is_some_and(|value| *value == Value::I64(id));
        found.rows.iter().find(has_id).cloned().ok_or_else(|| too_few_keys(table))
    });
    let rows = rows.collect::<Result<_>>()?;
    Ok(Stored { rows, ..found })
}

#[cold]
fn too_few_keys(table: &'static Table) -> Error {
    let message = "the database did not return one key for each inserted row";
    Error::new(ErrorKind::Other, message).with_table(table.name)
}

/// Collects the keys that the database made.
struct Ids(Vec<i64>);

impl RowSink for Ids {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let value = RowReader::new(row).read_value(ColumnType::I64)?;
        self.0.push(i64::from_value(value)?);
        Ok(ControlFlow::Continue(()))
    }
}

/// Rows as the database has them.
struct Stored {
    types: Vec<ColumnType>,
    rows: Vec<Vec<Value>>,
}

impl RowSink for Stored {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut reader = RowReader::new(row);
        let values = self.types.iter().map(|&ty| reader.read_value(ty).map(|value| value.to_owned()));
        self.rows.push(values.collect::<Result<_>>()?);
        Ok(ControlFlow::Continue(()))
    }
}

impl BindSource for Stored {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let value = self.rows.get(row).and_then(|row| row.get(usize::from(column)));
        value.map_or(ValueRef::Null, Value::as_ref)
    }
}
