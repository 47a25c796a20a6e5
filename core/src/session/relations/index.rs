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

/// The indexes of a session, made when they are first asked.
#[derive(Default)]
pub(in crate::session) struct Indexes {
    indexes: Vec<Index>,
    /// The slots that were written to since.
    changed: HashSet<usize>,
}

struct Index {
    by: By,
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
        let is_there = matches!(entry.state, State::Pending | State::Persistent) && !entry.entity.is_marked();
        if !is_there || !std::ptr::eq(entry.entity.table(), self.table) {
            return None;
        }
        if let Some(reference) = entry.reference(self.columns) {
            return Some(Target::Entity(reference.target));
        }
        entry.knows(self.columns).then_some(())?;
        self.key(|column| entry.entity.value(column)).map(Target::Row)
    }

    /// The key that is made of these values.
    pub(super) fn key<'v>(&self, value: impl Fn(u16) -> ValueRef<'v>) -> Option<RowKey> {
        let own = |index: usize| self.columns.get(index).map_or(ValueRef::Null, |&column| value(column));
        Some(RowKey::new(self.like.0, self.like.1, |index, _| own(index))).filter(|key| !key.has_null())
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
    fn find(&mut self, by: By, target: &Target, slots: &Slots) -> Vec<usize> {
        for slot in std::mem::take(&mut self.changed) {
            self.indexes.iter_mut().for_each(|index| index.enter(slot, slots));
        }
        let known = self.indexes.iter().position(|index| index.by == by).unwrap_or_else(|| {
            self.indexes.push(Index { by, found: HashMap::new(), of: HashMap::new(), seen: 0 });
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
        let target = slots.get(slot).and_then(|entry| self.by.of(entry));
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
        // A poisoned lock holds an index that is at most out of date, which the slots noted in it mend.
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        indexes.find(by, target, self.entries())
    }

    /// The slots of the entities that refer to the one in a slot: those that were loaded first, in the order they were loaded in.
    pub(super) fn referring(&self, slot: usize, referring: Referring) -> Vec<usize> {
        let Referring { by, key } = referring;
        let Some(entry) = self.get(slot) else { return Vec::new() };
        let mut found: BTreeSet<usize> = self.find_by(by, &Target::Entity(slot)).into_iter().collect();
        let owner = By { table: entry.entity.table(), columns: key, like: by.like };
        if let Some(target @ Target::Row(_)) = owner.of(entry) {
            found.extend(self.find_by(by, &target));
        }
        let mut rows = Vec::with_capacity(found.len());
        let listed = self.lists.get(slot, by).map_or(&[][..], |list| list.members.as_slice());
        rows.extend(listed.iter().copied().filter(|member| found.remove(member)));
        rows.extend(found);
        rows
    }
}
