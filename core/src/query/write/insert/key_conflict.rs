//! Which key a row clashed with, and which row it was.

use futures_core::future::BoxFuture;

use super::batch::Batch;
use super::chunk::Chunk;
use super::shape::Given;
use crate::dialect::{Support, UpsertFailure};
use crate::driver::RowReader;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::run::First;
use crate::query::write::failed_row::{Guard, Rewrite};
use crate::sql::{BindSource, Count, DeletedRows, Expr, Select, TableRef};

/// The rows of one INSERT.
struct Rows<'r, 'a> {
    batch: &'r Batch<'a>,
    chunk: &'r Chunk<'r>,
}

/// Prepares for what may have to be found out.
pub(super) async fn guard(batch: &Batch<'_>, link: &mut Link, chunk: &Chunk<'_>) -> Result<Guard> {
    let hides_key = batch.shape.conflict.is_some() && link.dialect().capabilities().conflict_target == Support::Absent;
    if chunk.len() == 1 && !hides_key {
        return Ok(Guard::None);
    }
    Guard::set(link).await
}

/// What is known of an error in the end: the row's position in the list, and the key that it clashed with.
pub(super) async fn diagnose(
    batch: &Batch<'_>,
    link: &mut Link,
    chunk: &Chunk<'_>,
    guard: Guard,
    error: Error,
) -> Error {
    let found = guard.diagnose(&Rows { batch, chunk }, link, error).await;
    let found = match is_overtaken(link, &found) {
        true => overtaken(found).with_table(batch.shape.table.name),
        false => found,
    };
    let found = found.unnumbered(batch.shape.table, chunk.len(), chunk);
    batch.shape.locate(found, |row| chunk.place(row))
}

/// Whether an error says that somebody else has inserted a row meanwhile, so that the statement is run again.
pub(in crate::query) fn is_overtaken(link: &Link, error: &Error) -> bool {
    link.dialect().upsert_failure(error) == Some(UpsertFailure::Overtaken)
}

fn is_other_key(link: &Link, error: &Error) -> bool {
    link.dialect().upsert_failure(error) == Some(UpsertFailure::OtherKey)
}

/// What is said where others are quicker each time.
pub(in crate::query::write) fn overtaken(error: Error) -> Error {
    let message = "others insert rows of the same keys as fast as this upsert looks for them: run it again";
    error.into_kind(ErrorKind::SerializationFailure, message)
}

impl Rewrite for Rows<'_, '_> {
    fn count(&self) -> usize {
        self.chunk.len()
    }

    fn write<'s>(&'s self, link: &'s mut Link, from: usize, rows: usize) -> BoxFuture<'s, Result<()>> {
        Box::pin(async move { self.batch.send(link, &self.chunk.slice(from, rows)).await.map(|_| ()) })
    }

    fn is_about_row(&self, link: &Link, error: &Error) -> bool {
        error.kind().blames_a_row() || is_other_key(link, error)
    }

    fn explain<'s>(&'s self, link: &'s mut Link, row: usize, error: Error) -> BoxFuture<'s, Error> {
        Box::pin(async move {
            if !is_other_key(link, &error) {
                return error;
            }
            name_clash(self.batch, link, &self.chunk.slice(row, 1), error).await
        })
    }
}

/// Reads of a row that it is there.
fn present(_: &mut RowReader<'_>) -> Result<()> {
    Ok(())
}

/// A row clashed with another key than the upsert's: the first one that is there.
async fn name_clash(batch: &Batch<'_>, link: &mut Link, row: &Chunk<'_>, error: Error) -> Error {
    let Some(conflict) = &batch.shape.conflict else { return error };
    let table = batch.shape.table;
    let error = error.into_kind(ErrorKind::UniqueViolation, ErrorKind::UniqueViolation.description());
    let error = error.with_table(table.name);
    for key in table.other_keys(&conflict.target.columns) {
        let is_given = key.columns.iter().all(|column| {
            row.columns.contains(column) && batch.shape.is_known(*column) && !row.value(0, *column).is_null()
        });
        if !is_given {
            continue;
        }
        let mut select = Select::all_of(TableRef::new(table));
        select.set_deleted(DeletedRows::Found);
        for &column in &key.columns {
            let value = row.value(0, column).kept().to_owned();
            select.add_filter(Expr::column_equals(table, column, value));
        }
        select.set_limit(Count::Bound(1));
        let Ok(compiled) = select.compile(link.destination()) else { continue };
        let mut first = First::new(present);
        if link.fetch(&compiled, &mut first).await.is_ok() && first.into_row().is_some() {
            let names = table.column_names(&key.columns);
            return error.with_constraint(key.name).with_columns(names);
        }
    }
    error
}

/// An upsert of what a SELECT yields clashed with another key: which one is known where there is only one other.
pub(in crate::query::write) fn clash_of_select(batch: &Batch<'_>, link: &Link, error: Error) -> Error {
    let Given::Select { .. } = batch.shape.given else { return error };
    let Some(conflict) = &batch.shape.conflict else { return error };
    if !is_other_key(link, &error) {
        return error;
    }
    let table = batch.shape.table;
    let error = error.into_kind(ErrorKind::UniqueViolation, ErrorKind::UniqueViolation.description());
    let error = error.with_table(table.name);
    match table.other_keys(&conflict.target.columns).as_slice() {
        [only] => error.with_constraint(only.name.clone()).with_columns(table.column_names(&only.columns)),
        _ => error,
    }
}
