//! [`Lists`]: of which entities all rows that refer to them are in the session.

use std::collections::{HashMap, HashSet};

use super::super::entity::State;
use super::super::identity_map::IdentityMap;
use super::super::writes::Moment;
use super::index::{By, Target};
use crate::error::Result;
use crate::model::RowKey;

/// What was loaded, by the columns that refer and the slot of the entity that they refer to.
#[derive(Default)]
pub(in crate::session) struct Lists {
    lists: Vec<(By, HashMap<usize, List>)>,
    /// When rows were inserted by this session: what refers to them has come since.
    born: HashMap<usize, Option<Moment>>,
    /// Of which of those it is not known any more, by the columns that refer to them.
    doubts: Vec<(By, Doubt)>,
    /// The rows between two entities that the session made by itself.
    made: HashSet<usize>,
    /// The rows that are to be deleted because they belong to something no longer, with the columns that said so.
    left: HashMap<usize, Box<[u16]>>,
}

/// The rows inserted by this session to which others refer that are not in it.
#[derive(Default)]
struct Doubt {
    slots: HashSet<usize>,
    /// All that were inserted up to then.
    until: Option<Moment>,
}

/// The rows that referred to an entity when they were loaded, in their order.
pub(in crate::session) struct List {
    pub(super) members: Vec<usize>,
    /// The key that a row refers by to one that is not there.
    absent: Option<RowKey>,
    /// When that was; `None` if it is not to be trusted.
    read: Option<Moment>,
    /// The savepoint level that had written to the table before, whose undoing may bring rows back; `None` if none had.
    level: Option<u32>,
}

impl Lists {
    pub(super) fn get(&self, slot: usize, by: By) -> Option<&List> {
        self.lists.iter().find(|(known, _)| *known == by)?.1.get(&slot)
    }

    fn set(&mut self, slot: usize, by: By, list: List) {
        let known = self.lists.iter().position(|(known, _)| *known == by).unwrap_or_else(|| {
            self.lists.push((by, HashMap::new()));
            self.lists.len() - 1
        });
        if let Some((_, lists)) = self.lists.get_mut(known) {
            lists.insert(slot, list);
        }
    }

    /// Records that a row was inserted.
    pub(in crate::session) fn born(&mut self, slot: usize, now: Moment) {
        self.born.insert(slot, Some(now));
    }

    /// Records that rows may refer to an entity of which the session does not know.
    pub(in crate::session) fn expire(&mut self, slot: usize) {
        self.lists.iter_mut().filter_map(|(_, lists)| lists.get_mut(&slot)).for_each(|list| list.read = None);
        if let Some(born) = self.born.get_mut(&slot) {
            *born = None;
        }
    }

    /// Records that the session made a row by itself.
    pub(super) fn made(&mut self, slot: usize) {
        self.made.insert(slot);
    }

    /// Whether that is recorded.
    pub(super) fn is_made(&self, slot: usize) -> bool {
        self.made.contains(&slot)
    }

    /// Records that a row is to be deleted because it no longer belongs to what these columns refer to.
    fn left(&mut self, slot: usize, columns: Box<[u16]>) {
        self.left.insert(slot, columns);
    }

    /// Forgets that.
    pub(super) fn is_back(&mut self, slot: usize) {
        self.left.remove(&slot);
    }

    /// The columns by which a row that is to be deleted belonged to something, if it is deleted because of that.
    pub(super) fn left_by(&self, slot: usize) -> Option<&[u16]> {
        self.left.get(&slot).map(|columns| &**columns)
    }

    /// Whether rows are to be deleted because they belong to something no longer.
    pub(super) fn has_left(&self) -> bool {
        !self.left.is_empty()
    }

    /// Keeps that of the rows only of which this holds.
    pub(in crate::session) fn retain_left(&mut self, is_going: impl Fn(usize) -> bool) {
        self.left.retain(|slot, _| is_going(*slot));
    }

    /// Forgets what was known of an entity.
    fn forget(&mut self, slot: usize) {
        self.lists.iter_mut().for_each(|(_, lists)| drop(lists.remove(&slot)));
        self.born.remove(&slot);
        self.made.remove(&slot);
        self.left.remove(&slot);
        for (_, doubt) in &mut self.doubts {
            doubt.slots.remove(&slot);
        }
    }

    /// Whether there is anything that an entity may be part of.
    fn is_empty(&self) -> bool {
        self.born.is_empty() && self.lists.iter().all(|(_, lists)| lists.is_empty())
    }

    /// Records that not all rows are known that refer to an entity.
    fn remove(&mut self, slot: usize, by: By) {
        if let Some((_, lists)) = self.lists.iter_mut().find(|(known, _)| *known == by) {
            lists.remove(&slot);
        }
        if self.born.contains_key(&slot) {
            self.doubt(by).slots.insert(slot);
        }
    }

    /// Records that of no entity all rows are known that refer to it.
    fn remove_all(&mut self, by: By, now: Moment) {
        if let Some((_, lists)) = self.lists.iter_mut().find(|(known, _)| *known == by) {
            lists.clear();
        }
        if !self.born.is_empty() {
            self.doubt(by).until = Some(now);
        }
    }

    fn doubt(&mut self, by: By) -> &mut Doubt {
        let known = self.doubts.iter().position(|(known, _)| *known == by).unwrap_or_else(|| {
            self.doubts.push((by, Doubt::default()));
            self.doubts.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "the index was found, or made, above")]
        &mut self.doubts[known].1
    }

    /// When a row was inserted by this session, if all that refers to it by these columns has come since.
    fn born_at(&self, slot: usize, by: By) -> Option<Option<Moment>> {
        let born = self.born.get(&slot).copied()?;
        let doubt = self.doubts.iter().find(|(known, _)| *known == by).map(|(_, doubt)| doubt);
        let is_doubtful = |doubt: &Doubt| {
            doubt.slots.contains(&slot) || doubt.until.is_some_and(|until| born.is_none_or(|born| born <= until))
        };
        (!doubt.is_some_and(is_doubtful)).then_some(born)
    }

    /// Records that what was written is committed.
    pub(in crate::session) fn committed(&mut self) {
        self.made.clear();
        self.left.clear();
        self.each(|list| list.level = None);
    }

    /// Makes what `level` has written part of the level below it.
    pub(in crate::session) fn merge_level(&mut self, level: u32) {
        self.each(|list| list.level = list.level.map(|own| own.min(level.saturating_sub(1))));
    }

    /// Forgets what was loaded after `level`, or one above, had written: rows may be back that were not there then.
    pub(in crate::session) fn undo(&mut self, level: u32) {
        for (_, lists) in &mut self.lists {
            lists.retain(|_, list| list.level.is_none_or(|own| own < level));
        }
    }

    pub(in crate::session) fn clear(&mut self) {
        self.lists.clear();
        self.born.clear();
        self.doubts.clear();
        self.made.clear();
        self.left.clear();
    }

    fn each(&mut self, mut change: impl FnMut(&mut List)) {
        self.lists.iter_mut().flat_map(|(_, lists)| lists.values_mut()).for_each(&mut change);
    }
}

impl IdentityMap {
    /// Records that an entity is to be deleted because it no longer belongs to what it refers to by these columns. Where others have moved
    /// its row meanwhile, it belongs to somebody else, and the flush says so.
    pub(super) fn leave_for_good(&mut self, slot: usize, columns: &[u16]) -> Result<()> {
        if self.get(slot).is_some_and(|entry| entry.state == State::Persistent) {
            self.touch(slot);
            self.lists.left(slot, columns.into());
        }
        self.delete(slot)
    }

    /// Whether all rows that refer to an entity are in the session, as far as it knows.
    pub(super) fn is_loaded(&self, slot: usize, by: By) -> bool {
        self.lists.get(slot, by).is_some()
            || self.lists.born_at(slot, by).is_some_and(|born| !self.writes.has_others(by.table, born))
            || self.get(slot).is_some_and(|entry| entry.state == State::Pending)
    }

    /// Whether there may be others by now.
    pub(super) fn may_lack(&self, slot: usize, by: By) -> bool {
        let listed = self.lists.get(slot, by).map(|list| list.read);
        match listed.or_else(|| self.lists.born_at(slot, by)).flatten() {
            Some(read) => self.writes.may_lack(by.table, by.like.0, read),
            None => true,
        }
    }

    /// Records which rows refer to an entity.
    pub(super) fn list(&mut self, slot: usize, by: By, members: Vec<usize>) {
        let list = List { members, absent: None, read: Some(self.writes.now()), level: self.writes.level(by.table) };
        self.lists.set(slot, by, list);
    }

    /// Records that an entity refers by a key to a row that is not there.
    pub(super) fn list_none(&mut self, slot: usize, by: By, key: RowKey) {
        let level = self.writes.level(by.table);
        let list = List { members: Vec::new(), absent: Some(key), read: Some(self.writes.now()), level };
        self.lists.set(slot, by, list);
    }

    /// Whether that is recorded.
    pub(super) fn is_listed_none(&self, slot: usize, by: By, key: &RowKey) -> bool {
        self.lists.get(slot, by).and_then(|list| list.absent.as_ref()) == Some(key)
    }

    /// Records that an entity leaves the session while its row stays: what it belongs to is no longer all there.
    pub(in crate::session) fn unlist(&mut self, slot: usize) {
        self.lists.forget(slot);
        if self.lists.is_empty() {
            return;
        }
        let Some(entry) = self.get(slot).filter(|entry| entry.state.is_there() || entry.state == State::Deleted) else {
            return;
        };
        // What it referred to before may come back, and an owner that is going too.
        let is_simple = entry.state == State::Persistent && entry.snapshot.is_none() && entry.undo.is_empty();
        let table = entry.entity.table();
        let owners = table.foreign_keys.iter().filter_map(|key| {
            let like = ((key.table)(), key.references);
            let by = By { table, columns: key.columns, like };
            let owner = match by.of(entry) {
                _ if !is_simple => None,
                None => return None,
                Some(Target::Entity(owner)) => Some(owner),
                Some(Target::Row(key)) => {
                    let owners = By { table: like.0, columns: like.1, like };
                    self.referred_by_key(entry, by.columns, owners, &key)
                }
            };
            Some((by, owner))
        });
        for (by, owner) in owners.collect::<Vec<_>>() {
            match owner {
                Some(owner) => self.lists.remove(owner, by),
                None => {
                    let now = self.writes.pass();
                    self.lists.remove_all(by, now);
                }
            }
        }
    }
}
