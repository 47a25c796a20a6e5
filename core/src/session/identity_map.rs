//! The identity map: one entity per row, found by its primary key.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::Tracked;
use super::entity::{Entry, State};
use super::kept::KnownTexts;
use super::keys::Keys;
use super::relations::{Indexes, Lists, References, Referred};
use super::slots::Slots;
use super::undo::Undone;
use super::writes::Writes;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Entity, Model};
use crate::schema::Table;
use crate::sql::Tenants;
use crate::types::Value;

/// The entities of a session. A handle names a slot; a slot is never used twice.
#[derive(Default)]
pub(super) struct IdentityMap {
    slots: Slots,
    /// One index for each model that entities were of.
    tables: Vec<&'static Table>,
    keys: Keys,
    /// The slots that the next flush may have something to write for.
    unwritten: BTreeSet<usize>,
    pub(super) writes: Writes,
    pub(super) indexes: Mutex<Indexes>,
    pub(super) lists: Lists,
    pub(super) referred: Referred,
    /// Whose its entities are.
    pub(super) tenants: Tenants,
    /// The current savepoint level; 0 is the transaction itself.
    pub(super) level: u32,
}

impl IdentityMap {
    /// For entities of these.
    pub(super) fn of(tenants: Tenants) -> IdentityMap {
        IdentityMap { tenants, ..IdentityMap::default() }
    }

    /// Adds an entity that is to be inserted. Its key is indexed once the database has its row.
    pub(super) fn add(&mut self, mut entity: Box<dyn Entity>) -> usize {
        self.give_tenant(&mut *entity);
        let mut entry = Entry::new(entity, State::Pending, self.writes.now());
        entry.came_in(self.level);
        let slot = self.push(entry);
        self.unwritten.insert(slot);
        slot
    }

    /// Adds an entity that was just read. If its table was written to before, the row is unknown once that is undone,
    /// and the entity is dropped with it.
    pub(super) fn read(&mut self, entity: Box<dyn Entity>, texts: KnownTexts) -> usize {
        let written = self.writes.level(entity.table());
        let mut entry = Entry { texts, ..Entry::new(entity, State::Persistent, self.writes.now()) };
        if let Some(level) = written {
            entry.came_in(level);
        }
        let slot = self.push(entry);
        self.enter(slot);
        slot
    }

    fn push(&mut self, entry: Entry) -> usize {
        let table = entry.entity.table();
        if !self.tables.iter().any(|known| std::ptr::eq(*known, table)) {
            self.tables.push(table);
        }
        self.slots.push(entry)
    }

    /// The tables that it may have entities of, once for each of their models.
    pub(super) fn tables(&self) -> &[&'static Table] {
        &self.tables
    }

    /// Every slot that was ever used.
    pub(super) fn slots(&self) -> Range<usize> {
        0..self.slots.used()
    }

    /// Makes room for the keys of so many rows of a model.
    pub(super) fn expect<M: Model>(&mut self, rows: usize) {
        self.keys.expect::<M>(rows);
    }

    /// The slot that holds the row of a key. An entity whose key was changed in memory is not found by either key until
    /// the change is written.
    pub(super) fn find<M: Model>(&self, key: &M::Key) -> Option<usize> {
        let (slot, key) = self.keys.find::<M>(key)?;
        (self.get(slot)?.entity.row_key() == key).then_some(slot)
    }

    /// The slot of the entity whose row has a key, whatever the program has made of the entity's key since.
    pub(super) fn holder<M: Model>(&self, key: &M::Key) -> Option<usize> {
        let (slot, _) = self.keys.find::<M>(key)?;
        self.get(slot).map(|_| slot)
    }

    pub(super) fn get(&self, slot: usize) -> Option<&Entry> {
        self.slots.get(slot)
    }

    pub(super) fn get_mut(&mut self, slot: usize) -> Option<&mut Entry> {
        self.indexes().note(slot);
        self.slots.get_mut(slot)
    }

    /// Where the entities are.
    pub(super) fn entries(&self) -> &Slots {
        &self.slots
    }

    fn indexes(&mut self) -> &mut Indexes {
        self.indexes.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// The slot of the entity whose row has the key of this one, of the same model.
    pub(super) fn holder_of(&self, entity: &dyn Entity) -> Option<usize> {
        let slot = self.keys.find_key(entity.as_any().type_id(), &entity.row_key())?;
        self.get(slot).map(|_| slot)
    }

    /// Whether an entity's row may have changed since it was read.
    pub(super) fn is_stale(&self, slot: usize) -> bool {
        self.get(slot).is_some_and(|entry| self.writes.is_stale(entry.entity.table(), entry.read))
    }

    /// Whether an entity's row is deleted, or to be deleted at the next flush.
    pub(super) fn is_going(&self, slot: usize) -> bool {
        self.get(slot).is_some_and(|entry| entry.state != State::Persistent)
    }

    /// Whether an entity is one of a row that is marked as deleted, which nobody finds who does not ask for such rows.
    pub(super) fn is_marked(&self, slot: usize) -> bool {
        self.get(slot).is_some_and(|entry| entry.entity.is_marked())
    }

    /// Makes an entity stale.
    pub(super) fn expire(&mut self, slot: usize) {
        if let Some(entry) = self.get_mut(slot) {
            entry.read = None;
        }
        self.lists.expire(slot);
    }

    /// Whether an entity whose row was read is to become that row: a stale one, unless it has what is not written yet, which the
    /// next flush compares with the row.
    pub(super) fn may_overwrite(&self, slot: usize) -> bool {
        self.is_stale(slot) && self.get(slot).is_some_and(|entry| !entry.is_unwritten())
    }

    /// Sets an entity to the row that was just read. Its key may be spelled differently than before.
    pub(super) fn overwrite(&mut self, slot: usize, model: Box<dyn Entity>, texts: KnownTexts) -> Result<()> {
        let (now, written) = (self.writes.now(), self.writes.level(model.table()));
        let Some(entry) = self.get_mut(slot) else { return Ok(()) };
        if let Some(level) = written {
            entry.before_change(level);
        }
        let before = entry.entity.row_key();
        entry.overwrite(model)?;
        entry.texts = texts;
        entry.read = Some(now);
        if entry.entity.row_key() != before {
            self.moved(slot);
        }
        Ok(())
    }

    /// Records that an entity may be changed: the next flush looks at it.
    pub(super) fn touch(&mut self, slot: usize) -> Option<&mut Entry> {
        let level = self.level;
        self.indexes().note(slot);
        let entry = self.slots.get_mut(slot)?;
        if entry.state == State::Persistent {
            let values = entry.before_change(level);
            if entry.snapshot.is_none() {
                entry.snapshot = Some(values.unwrap_or_else(|| Arc::new(entry.entity.values())));
            }
            self.unwritten.insert(slot);
        }
        Some(entry)
    }

    /// Records that an entity's row is to be deleted at the next flush: marked, where its model says so, and else removed.
    pub(super) fn delete(&mut self, slot: usize) -> Result<()> {
        let soft = self.get(slot).and_then(|entry| entry.entity.table().soft_delete);
        let Some(soft) = soft.filter(|_| self.get(slot).is_some_and(|entry| entry.state == State::Persistent)) else {
            return self.purge(slot);
        };
        let Some(entry) = self.touch(slot) else { return Ok(()) };
        if !entry.entity.is_marked() {
            entry.entity.assign(soft.column, soft.value().as_ref())?;
        }
        if entry.settle() {
            entry.state = State::Marking;
        } else {
            self.deleted(slot);
        }
        Ok(())
    }

    /// Records that an entity's row is to be removed at the next flush.
    pub(super) fn purge(&mut self, slot: usize) -> Result<()> {
        let level = self.level;
        let Some(entry) = self.get_mut(slot) else { return Ok(()) };
        if entry.state == State::Pending {
            self.never_comes(slot)?;
            self.remove(slot);
            return Ok(());
        }
        entry.before_change(level);
        entry.state = State::Deleting;
        self.unwritten.insert(slot);
        Ok(())
    }

    /// Records that an entity which was to be inserted never will be. Its handle is spent, until this is undone.
    pub(super) fn given_up(&mut self, slot: usize) {
        let level = self.level;
        let Some(entry) = self.get_mut(slot) else { return };
        entry.before_change(level);
        entry.state = State::Deleted;
    }

    /// Records that the next flush may have something to write for an entity.
    pub(super) fn look_at(&mut self, slot: usize) {
        self.unwritten.insert(slot);
    }

    /// Drops what needs no writing from the slots to look at.
    pub(super) fn settle(&mut self) {
        let slots = &mut self.slots;
        self.unwritten.retain(|&slot| slots.get_mut(slot).is_some_and(Entry::settle));
    }

    /// The slots to write that hold an entity in one of these states.
    pub(super) fn in_state(&self, state: State) -> Vec<usize> {
        let is_in_state = |slot: &usize| self.get(*slot).is_some_and(|entry| entry.state == state);
        self.unwritten.iter().copied().filter(is_in_state).collect()
    }

    /// The slots to write that hold an entity whose row may have changed.
    pub(super) fn updating(&self) -> Vec<usize> {
        let is_updating = |entry: &Entry| matches!(entry.state, State::Persistent | State::Marking);
        self.unwritten.iter().copied().filter(|&slot| self.get(slot).is_some_and(is_updating)).collect()
    }

    /// The entities that the next flush may have something to write for.
    pub(super) fn unwritten(&self) -> impl Iterator<Item = &Entry> {
        self.unwritten.iter().filter_map(|&slot| self.get(slot))
    }

    /// The same with their slots.
    pub(super) fn unwritten_slots(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.unwritten.iter().filter_map(|&slot| Some((slot, self.get(slot)?)))
    }

    /// Removes each entity that has nothing to be written, and says how many there were.
    pub(super) fn trim(&mut self) -> usize {
        self.settle();
        let is_idle = |slot: &usize| !self.unwritten.contains(slot);
        let slots: Vec<usize> = self.slots.iter().map(|(slot, _)| slot).filter(is_idle).collect();
        slots.iter().for_each(|&slot| drop(self.remove(slot)));
        slots.len()
    }

    /// Removes an entity.
    pub(super) fn remove(&mut self, slot: usize) -> Option<Entry> {
        self.unlist(slot);
        if self.get(slot).is_some_and(|entry| entry.state.is_there()) {
            self.no_longer_referred(slot);
        }
        self.indexes().note(slot);
        let entry = self.slots.take(slot)?;
        if entry.state.is_there() {
            entry.entity.leave(&mut self.keys, slot);
        }
        self.unwritten.remove(&slot);
        Some(entry)
    }

    /// Records that an entity's row was inserted.
    pub(super) fn inserted(&mut self, slot: usize, texts: KnownTexts) {
        let now = self.writes.now();
        let Some(entry) = self.get_mut(slot) else { return };
        entry.texts = texts;
        entry.state = State::Persistent;
        entry.snapshot = None;
        entry.references_are_written();
        entry.read = Some(now);
        self.lists.born(slot, now);
        self.enter(slot);
    }

    /// Records that an entity's row has another key from now on.
    pub(super) fn moved(&mut self, slot: usize) {
        if let Some(entry) = self.slots.get(slot) {
            entry.entity.leave(&mut self.keys, slot);
        }
        self.enter(slot);
    }

    /// Records that an entity's row has an unknown key for a while.
    pub(super) fn leave(&mut self, slot: usize) {
        if let Some(entry) = self.slots.get(slot) {
            entry.entity.leave(&mut self.keys, slot);
        }
    }

    /// Records that an entity's row is gone: its handle is detached, unless the deletion is undone.
    pub(super) fn lose(&mut self, slot: usize) {
        let level = self.get(slot).and_then(|entry| self.writes.level(entry.entity.table()));
        self.indexes().note(slot);
        let Some(entry) = self.slots.get_mut(slot) else { return };
        if let Some(level) = level {
            entry.before_change(level);
        }
        entry.state = State::Deleted;
        entry.entity.leave(&mut self.keys, slot);
    }

    /// Records that a read of what is not marked as deleted has not found an entity's row. One that has changes which are not written
    /// stays, for the flush to tell of, and so does one that was read as deleted.
    pub(super) fn row_is_gone(&mut self, slot: usize) {
        if self.get(slot).is_some_and(|entry| !entry.is_unwritten() && !entry.entity.is_marked()) {
            self.lose(slot);
        }
    }

    /// Records that a flush wrote an entity's changes; where they mark its row as deleted, it is as though it were gone.
    pub(super) fn updated(&mut self, slot: usize, defaults: &[(u16, Value)]) -> Result<()> {
        let Some(entry) = self.get_mut(slot) else { return Ok(()) };
        entry.updated(defaults)?;
        if entry.state == State::Marking {
            self.deleted(slot);
        }
        Ok(())
    }

    /// Records that a flush deleted an entity's row.
    pub(super) fn deleted(&mut self, slot: usize) {
        let level = self.level;
        self.indexes().note(slot);
        let Some(entry) = self.slots.get_mut(slot) else { return };
        entry.before_change(level);
        entry.state = State::Deleted;
        entry.entity.leave(&mut self.keys, slot);
    }

    /// Indexes an entity by its key. If another one has that key, that one's row must be gone, since keys are unique.
    fn enter(&mut self, slot: usize) {
        let Some(entry) = self.slots.get(slot) else { return };
        if let Some(other) = entry.entity.enter(&mut self.keys, slot) {
            self.lose(other);
        }
    }

    /// Records that what was written is committed, or may be: deleted entities are dropped, and others may change the
    /// remaining rows from now on.
    pub(super) fn committed(&mut self) {
        self.slots.retain(|entry| {
            entry.undo = Box::default();
            entry.state != State::Deleted
        });
        self.level = 0;
        self.writes.ended();
        self.lists.committed();
    }

    /// Records that it is unknown whether the transaction was committed. What was not written is dropped, and everything
    /// else must be read anew.
    pub(super) fn commit_unknown(&mut self) -> Result<()> {
        for &slot in &self.unwritten {
            let Some(entry) = self.slots.get_mut(slot) else { continue };
            match entry.state {
                State::Pending => {
                    self.slots.take(slot);
                    continue;
                }
                State::Deleting | State::Marking => entry.state = State::Persistent,
                State::Persistent | State::Deleted => {}
            }
            entry.refers = References::default();
            if let Some(values) = entry.snapshot.take() {
                entry.entity.restore(&values)?;
            }
        }
        self.committed();
        self.rebuild();
        Ok(())
    }

    /// Makes what changed at `level` part of the level below it.
    pub(super) fn merge_level(&mut self, level: u32) {
        self.slots.iter_mut().for_each(|entry| entry.merge_level(level));
        self.writes.merge_level(level);
        self.lists.merge_level(level);
        self.level = level.saturating_sub(1);
    }

    /// Restores every entity to what it was before `level`, and drops those added since.
    pub(super) fn undo(&mut self, level: u32) -> Result<()> {
        self.writes.undo(level);
        self.lists.undo(level);
        self.level = level.saturating_sub(1);
        let mut result = Ok(());
        self.slots.retain(|entry| match entry.undo(level) {
            Ok(undone) => undone == Undone::Kept,
            Err(error) => {
                result = Err(error);
                true
            }
        });
        self.rebuild();
        result
    }

    /// Restores every entity to what it was before the transaction.
    pub(super) fn rolled_back(&mut self) -> Result<()> {
        let result = self.undo(0);
        self.writes.ended();
        result
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.keys = Keys::default();
        self.unwritten.clear();
        self.indexes().clear();
        self.lists.clear();
        self.referred.clear();
    }

    /// Rebuilds the indexes, after many entities have changed at once.
    fn rebuild(&mut self) {
        self.indexes().clear();
        self.keys = Keys::default();
        self.unwritten.clear();
        for (slot, entry) in self.slots.iter() {
            if entry.state == State::Persistent {
                entry.entity.enter(&mut self.keys, slot);
            }
            if matches!(entry.state, State::Pending | State::Deleting)
                || entry.snapshot.is_some()
                || !entry.refers.is_empty()
            {
                self.unwritten.insert(slot);
            }
        }
        let slots = &self.slots;
        let is_going =
            |slot| slots.get(slot).is_some_and(|entry| matches!(entry.state, State::Deleting | State::Marking));
        self.lists.retain_left(is_going);
    }
}

/// The entity of a handle, if it is this session's and still there.
pub(super) fn resolve<M>(map: &IdentityMap, session: u64, handle: Tracked<M>) -> Result<&Entry> {
    if handle.session != session {
        return Err(Error::new(ErrorKind::Detached, "the handle belongs to another session"));
    }
    match map.get(handle.slot) {
        Some(entry) if matches!(entry.state, State::Pending | State::Persistent) => Ok(entry),
        Some(_) => Err(Error::new(ErrorKind::Detached, "the entity's row was deleted")),
        None => Err(Error::new(
            ErrorKind::Detached,
            "the entity is no longer in this session: it was detached, its row was deleted, or it came in by a transaction \
             that was rolled back",
        )),
    }
}
