//! [`Writes`]: what a session's statements may have changed, and which tables that reaches.
//!
//! An entity that was read before the last write that can have reached its row is stale. Time is counted in writes:
//! each moves the clock on, each entity knows at which time it was read, and to compare the two costs nothing per
//! statement, however many entities there are. A write reaches its own table, and the tables that foreign keys lead
//! from by an action; those are found upwards, from the foreign keys of the table that is asked about.

use std::num::NonZeroU64;

use crate::driver::Verb;
use crate::pool::Note;
use crate::schema::{Action, ForeignKey, Table};

/// When an entity was read, in writes of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(NonZeroU64);

/// What a session's statements may have changed.
#[derive(Debug, Default)]
pub(super) struct Writes {
    now: Moment,
    /// Every entity that was read before is stale.
    all_stale: Moment,
    /// Raw texts, of which it is unknown what they wrote.
    unknown: Mark,
    tables: Vec<(&'static Table, Marks)>,
    /// When flushes last wrote entities of a model.
    flushed: Vec<(&'static Table, Moment)>,
}

/// What was done to the rows of a table.
#[derive(Debug, Default)]
struct Marks {
    /// When a statement may last have changed rows, or let others' changes be seen.
    stale: Moment,
    /// When rows were last locked and read into the entities of this model.
    read: Moment,
    /// When the program last said that rows may have changed.
    expired: Moment,
    /// When a statement may last have added rows that are not in the session.
    added: Moment,
    inserted: Mark,
    updated: Mark,
    deleted: Mark,
}

/// When a table was last written to in one way, and the levels of the transaction that have done so, in order.
#[derive(Debug, Default)]
struct Mark {
    last: Moment,
    levels: Vec<u32>,
}

/// Who wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// A statement, which did not read what it changed.
    Statement,
    /// A flush, or what tracks what it locks: entities of its model are what it wrote or read.
    Flush,
}

/// What may have happened to the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Any,
    Updated,
    Deleted,
}

impl Default for Moment {
    fn default() -> Moment {
        Moment(NonZeroU64::MIN)
    }
}

impl Writes {
    /// The current moment: what is read now sees every earlier write.
    pub(super) fn now(&self) -> Moment {
        self.now
    }

    /// Records what was done at a level.
    pub(super) fn note(&mut self, note: Note, writer: Writer, level: u32) {
        match note {
            Note::Wrote(table, verb) => self.wrote(table, verb, writer, level),
            Note::Locked(table) if writer == Writer::Statement => {
                let now = self.tick();
                self.marks(table).stale = now;
            }
            Note::Locked(table) => {
                let now = self.tick();
                self.marks(table).read = now;
            }
            Note::Unknown => {
                let now = self.tick();
                self.unknown.note(now, level);
            }
        }
    }

    fn wrote(&mut self, table: &'static Table, verb: Verb, writer: Writer, level: u32) {
        if writer == Writer::Flush && verb != Verb::Delete {
            let now = self.tick();
            match self.flushed.iter_mut().find(|(known, _)| std::ptr::eq(*known, table)) {
                Some((_, last)) => *last = now,
                None => self.flushed.push((table, now)),
            }
        }
        if verb == Verb::Insert {
            // Existing rows stay as they are.
            let now = self.tick();
            let marks = self.marks(table);
            marks.inserted.note(now, level);
            if writer == Writer::Statement {
                marks.added = now;
            }
            return;
        }
        let now = self.tick();
        let marks = self.marks(table);
        match verb {
            Verb::Delete => marks.deleted.note(now, level),
            _ => marks.updated.note(now, level),
        }
        if writer == Writer::Statement {
            marks.stale = now;
        }
    }

    /// Lets time pass, so that what comes is told from what was. Returns the moment that is over.
    pub(super) fn pass(&mut self) -> Moment {
        let over = self.now;
        self.tick();
        over
    }

    /// Makes everything that was read before stale.
    pub(super) fn expire_all(&mut self) {
        self.all_stale = self.tick();
    }

    /// Makes the entities of a table that were read before stale.
    pub(super) fn expire(&mut self, table: &'static Table) {
        let now = self.tick();
        let marks = self.marks(table);
        (marks.stale, marks.expired) = (now, now);
    }

    /// Whether a row of this table may have changed since that moment; `None` stands for one that is long past.
    pub(super) fn is_stale(&self, table: &'static Table, read: Option<Moment>) -> bool {
        let Some(read) = read else { return true };
        if read == self.now {
            return false;
        }
        let own = self.of(table).map(|(written, marks)| match std::ptr::eq(*written, table) {
            true => marks.stale,
            // Another model of the same table, whose entities are not those that a flush of it has written.
            false => marks.stale.max(marks.read).max(marks.updated.last).max(marks.deleted.last),
        });
        let reached = self.reaching(table).into_iter().map(|mark| mark.last);
        own.chain(reached).chain([self.all_stale, self.unknown.last]).any(|last| read < last)
    }

    /// Whether flushes have written rows of a table by way of other models since a moment; `None` stands for one that is long past.
    pub(super) fn has_others(&self, table: &'static Table, since: Option<Moment>) -> bool {
        let is_other = |other: &'static Table| !std::ptr::eq(other, table) && other.is_same_table(table);
        let mut others = self.flushed.iter().filter(|(other, _)| is_other(other));
        others.any(|(_, last)| since.is_none_or(|since| since < *last))
    }

    /// Whether the rows of a table that refer to one of another are not known to be all those that were known at that moment.
    pub(super) fn may_lack(&self, table: &'static Table, of: &'static Table, read: Moment) -> bool {
        if self.of(of).any(|(_, marks)| read < marks.expired) {
            return true;
        }
        let mut added = self.of(table).map(|(written, marks)| match std::ptr::eq(*written, table) {
            true => marks.added,
            // What a flush has inserted by way of another model has no entity of this one.
            false => marks.inserted.last,
        });
        added.any(|last| read < last) || self.is_stale(table, Some(read))
    }

    /// The innermost level that has written to this table, of those that may still be undone.
    pub(super) fn level(&self, table: &'static Table) -> Option<u32> {
        let own = self.of(table).flat_map(|(_, marks)| [&marks.inserted, &marks.updated, &marks.deleted]);
        own.chain(self.reaching(table)).chain([&self.unknown]).filter_map(|mark| mark.levels.last().copied()).max()
    }

    /// Makes what was written at `level` part of the level below it.
    pub(super) fn merge_level(&mut self, level: u32) {
        self.each_mark(|mark| {
            if mark.levels.pop_if(|last| *last == level).is_some() {
                mark.note(mark.last, level.saturating_sub(1));
            }
        });
    }

    /// Undoes what was written at `level` and above, so that what was read since, or before, may be wrong.
    pub(super) fn undo(&mut self, level: u32) {
        let now = self.tick();
        for (_, marks) in &mut self.tables {
            if marks.updated.undo(level, now) | marks.deleted.undo(level, now) {
                marks.stale = now;
            }
            marks.inserted.undo(level, now);
        }
        self.unknown.undo(level, now);
    }

    /// Forgets what a transaction that has ended wrote; others may change everything from now on.
    pub(super) fn ended(&mut self) {
        self.tables.clear();
        self.unknown = Mark::default();
        self.expire_all();
    }

    fn tick(&mut self) -> Moment {
        self.now.0 = self.now.0.saturating_add(1);
        self.now
    }

    fn marks(&mut self, table: &'static Table) -> &mut Marks {
        let index = self.tables.iter().position(|(known, _)| std::ptr::eq(*known, table));
        let index = index.unwrap_or_else(|| {
            self.tables.push((table, Marks::default()));
            self.tables.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "the index was found, or made, above")]
        &mut self.tables[index].1
    }

    /// What was done to a table through any of its models.
    fn of(&self, table: &'static Table) -> impl Iterator<Item = &(&'static Table, Marks)> {
        self.tables.iter().filter(move |(known, _)| known.is_same_table(table))
    }

    fn each_mark(&mut self, mut change: impl FnMut(&mut Mark)) {
        for (_, marks) in &mut self.tables {
            change(&mut marks.inserted);
            change(&mut marks.updated);
            change(&mut marks.deleted);
        }
        change(&mut self.unknown);
    }

    /// What was done to other tables that foreign keys of this one follow.
    fn reaching(&self, table: &'static Table) -> Vec<&Mark> {
        let mut marks = Vec::new();
        if !self.tables.is_empty() {
            self.reach(table, Effect::Any, &mut marks, &mut Vec::new());
        }
        marks
    }

    fn reach<'w>(
        &'w self,
        table: &'static Table,
        effect: Effect,
        marks: &mut Vec<&'w Mark>,
        seen: &mut Vec<(&'static Table, Effect)>,
    ) {
        if seen.contains(&(table, effect)) {
            return;
        }
        seen.push((table, effect));
        for key in table.foreign_keys {
            let parent = (key.table)();
            if has_effect(deleted_with(key), effect) {
                marks.extend(self.of(parent).map(|(_, marks)| &marks.deleted));
                self.reach(parent, Effect::Deleted, marks, seen);
            }
            if has_effect(updated_with(key), effect) {
                marks.extend(self.of(parent).map(|(_, marks)| &marks.updated));
                self.reach(parent, Effect::Updated, marks, seen);
            }
        }
    }
}

impl Mark {
    fn note(&mut self, now: Moment, level: u32) {
        self.last = now;
        if self.levels.last().is_none_or(|last| *last < level) {
            self.levels.push(level);
        }
    }

    /// Returns whether there was something to undo.
    fn undo(&mut self, level: u32, now: Moment) -> bool {
        let kept = self.levels.iter().take_while(|noted| **noted < level).count();
        if kept == self.levels.len() {
            return false;
        }
        self.levels.truncate(kept);
        self.last = now;
        true
    }
}

/// What happens to a row when the row that it refers to is deleted.
fn deleted_with(key: &ForeignKey) -> Option<Effect> {
    match key.on_delete {
        Action::Restrict => None,
        Action::Cascade => Some(Effect::Deleted),
        Action::SetNull | Action::SetDefault => Some(Effect::Updated),
    }
}

/// What happens to a row when the key that it refers to is changed.
fn updated_with(key: &ForeignKey) -> Option<Effect> {
    (key.on_update != Action::Restrict).then_some(Effect::Updated)
}

fn has_effect(found: Option<Effect>, wanted: Effect) -> bool {
    found.is_some_and(|found| wanted == Effect::Any || found == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ColumnDef;

    static COLUMNS: &[ColumnDef] = &[];
    static TOP: Table = Table::new("top", COLUMNS);
    static MIDDLE: Table = table("middle").foreign_keys(&[key(top, Action::Cascade, Action::Restrict)]);
    static BOTTOM: Table = table("bottom").foreign_keys(&[key(middle, Action::SetNull, Action::Cascade)]);
    static LOOSE: Table = table("loose").foreign_keys(&[key(bottom, Action::Restrict, Action::Restrict)]);
    static OTHER_MODEL_OF_TOP: Table = table("top");

    const fn table(name: &'static str) -> Table {
        Table::new(name, COLUMNS)
    }

    const fn key(table: fn() -> &'static Table, on_delete: Action, on_update: Action) -> ForeignKey {
        ForeignKey::new(&[], table, &[]).on_delete(on_delete).on_update(on_update)
    }

    fn top() -> &'static Table {
        &TOP
    }

    fn middle() -> &'static Table {
        &MIDDLE
    }

    fn bottom() -> &'static Table {
        &BOTTOM
    }

    /// Which of the four tables what was read before is stale in, after a write.
    fn reached(table: &'static Table, verb: Verb, writer: Writer) -> [bool; 4] {
        let mut writes = Writes::default();
        let read = writes.now();
        writes.note(Note::Wrote(table, verb), writer, 0);
        [&TOP, &MIDDLE, &BOTTOM, &LOOSE].map(|table| writes.is_stale(table, Some(read)))
    }

    #[test]
    fn a_write_reaches_its_table_and_those_that_follow_it() {
        use Writer::{Flush, Statement};
        assert_eq!(reached(&TOP, Verb::Insert, Statement), [false; 4]);
        assert_eq!(reached(&TOP, Verb::Update, Statement), [true, false, false, false]);
        assert_eq!(reached(&TOP, Verb::Delete, Statement), [true, true, true, false]);
        assert_eq!(reached(&MIDDLE, Verb::Upsert, Statement), [false, true, true, false]);
        assert_eq!(reached(&LOOSE, Verb::Delete, Statement), [false, false, false, true]);
        assert_eq!(reached(&TOP, Verb::Delete, Flush), [false, true, true, false]);
        assert_eq!(reached(&MIDDLE, Verb::Update, Flush), [false, false, true, false]);
    }

    #[test]
    fn another_model_of_a_table_does_not_know_what_a_flush_wrote() {
        let mut writes = Writes::default();
        let read = writes.now();
        writes.note(Note::Wrote(&TOP, Verb::Update), Writer::Flush, 0);
        assert!(writes.is_stale(&OTHER_MODEL_OF_TOP, Some(read)));
        assert!(!writes.is_stale(&TOP, Some(read)));
        assert!(!writes.is_stale(&OTHER_MODEL_OF_TOP, Some(writes.now())));
        assert!(writes.is_stale(&TOP, None));
    }

    #[test]
    fn levels_are_merged_and_undone() {
        let mut writes = Writes::default();
        assert_eq!(writes.level(&TOP), None);
        writes.note(Note::Wrote(&TOP, Verb::Insert), Writer::Statement, 0);
        writes.note(Note::Wrote(&TOP, Verb::Delete), Writer::Flush, 2);
        assert_eq!((writes.level(&TOP), writes.level(&BOTTOM), writes.level(&LOOSE)), (Some(2), Some(2), None));
        writes.merge_level(2);
        assert_eq!(writes.level(&TOP), Some(1));
        let read = writes.now();
        writes.undo(1);
        assert_eq!((writes.level(&TOP), writes.level(&BOTTOM)), (Some(0), None));
        assert!(writes.is_stale(&TOP, Some(read)) && writes.is_stale(&BOTTOM, Some(read)));
        writes.note(Note::Unknown, Writer::Statement, 1);
        assert_eq!(writes.level(&LOOSE), Some(1));
        writes.ended();
        assert_eq!(writes.level(&LOOSE), None);
    }
}
