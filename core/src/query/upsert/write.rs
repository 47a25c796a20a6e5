//! Upserts that say what became of each row.
//!
//! There are three ways. PostgreSQL marks new rows in RETURNING. SQLite is asked first which keys are there; nobody else
//! writes meanwhile. MySQL and MariaDB lock the rows that are there, and the statement fails where others are by then.

use super::duplicates;
use super::outcome::{Outcome, Upserted};
use crate::dialect::Support;
use crate::driver::RowReader;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::pool::Link;
use crate::query::atomic::Atomic;
use crate::query::documents::Documents;
use crate::query::insert::{Batch, Chunk, Part, Placed, Shape, Slice, Take};
use crate::query::keys::{KeyIndex, among, select};
use crate::query::sink::Collect;
use crate::sql::{self, BindSource, ConflictAction, Expr, Lock, LockStrength, LockWait, OnConflict, Returning};
use crate::types::Value;

/// How often rows that somebody else inserts or deletes in between are tried again.
const TRIES: usize = 16;

/// Runs an upsert; each row in the order in which they were given.
pub(super) async fn upserted<M: Model>(batch: &Batch<'_>, link: &mut Link) -> Result<Vec<Upserted<M>>> {
    batch.shape.check()?;
    let Some(conflict) = &batch.shape.conflict else { return Err(missing::<M>()) };
    duplicates::refuse(batch)?;
    let parts = batch.parts();
    check_parts(batch, conflict, link, &parts)?;
    let mut documents = batch.documents();
    if is_one_statement(batch, link, conflict, &parts, &mut documents) {
        return run(batch, conflict, link, &parts, &mut documents).await;
    }
    let mut tries = 0;
    loop {
        tries += 1;
        let atomic = Atomic::begin_undoable(link).await?;
        let is_own = atomic.is_own();
        let result = run(batch, conflict, link, &parts, &mut documents).await;
        match atomic.end(link, result).await {
            Err(error) if is_own && error.kind() == ErrorKind::Deadlock && tries < TRIES => {}
            result => return result,
        }
    }
}

/// Refuses several statements of which one would read what another has written.
fn check_parts(batch: &Batch<'_>, conflict: &OnConflict, link: &Link, parts: &[Part]) -> Result<()> {
    let dialect = link.dialect();
    batch.check_parts(parts, dialect)?;
    if !batch.shape.reads_itself() {
        return Ok(());
    }
    let mut documents = batch.documents();
    let mut is_mixed = |part: &Part| {
        part.chunk(0, batch.shape, &mut documents, dialect).is_some_and(|chunk| {
            let keyed = (0..chunk.len()).filter(|&row| has_key(conflict, &chunk, row)).count();
            keyed > 0 && keyed < chunk.len()
        })
    };
    if parts.iter().any(&mut is_mixed) { Err(batch.several(dialect)) } else { Ok(()) }
}

/// Whether one statement writes all rows and returns them.
fn is_one_statement(
    batch: &Batch<'_>,
    link: &Link,
    conflict: &OnConflict,
    parts: &[Part],
    documents: &mut Documents<&dyn BindSource>,
) -> bool {
    let dialect = link.dialect();
    let updates_all = matches!(conflict.action, ConflictAction::Update { filter: None, .. });
    let [part] = parts else { return false };
    let first = part.chunk(0, batch.shape, documents, dialect);
    updates_all
        && dialect.new_row_mark().is_some()
        && first.is_some_and(|chunk| {
            chunk.len() == batch.count && (0..chunk.len()).all(|row| has_key(conflict, &chunk, row))
        })
}

/// Whether a row can clash by the key: not where a part of it is NULL, or is made by the database.
fn has_key(conflict: &OnConflict, chunk: &Chunk<'_>, row: usize) -> bool {
    let is_given = |&column: &u16| chunk.columns.contains(&column) && !chunk.value(row, column).is_null();
    conflict.target.columns.iter().all(is_given)
}

async fn run<M: Model>(
    batch: &Batch<'_>,
    conflict: &OnConflict,
    link: &mut Link,
    parts: &[Part],
    documents: &mut Documents<&dyn BindSource>,
) -> Result<Vec<Upserted<M>>> {
    let dialect = link.dialect();
    let mut run = Run { batch, conflict, rows: (0..batch.count).map(|_| None).collect() };
    for part in parts {
        let mut from = 0;
        while let Some(chunk) = part.chunk(from, batch.shape, documents, dialect) {
            from += chunk.len();
            run.chunk(link, &chunk).await?;
        }
    }
    run.rows.into_iter().collect::<Option<Vec<_>>>().ok_or_else(missing::<M>)
}

/// An upsert under way.
struct Run<'r, 'b, M> {
    batch: &'r Batch<'b>,
    conflict: &'r OnConflict,
    /// What became of each row so far.
    rows: Vec<Option<Upserted<M>>>,
}

impl<M: Model> Run<'_, '_, M> {
    /// Rows are written in the order given, so those that can clash by the key and those that can't take turns.
    async fn chunk(&mut self, link: &mut Link, chunk: &Chunk<'_>) -> Result<()> {
        let mut from = 0;
        while from < chunk.len() {
            let is_keyed = has_key(self.conflict, chunk, from);
            let rows = (from..chunk.len()).take_while(|&row| has_key(self.conflict, chunk, row) == is_keyed).count();
            let run = chunk.slice(from, rows);
            from += rows;
            if is_keyed { self.upsert(link, run).await? } else { self.insert_new(link, &run).await? }
        }
        Ok(())
    }

    async fn upsert(&mut self, link: &mut Link, chunk: Chunk<'_>) -> Result<()> {
        let dialect = link.dialect();
        if dialect.new_row_mark().is_some() {
            return self.by_mark(link, chunk).await;
        }
        match dialect.capabilities().conflict_target {
            Support::Native => self.by_looking_first(link, &chunk).await,
            Support::Absent => self.by_locking(link, chunk).await,
        }
    }

    /// Rows that clash with nothing by the key.
    async fn insert_new(&mut self, link: &mut Link, chunk: &Chunk<'_>) -> Result<()> {
        let mut placed = Placed::<M>::new(self.batch.count);
        self.batch.attempt(link, chunk, Some(&mut placed as &mut dyn Take)).await?;
        for (place, row) in placed.into_placed() {
            self.put(place, row, Outcome::Inserted);
        }
        Ok(())
    }

    /// The database says which rows are new. Those that it does not return stayed as they were, and are read; where one is not
    /// there any more, somebody has deleted it in between, and it is tried again.
    async fn by_mark(&mut self, link: &mut Link, chunk: Chunk<'_>) -> Result<()> {
        let mut places: Vec<usize> = chunk.places().collect();
        for _ in 0..TRIES {
            let chunk = chunk.picked(&places);
            let mut sink = Collect::new(marked::<M>);
            let returning = Returning::Marked(self.batch.shape.all_columns());
            self.batch.fetch(link, &chunk, returning, &mut sink).await?;
            let (rows, marks): (Vec<M>, Vec<bool>) = sink.into_rows().into_iter().unzip();
            let mut marks = marks.into_iter();
            self.take(&chunk, rows, |_| match marks.next() {
                Some(true) => Outcome::Inserted,
                _ => Outcome::Updated,
            })?;
            let unwritten = self.unanswered(&places);
            if unwritten.is_empty() {
                return Ok(());
            }
            let rest = chunk.picked(&unwritten);
            let rows = self.select(link, &rest, None).await?;
            self.take(&rest, rows, |_| Outcome::Unchanged)?;
            places = self.unanswered(&unwritten);
            if places.is_empty() {
                return Ok(());
            }
        }
        Err(missing::<M>())
    }

    /// Which keys are there is asked first, and nobody else writes meanwhile.
    async fn by_looking_first(&mut self, link: &mut Link, chunk: &Chunk<'_>) -> Result<()> {
        let before = self.select(link, chunk, None).await?;
        let mut sink = Collect::new(M::decode);
        let returning = Returning::Columns(self.batch.shape.all_columns());
        self.batch.fetch(link, chunk, returning, &mut sink).await?;
        let old = Slice(before.as_slice());
        let index = KeyIndex::new(M::table(), self.lasting_key(), &old, before.len());
        let after = sink.into_rows();
        let written = Slice(after.as_slice());
        let is_new: Vec<bool> = (0..after.len()).map(|row| index.find(&written, row).is_none()).collect();
        let mut is_new = is_new.into_iter();
        self.take(chunk, after, |_| match is_new.next() {
            Some(true) => Outcome::Inserted,
            _ => Outcome::Updated,
        })?;
        // What was there and was not returned is as it was.
        self.take(chunk, before, |_| Outcome::Unchanged)
    }

    /// The key by which a row is known again after it was written: the upsert's own, or, where that is about some rows only and
    /// others may hold the same, the primary key.
    fn lasting_key(&self) -> &[u16] {
        match self.conflict.target.filter {
            None => &self.conflict.target.columns,
            Some(_) => M::table().primary_key,
        }
    }

    /// The rows that are there are locked, and the statement is told which they are. Where somebody inserts another one in
    /// between, it fails, and that row is one of those that are there.
    async fn by_locking(&mut self, link: &mut Link, chunk: Chunk<'_>) -> Result<()> {
        for _ in 0..TRIES {
            let there = self.select(link, &chunk, Some(for_update())).await?;
            let (old, new) = self.split(&chunk, &there);
            let updated = match &self.conflict.action {
                ConflictAction::Nothing => Vec::new(),
                ConflictAction::Update { filter: None, .. } => old.clone(),
                ConflictAction::Update { filter: Some(filter), .. } => {
                    self.passing(link, &chunk.picked(&old), filter).await?
                }
            };
            if self.write_expected(link, &chunk, &old, &new).await? == Race::Lost {
                continue;
            }
            let written: Vec<usize> = new.iter().chain(&updated).copied().collect();
            if !written.is_empty() {
                let written = chunk.picked(&written);
                let rows = self.select(link, &written, None).await?;
                self.take(&written, rows, |place| match new.contains(&place) {
                    true => Outcome::Inserted,
                    false => Outcome::Updated,
                })?;
            }
            return self.take(&chunk, there, |_| Outcome::Unchanged);
        }
        Err(missing::<M>())
    }

    /// Writes rows of which it is known whose keys are there.
    async fn write_expected(&self, link: &mut Link, chunk: &Chunk<'_>, old: &[usize], new: &[usize]) -> Result<Race> {
        let key = &self.conflict.target.columns;
        let old = chunk.picked(old);
        let mut expected = among(M::table(), key, old.len(), |row, column| old.value(row, column).kept().to_owned());
        expected.retarget(sql::TableRef::new(M::table()), sql::excluded_row(M::table()));
        let conflict = OnConflict { expected: Some(expected), ..self.conflict.clone() };
        let shape = Shape { conflict: Some(conflict), ..self.batch.shape.clone() };
        let told = Batch { shape: &shape, ..*self.batch };
        let savepoint = link.savepoint().await?;
        let Err(error) = told.attempt(link, chunk, None).await else {
            return link.release_savepoint(savepoint).await.map(|()| Race::Won);
        };
        if error.kind() != ErrorKind::UniqueViolation {
            return Err(error);
        }
        // Another key, or a row that came in between?
        link.rollback_to(savepoint).await?;
        if !new.is_empty() && !self.select(link, &chunk.picked(new), Some(for_update())).await?.is_empty() {
            return Ok(Race::Lost);
        }
        link.abort(&error);
        Err(error)
    }

    /// The places of a chunk's rows whose key is among those that are there, and of those whose key is not.
    fn split(&self, chunk: &Chunk<'_>, there: &[M]) -> (Vec<usize>, Vec<usize>) {
        let source = Slice(there);
        let index = KeyIndex::new(M::table(), &self.conflict.target.columns, &source, there.len());
        let (old, new): (Vec<usize>, Vec<usize>) = (0..chunk.len()).partition(|&row| index.find(chunk, row).is_some());
        let place = |row: usize| chunk.place(row);
        (old.into_iter().map(place).collect(), new.into_iter().map(place).collect())
    }

    /// The places of those rows for which the upsert's filter holds, with the values of each for those of the row that was to be
    /// inserted. The rows are locked, so it still holds when they are updated.
    async fn passing(&self, link: &mut Link, chunk: &Chunk<'_>, filter: &Expr) -> Result<Vec<usize>> {
        if chunk.len() == 0 {
            return Ok(Vec::new());
        }
        let key = &self.conflict.target.columns;
        let holds = (0..chunk.len()).map(|row| {
            let is_row = among(M::table(), key, 1, |_, column| chunk.value(row, column).kept().to_owned());
            let mut filter = filter.clone();
            filter.replace_everywhere(&mut |expr| {
                let Expr::Column(column) = expr else { return None };
                let is_excluded = sql::excluded(*column) == *expr;
                let ty = column.definition()?.ty;
                is_excluded.then(|| Expr::value(chunk.value(row, column.index).kept().to_owned(), ty))
            });
            Expr::All(vec![is_row, filter])
        });
        let mut select = sql::Select::all_of(sql::TableRef::new(M::table()));
        select.add_filter(Expr::Any(holds.collect()));
        let mut sink = Collect::new(M::decode);
        let compiled = select.compile(link.dialect())?.within(self.batch.shape.timeout);
        link.fetch(&compiled, &mut sink).await?;
        Ok(self.split(chunk, &sink.into_rows()).0)
    }

    /// The rows that have the keys of a chunk, as far as the key is about them.
    async fn select(&self, link: &mut Link, chunk: &Chunk<'_>, lock: Option<Lock>) -> Result<Vec<M>> {
        let value = |row, column| -> Value { chunk.value(row, column).kept().to_owned() };
        let mut select = select(M::table(), &self.conflict.target.columns, chunk.len(), value);
        if let Some(filter) = &self.conflict.target.filter {
            select.add_filter(filter.clone());
        }
        select.lock = lock;
        let mut sink = Collect::new(M::decode);
        let compiled = select.compile(link.dialect())?.within(self.batch.shape.timeout);
        link.fetch(&compiled, &mut sink).await?;
        Ok(sink.into_rows())
    }

    /// Takes rows that have come, each for the row of the chunk that has its key, where there is not one yet.
    fn take(&mut self, chunk: &Chunk<'_>, rows: Vec<M>, mut outcome: impl FnMut(usize) -> Outcome) -> Result<()> {
        let index = KeyIndex::new(M::table(), &self.conflict.target.columns, chunk, chunk.len());
        let source = Slice(rows.as_slice());
        let found: Option<Vec<usize>> = (0..rows.len()).map(|row| index.find(&source, row)).collect();
        for (row, model) in found.ok_or_else(missing::<M>)?.into_iter().zip(rows) {
            let place = chunk.place(row);
            let outcome = outcome(place);
            self.put(place, model, outcome);
        }
        Ok(())
    }

    /// Those of these places of which it is not known yet what became of their rows.
    fn unanswered(&self, places: &[usize]) -> Vec<usize> {
        places.iter().copied().filter(|&place| self.rows.get(place).is_some_and(Option::is_none)).collect()
    }

    fn put(&mut self, place: usize, row: M, outcome: Outcome) {
        if let Some(slot) = self.rows.get_mut(place) {
            slot.get_or_insert(Upserted { row, outcome });
        }
    }
}

/// Who was quicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Race {
    Won,
    Lost,
}

fn for_update() -> Lock {
    Lock { strength: LockStrength::Update, wait: LockWait::Wait, of: Vec::new() }
}

/// Reads a row and the mark behind it.
fn marked<M: Model>(row: &mut RowReader<'_>) -> Result<(M, bool)> {
    Ok((M::decode(row)?, row.read()?))
}

#[cold]
pub(super) fn missing<M: Model>() -> Error {
    let message = "the database did not return each upserted row with the key it was given";
    Error::new(ErrorKind::Other, message).with_table(M::table().name)
}
