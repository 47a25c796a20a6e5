//! Upserts that say what became of each row.
//!
//! There are three ways. PostgreSQL marks new rows in RETURNING. SQLite is asked first which keys are there; nobody else
//! writes meanwhile. MySQL and MariaDB lock the rows that are there, and the statement fails where others are by then.

use std::collections::HashSet;

use super::duplicates::{self, is_about};
use super::outcome::{Outcome, Upserted};
use super::owners::split;
use super::refusals;
use crate::dialect::Support;
use crate::driver::RowReader;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::pool::Link;
use crate::query::run::Collect;
use crate::query::write::atomic::Atomic;
use crate::query::write::documents::Documents;
use crate::query::write::insert::{Batch, Chunk, Part, Placed, Shape, Slice, Take};
use crate::query::write::key_index::{KeyIndex, among, keys_fold};
use crate::sql::{
    self, BindSource, ConflictAction, DeletedRows, Expr, Lock, LockStrength, LockWait, OnConflict, Returning,
};

/// How often rows that somebody else inserts or deletes in between are tried again.
const TRIES: usize = 16;

/// Runs an upsert; each row in the order in which they were given.
pub(super) async fn upserted<M: Model>(batch: &Batch<'_>, link: &mut Link) -> Result<Vec<Upserted<M>>> {
    batch.shape.check()?;
    let Some(conflict) = &batch.shape.conflict else { return Err(missing::<M>()) };
    duplicates::refuse(batch)?;
    let parts = batch.parts();
    refusals::check(batch, conflict, link, &parts)?;
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
    // Where keys fold, two rows may turn out to have the same one.
    let may_fail = batch.count > 1 && keys_fold(batch.shape.table, &conflict.target.columns);
    updates_all
        && !may_fail
        && dialect.capabilities().new_row_mark.is_some()
        && first.is_some_and(|chunk| {
            chunk.len() == batch.count && (0..chunk.len()).all(|row| has_key(batch.shape, conflict, &chunk, row))
        })
}

/// Whether a row can clash by the key: not where a part of it is NULL, or is made by the database, or where the key is not about it.
pub(super) fn has_key(shape: &Shape, conflict: &OnConflict, chunk: &Chunk<'_>, row: usize) -> bool {
    if is_about(shape, chunk, row) == Some(false) {
        return false;
    }
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
    // Where keys fold, several rows may have been one.
    let is_twice = batch.count > 1 && keys_fold(batch.shape.table, &conflict.target.columns);
    let unanswered = || if is_twice { duplicates::some_key(batch) } else { missing::<M>() };
    run.rows.into_iter().collect::<Option<Vec<_>>>().ok_or_else(unanswered)
}

/// An upsert under way.
pub(super) struct Run<'r, 'b, M> {
    pub(super) batch: &'r Batch<'b>,
    pub(super) conflict: &'r OnConflict,
    /// What became of each row so far.
    rows: Vec<Option<Upserted<M>>>,
}

impl<M: Model> Run<'_, '_, M> {
    /// Rows are written in the order given, so those that can clash by the key and those that can't take turns.
    async fn chunk(&mut self, link: &mut Link, chunk: &Chunk<'_>) -> Result<()> {
        let mut from = 0;
        while from < chunk.len() {
            let is_keyed = has_key(self.batch.shape, self.conflict, chunk, from);
            let is_alike = |row: &usize| has_key(self.batch.shape, self.conflict, chunk, *row) == is_keyed;
            let rows = (from..chunk.len()).take_while(is_alike).count();
            let run = chunk.slice(from, rows);
            from += rows;
            if is_keyed { self.upsert(link, run).await? } else { self.insert_new(link, &run).await? }
        }
        Ok(())
    }

    async fn upsert(&mut self, link: &mut Link, chunk: Chunk<'_>) -> Result<()> {
        let dialect = link.dialect();
        if dialect.capabilities().new_row_mark.is_some() {
            return self.by_mark(link, chunk).await;
        }
        match dialect.capabilities().conflict_target {
            Support::Native => self.by_looking_first(link, &chunk).await,
            Support::Absent => self.by_locking(link, chunk).await,
        }
    }

    /// Rows that clash with none by the key.
    async fn insert_new(&mut self, link: &mut Link, chunk: &Chunk<'_>) -> Result<()> {
        let mut placed = Placed::<M>::new(self.batch.count);
        let shape = Shape { conflict: None, ..self.batch.shape.clone() };
        let batch = Batch { shape: &shape, ..*self.batch };
        batch.attempt(link, chunk, Some(&mut placed as &mut dyn Take)).await?;
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
            self.take(link, &chunk, rows, |row, _| match marks.get(row) {
                Some(true) => Outcome::Inserted,
                _ => Outcome::Updated,
            })
            .await?;
            let unwritten = self.unanswered(&places);
            if unwritten.is_empty() {
                return Ok(());
            }
            let rest = chunk.picked(&unwritten);
            let rows = self.select(link, &rest, None).await?;
            self.take(link, &rest, rows, |_, _| Outcome::Unchanged).await?;
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
        let there = self.owners(link, chunk, &before).await?;
        let mut sink = Collect::new(M::decode);
        let returning = Returning::Columns(self.batch.shape.all_columns());
        self.batch.fetch(link, chunk, returning, &mut sink).await?;
        let after = sink.into_rows();
        let is_new = self.new_rows(chunk, &there, &before, &after);
        self.take(link, chunk, after, |row, place| match is_new(row, place) {
            true => Outcome::Inserted,
            false => Outcome::Updated,
        })
        .await?;
        // What was there and was not returned is as it was.
        self.put_all(chunk, before, &there, |_, _| Outcome::Unchanged);
        Ok(())
    }

    /// Which of the rows that were written are new: those whose key was not there. Where it is not known which rows the key is about,
    /// the primary key tells them apart.
    fn new_rows(
        &self,
        chunk: &Chunk<'_>,
        there: &[usize],
        before: &[M],
        after: &[M],
    ) -> impl Fn(usize, usize) -> bool + use<M> {
        let is_known = (0..chunk.len()).all(|row| is_about(self.batch.shape, chunk, row).is_some());
        let there: HashSet<usize> = there.iter().map(|&row| chunk.place(row)).collect();
        let source = Slice(before);
        let index = KeyIndex::new(M::table(), M::table().primary_key, &source, before.len());
        let same_key: Vec<bool> = (0..after.len()).map(|row| index.find(&Slice(after), row).is_some()).collect();
        move |row, place| match is_known {
            true => !there.contains(&place),
            false => same_key.get(row) != Some(&true),
        }
    }

    /// The rows that are there are locked, and the statement is told which they are. Where somebody inserts another one in
    /// between, it fails, and that row is one of those that are there.
    async fn by_locking(&mut self, link: &mut Link, chunk: Chunk<'_>) -> Result<()> {
        for _ in 0..TRIES {
            let there = self.select(link, &chunk, Some(for_update())).await?;
            let owners = self.owners(link, &chunk, &there).await?;
            let (old, new) = split(&chunk, &owners);
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
                self.take(link, &written, rows, |_, place| match new.contains(&place) {
                    true => Outcome::Inserted,
                    false => Outcome::Updated,
                })
                .await?;
            }
            self.put_all(&chunk, there, &owners, |_, _| Outcome::Unchanged);
            return Ok(());
        }
        Err(missing::<M>())
    }

    /// Writes rows of which it is known whose keys are there.
    async fn write_expected(&self, link: &mut Link, chunk: &Chunk<'_>, old: &[usize], new: &[usize]) -> Result<Race> {
        let key = &self.conflict.target.columns;
        let old = chunk.picked(old);
        let mut expected = among(sql::TableRef::new(M::table()), key, old.len(), |row, column| {
            old.value(row, column).kept().to_owned()
        });
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

    /// The positions of those rows for which the upsert's filter holds, with the values of each for those of the row that was to be
    /// inserted. The rows are locked, so it still holds when they are updated.
    async fn passing(&self, link: &mut Link, chunk: &Chunk<'_>, filter: &Expr) -> Result<Vec<usize>> {
        if chunk.len() == 0 {
            return Ok(Vec::new());
        }
        let key = &self.conflict.target.columns;
        let holds = (0..chunk.len()).map(|row| {
            let is_row =
                among(sql::TableRef::new(M::table()), key, 1, |_, column| chunk.value(row, column).kept().to_owned());
            let mut filter = filter.clone();
            filter.replace_everywhere(&mut |expr| {
                let Expr::Column(column) = expr else { return None };
                let is_excluded = sql::excluded(*column) == *expr;
                let ty = column.definition()?.ty;
                let place = M::table().place_of(column.index, column.table.table)?;
                is_excluded.then(|| Expr::value(chunk.value(row, place).kept().to_owned(), ty))
            });
            Expr::All(vec![is_row, filter])
        });
        let mut select = sql::Select::all_of(sql::TableRef::new(M::table()));
        select.set_deleted(DeletedRows::Found);
        select.add_filter(Expr::Any(holds.collect()));
        let mut sink = Collect::new(M::decode);
        let compiled = select.compile(link.destination())?.within(self.batch.shape.timeout);
        link.fetch(&compiled, &mut sink).await?;
        let owners = self.owners(link, chunk, &sink.into_rows()).await?;
        Ok(split(chunk, &owners).0)
    }

    /// Takes rows that have come, each for the row of the chunk that has its key, where there is not one yet.
    async fn take(
        &mut self,
        link: &mut Link,
        chunk: &Chunk<'_>,
        rows: Vec<M>,
        outcome: impl Fn(usize, usize) -> Outcome,
    ) -> Result<()> {
        let owners = self.owners(link, chunk, &rows).await?;
        self.put_all(chunk, rows, &owners, outcome);
        Ok(())
    }

    /// The same of rows of which it is known whose key they have. `outcome` is given the number of each among them, and the position of
    /// the row whose key it has.
    fn put_all(
        &mut self,
        chunk: &Chunk<'_>,
        rows: Vec<M>,
        owners: &[usize],
        outcome: impl Fn(usize, usize) -> Outcome,
    ) {
        for ((number, model), &row) in rows.into_iter().enumerate().zip(owners) {
            let place = chunk.place(row);
            self.put(place, model, outcome(number, place));
        }
    }

    /// Those of these positions whose outcome is still unknown.
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

/// Reads a row and the mark after it.
fn marked<M: Model>(row: &mut RowReader<'_>) -> Result<(M, bool)> {
    Ok((M::decode(row)?, row.read()?))
}

#[cold]
pub(super) fn missing<M: Model>() -> Error {
    let message = "the database did not return each upserted row with the key it was given";
    Error::new(ErrorKind::Other, message).with_table(M::table().name)
}
