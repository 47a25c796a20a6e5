//! The entities that refer to one, found by their foreign keys.
//!
//! What belongs to an entity is not kept beside it: it is what its columns say. So a change of a foreign key and a change of a relation
//! are one change, both ends see it at once, and what undoes the one undoes the other. An index finds the rows; what was written
//! to since it was last asked is looked at again.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::PoisonError;

use super::super::entity::{Entry, State};
use super::super::identity_map::IdentityMap;
use super::super::slots::Slots;
use super::ends::Referring;
use crate::model::RowKey;
use crate::schema::Table;
use crate::types::ValueRef;

/// How many changed entities are noted. A session that changes more, and never asks what belongs to what, has no use for indexes.
const MOST: usize = 1 << 16;

/// Some columns of a model, with those that they are compared as.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct By {
    pub(in crate::session) table: &'static Table,
    pub(in crate::session) columns: &'static [u16],
    /// The columns of the key that they hold.
    pub(in crate::session) like: (&'static Table, &'static [u16]),
}

/// What an entity refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::session) enum Target {
    /// The row that has this key.
    Row(RowKey),
    /// The entity in this slot, whose key is not known before it is inserted.
    Entity(usize),
}

/// Which values of an entity an index is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Those that it has now, which the next flush writes.
    Now,
    /// Those that its row has.
    Row,
}

/// The indexes of a session, made when they are first asked.
#[derive(Default)]
pub(in crate::session) struct Indexes {
    indexes: Vec<Index>,
    /// The slots that were written to since.
    changed: HashSet<usize>,
}

struct Index {
    by: By,
    at: At,
    found: HashMap<Target, BTreeSet<usize>>,
    of: HashMap<usize, Target>,
    /// How many slots it has seen.
    seen: usize,
}

impl PartialEq for By {
    fn eq(&self, other: &By) -> bool {
        std::ptr::eq(self.table, other.table)
            && self.columns == other.columns
            && std::ptr::eq(self.like.0, other.like.0)
            && self.like.1 == other.like.1
    }
}

impl By {
    /// What an entity of this model refers to; `None` if that is nothing, or not known.
    pub(super) fn of(&self, entry: &Entry) -> Option<Target> {
        if !entry.is_here() || !std::ptr::eq(entry.entity.table(), self.table) {
            return None;
        }
        if let Some(reference) = entry.reference(self.columns) {
            return Some(Target::Entity(reference.target));
        }
        entry.knows(self.columns).then_some(())?;
        self.key(|column| entry.entity.value(column)).map(Target::Row)
    }

    /// The key that the row of an entity has in these columns; `None` if it has none.
    pub(super) fn of_row(&self, entry: &Entry) -> Option<RowKey> {
        let is_there = entry.state == State::Persistent && !entry.entity.is_marked();
        if !is_there || !std::ptr::eq(entry.entity.table(), self.table) {
            return None;
        }
        self.key(|column| entry.before(column))
    }

    /// Whether an entity has in these columns what its row has, and nothing else is to be written to them.
    pub(super) fn is_as_read(&self, entry: &Entry) -> bool {
        entry.state == State::Persistent
            && (entry.snapshot.is_none()
                || (entry.reference(self.columns).is_none()
                    && self.key(|column| entry.before(column)) == self.key(|column| entry.entity.value(column))))
    }

    /// The key that is made of these values.
    pub(super) fn key<'v>(&self, value: impl Fn(u16) -> ValueRef<'v>) -> Option<RowKey> {
        let own = |index: usize| self.columns.get(index).map_or(ValueRef::Null, |&column| value(column));
        Some(RowKey::new(self.like.0, self.like.1, |index, _| own(index))).filter(|key| !key.has_null())
    }
}

impl Entry {
    /// Whether it can belong to others, and others to it.
    pub(super) fn is_here(&self) -> bool {
        matches!(self.state, State::Pending | State::Persistent) && !self.entity.is_marked()
    }
}

impl Indexes {
    /// Records that an entity may have changed.
    pub(in crate::session) fn note(&mut self, slot: usize) {
        if self.indexes.is_empty() {
            return;
        }
        self.changed.insert(slot);
        if self.changed.len() > MOST {
            self.clear();
        }
    }

    /// Forgets everything.
    pub(in crate::session) fn clear(&mut self) {
        self.indexes.clear();
        self.changed.clear();
    }

    /// The slots of the entities that refer to this, in their order.
    fn find(&mut self, by: By, at: At, target: &Target, slots: &Slots) -> Vec<usize> {
        for slot in std::mem::take(&mut self.changed) {
            self.indexes.iter_mut().for_each(|index| index.enter(slot, slots));
        }
        let known = self.indexes.iter().position(|index| index.by == by && index.at == at).unwrap_or_else(|| {
            self.indexes.push(Index { by, at, found: HashMap::new(), of: HashMap::new(), seen: 0 });
            self.indexes.len() - 1
        });
        let Some(index) = self.indexes.get_mut(known) else { return Vec::new() };
        for slot in index.seen..slots.used() {
            index.enter(slot, slots);
        }
        index.seen = slots.used();
        index.found.get(target).into_iter().flatten().copied().collect()
    }
}

impl Index {
    /// Looks at an entity, again if it was there before.
    fn enter(&mut self, slot: usize, slots: &Slots) {
        let target = slots.get(slot).and_then(|entry| match self.at {
            At::Now => self.by.of(entry),
            At::Row => self.by.of_row(entry).map(Target::Row),
        });
        if self.of.get(&slot) == target.as_ref() {
            return;
        }
        if let Some(before) = self.of.remove(&slot)
            && let Some(found) = self.found.get_mut(&before)
        {
            found.remove(&slot);
            if found.is_empty() {
                self.found.remove(&before);
            }
        }
        if let Some(target) = target {
            self.found.entry(target.clone()).or_default().insert(slot);
            self.of.insert(slot, target);
        }
    }
}

impl IdentityMap {
    /// The slots of the entities that refer to this, in their order.
    pub(in crate::session) fn find_by(&self, by: By, target: &Target) -> Vec<usize> {
        self.find_at(by, At::Now, target)
    }

    fn find_at(&self, by: By, at: At, target: &Target) -> Vec<usize> {
        // A poisoned lock holds an index that is at most out of date, which the slots noted in it mend.
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        indexes.find(by, at, target, self.entries())
    }

    /// The entity that one refers to by its columns, as a key that these columns have. A key that was read is that of a row, whatever the
    /// program has made of its entity's key since; one that was written is what a key is to be.
    pub(super) fn referred_by_key(
        &self,
        entry: &Entry,
        columns: &'static [u16],
        referred: By,
        key: &RowKey,
    ) -> Option<usize> {
        let target = Target::Row(key.clone());
        let found = self.find_by(referred, &target);
        let refers = By { table: entry.entity.table(), columns, like: referred.like };
        if !refers.is_as_read(entry) {
            return found.first().copied();
        }
        let is_row = |slot: &usize| self.get(*slot).and_then(|entry| referred.of_row(entry)).as_ref() == Some(key);
        let row = found.iter().copied().find(is_row);
        row.or_else(|| self.find_at(referred, At::Row, &target).first().copied())
    }

    /// The slots of the entities that refer to the one in a slot: those that were loaded first, in the order they were loaded in.
    pub(super) fn referring(&self, slot: usize, referring: Referring) -> Vec<usize> {
        let Referring { by, key } = referring;
        let Some(entry) = self.get(slot) else { return Vec::new() };
        let mut found: BTreeSet<usize> = self.find_by(by, &Target::Entity(slot)).into_iter().collect();
        let owner = By { table: entry.entity.table(), columns: key, like: by.like };
        let is_as_read = |row: &usize| self.get(*row).is_some_and(|entry| by.is_as_read(entry));
        let row = owner.of_row(entry).map(Target::Row);
        let now = owner.of(entry).filter(|target| matches!(target, Target::Row(_)));
        if let Some(row) = &row {
            let is_one = |found: &usize| now.as_ref() == Some(row) || is_as_read(found);
            found.extend(self.find_by(by, row).into_iter().filter(is_one));
        }
        if let Some(now) = now.filter(|now| row.as_ref() != Some(now)) {
            found.extend(self.find_by(by, &now).into_iter().filter(|found| !is_as_read(found)));
        }
        let mut rows = Vec::with_capacity(found.len());
        let listed = self.lists.get(slot, by).map_or(&[][..], |list| list.members.as_slice());
        rows.extend(listed.iter().copied().filter(|member| found.remove(member)));
        rows.extend(found);
        rows
    }
}
