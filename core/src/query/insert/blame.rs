//! Which row of a statement is to blame for its error, and which key it clashed with.
//!
//! A statement of many rows fails as a whole, and few databases say which row it was. So the rows are written once more, ever
//! fewer of them together, until it is one; then all is undone. That is done only where a statement has failed.

use super::batch::Batch;
use super::chunk::Chunk;
use super::shape::Given;
use crate::dialect::{Support, TxOptions};
use crate::driver::RowReader;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::{Link, Savepoint};
use crate::query::sink::First;
use crate::sql::{BindSource, Count, Expr, Select, TableRef};

/// What a failed statement can be undone to.
#[derive(Debug)]
pub(super) enum Guard {
    /// There is no transaction: it undoes itself.
    Itself,
    /// A savepoint within the transaction.
    Savepoint(Savepoint),
    /// Nothing is to be found out about it.
    None,
}

/// Prepares for what may have to be found out.
pub(super) async fn guard(batch: &Batch<'_>, link: &mut Link, chunk: &Chunk<'_>) -> Result<Guard> {
    let is_known = chunk.len() == 1 && !may_hide_key(batch, link);
    if is_known {
        return Ok(Guard::None);
    }
    if !link.is_in_transaction() {
        return Ok(Guard::Itself);
    }
    link.savepoint().await.map(Guard::Savepoint)
}

impl Guard {
    /// The statement succeeded.
    pub(super) async fn release(self, link: &mut Link) -> Result<()> {
        match self {
            Guard::Savepoint(savepoint) => link.release_savepoint(savepoint).await,
            Guard::Itself | Guard::None => Ok(()),
        }
    }
}

/// What is known of an error in the end. The transaction, where one was open, is of no use but to be rolled back.
pub(super) async fn diagnose(
    batch: &Batch<'_>,
    link: &mut Link,
    chunk: &Chunk<'_>,
    guard: Guard,
    error: Error,
) -> Error {
    let is_clash = link.dialect().is_clash_with_other_key(&error);
    // What was refused before it was sent has its row.
    if error.row().is_some() || !(error.kind().blames_a_row() || is_clash) {
        if let Guard::Savepoint(savepoint) = guard
            && link.is_healthy()
            && let Err(error) = link.rollback_to(savepoint).await
        {
            return error;
        }
        let place = |row| chunk.place(row);
        return batch.shape.locate(error, place);
    }
    let found = match guard {
        Guard::None => Found { row: 0, error },
        Guard::Savepoint(savepoint) => {
            if link.rollback_to(savepoint).await.is_err() {
                return error;
            }
            let found = find(batch, link, chunk, error).await;
            link.abort(&found.error);
            found
        }
        Guard::Itself => {
            if link.begin(&TxOptions::default()).await.is_err() {
                return error;
            }
            let found = find(batch, link, chunk, error).await;
            link.rollback().await;
            found
        }
    };
    let place = chunk.place(found.row);
    match found.row {
        usize::MAX => found.error,
        _ => batch.shape.locate(found.error.with_row(found.row), |_| place),
    }
}

/// An error and the row it is about, by its place in the chunk; `usize::MAX` where that was not found out.
struct Found {
    row: usize,
    error: Error,
}

/// The first row that can't be written, and its error. Rows before it are left written.
async fn find(batch: &Batch<'_>, link: &mut Link, chunk: &Chunk<'_>, error: Error) -> Found {
    let (mut good, mut bad) = (0, chunk.len());
    let mut found = error;
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        match probe(batch, link, &chunk.slice(good, middle - good)).await {
            Ok(()) => good = middle,
            Err(error) if is_about_rows(link, &error) => (bad, found) = (middle, error),
            // Something else is wrong by now: the first error is what there is to say.
            Err(_) => return Found { row: usize::MAX, error: found },
        }
    }
    let row = chunk.slice(good, 1);
    if link.dialect().is_clash_with_other_key(&found) {
        found = name_clash(batch, link, &row, found).await;
    }
    Found { row: good, error: found }
}

/// Writes some rows, or leaves no trace.
async fn probe(batch: &Batch<'_>, link: &mut Link, rows: &Chunk<'_>) -> Result<()> {
    let savepoint = link.savepoint().await?;
    match batch.send(link, rows).await {
        Ok(_) => link.release_savepoint(savepoint).await,
        Err(error) => {
            link.rollback_to(savepoint).await?;
            Err(error)
        }
    }
}

/// Reads of a row that it is there.
fn present(_: &mut RowReader<'_>) -> Result<()> {
    Ok(())
}

fn is_about_rows(link: &Link, error: &Error) -> bool {
    error.kind().blames_a_row() || link.dialect().is_clash_with_other_key(error)
}

/// Whether an error may have to be asked which key it is about.
fn may_hide_key(batch: &Batch<'_>, link: &Link) -> bool {
    batch.shape.conflict.is_some() && link.dialect().capabilities().conflict_target == Support::Absent
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
        for &column in &key.columns {
            let value = row.value(0, column).kept().to_owned();
            select.add_filter(Expr::column_equals(table, column, value));
        }
        select.limit.limit = Some(Count::Bound(1));
        let Ok(compiled) = select.compile(link.dialect()) else { continue };
        let mut first = First::new(present);
        if link.fetch(&compiled, &mut first).await.is_ok() && first.into_row().is_some() {
            let names = table.column_names(&key.columns);
            return error.with_constraint(key.name).with_columns(names);
        }
    }
    error
}

/// An upsert of what a SELECT yields clashed with another key: which one is known where there is only one other.
pub(in crate::query) fn clash_of_select(batch: &Batch<'_>, link: &Link, error: Error) -> Error {
    let Given::Select { .. } = batch.shape.given else { return error };
    let Some(conflict) = &batch.shape.conflict else { return error };
    if !link.dialect().is_clash_with_other_key(&error) {
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
