//! The identity map: one entity per row, found by its primary key.

use std::any::{Any, TypeId};
use std::collections::HashMap;

use super::Tracked;
use super::entity::{Entity, Entry, Freshness, State};
use super::undo::Undone;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

/// The entities of a session. A handle names a slot; a slot is never used twice.
#[derive(Default)]
pub(super) struct IdentityMap {
    slots: Vec<Option<Entry>>,
    keys: Keys,
}

/// For each model, which slot holds the row of a key.
#[derive(Default)]
pub(super) struct Keys {
    indexes: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl Keys {
    /// The index of a model.
    pub(super) fn of<M: Model>(&mut self) -> &mut HashMap<M::Key, usize> {
        let index = self.indexes.entry(TypeId::of::<M>()).or_insert_with(|| Box::new(HashMap::<M::Key, usize>::new()));
        #[allow(clippy::expect_used, reason = "the entry of a type is made one line above, and only there")]
        index.downcast_mut().expect("the index of a model has the model's key")
    }
}

impl IdentityMap {
    /// Takes an entity in. Its key is entered once the database has its row.
    pub(super) fn push(&mut self, entity: Box<dyn Entity>, state: State) -> usize {
        let slot = self.slots.len();
        if state == State::Persistent {
            entity.enter(&mut self.keys, slot);
        }
        self.slots.push(Some(Entry::new(entity, state)));
        slot
    }

    /// The slot that holds the row of a key. An entity whose key was changed in memory is not found by either key until
    /// the change is written.
    pub(super) fn find<M: Model>(&mut self, key: &M::Key) -> Option<usize> {
        let slot = self.keys.of::<M>().get(key).copied()?;
        let model: &M = self.get(slot)?.entity.as_any().downcast_ref()?;
        (model.key() == *key).then_some(slot)
    }

    pub(super) fn get(&self, slot: usize) -> Option<&Entry> {
        self.slots.get(slot)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, slot: usize) -> Option<&mut Entry> {
        self.slots.get_mut(slot)?.as_mut()
    }

    /// The slots that hold an entity in one of these states.
    pub(super) fn in_state(&self, state: State) -> Vec<usize> {
        self.entries().filter(|(_, entry)| entry.state == state).map(|(slot, _)| slot).collect()
    }

    /// The slots of persistent entities that were written to since the last flush.
    pub(super) fn touched(&self) -> Vec<usize> {
        let is_touched = |entry: &Entry| entry.state == State::Persistent && entry.snapshot.is_some();
        self.entries().filter(|(_, entry)| is_touched(entry)).map(|(slot, _)| slot).collect()
    }

    /// Takes an entity out.
    pub(super) fn remove(&mut self, slot: usize) -> Option<Entry> {
        let entry = self.slots.get_mut(slot)?.take()?;
        entry.entity.leave(&mut self.keys);
        Some(entry)
    }

    /// Enters the key that an entity has since its row was inserted.
    pub(super) fn enter(&mut self, slot: usize) {
        if let Some(Some(entry)) = self.slots.get(slot) {
            entry.entity.enter(&mut self.keys, slot);
        }
    }

    /// Takes the key of an entity out, whose row was deleted.
    pub(super) fn leave(&mut self, slot: usize) {
        if let Some(Some(entry)) = self.slots.get(slot) {
            entry.entity.leave(&mut self.keys);
        }
    }

    /// Makes the index anew, where keys may have passed from one entity to another.
    pub(super) fn enter_all(&mut self) {
        self.keys = Keys::default();
        for (slot, entry) in self.slots.iter().enumerate() {
            if let Some(entry) = entry.as_ref().filter(|entry| entry.state == State::Persistent) {
                entry.entity.enter(&mut self.keys, slot);
            }
        }
    }

    /// Takes note that everything is committed: deleted entities go, the others may be changed by somebody else from now.
    pub(super) fn committed(&mut self) {
        for slot in &mut self.slots {
            let Some(entry) = slot else { continue };
            if entry.state == State::Deleted {
                *slot = None;
                continue;
            }
            entry.undo.clear();
            entry.freshness = Freshness::Stale;
        }
    }

    /// Makes what changed at `level` part of the level below it.
    pub(super) fn merge_level(&mut self, level: u32) {
        self.slots.iter_mut().flatten().for_each(|entry| entry.merge_level(level));
    }

    /// Brings every entity back to what it was before `level`, and lets those go that came in since.
    pub(super) fn undo(&mut self, level: u32) -> Result<()> {
        for slot in &mut self.slots {
            let Some(entry) = slot else { continue };
            if entry.undo(level)? == Undone::Removed {
                *slot = None;
            }
        }
        self.enter_all();
        Ok(())
    }

    /// Lets everything go.
    pub(super) fn clear(&mut self) {
        self.slots.iter_mut().for_each(|slot| *slot = None);
        self.keys = Keys::default();
    }

    fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.slots.iter().enumerate().filter_map(|(slot, entry)| Some((slot, entry.as_ref()?)))
    }
}

/// The entity of a handle, where it is one of this session's and still there.
pub(super) fn resolve<M>(map: &IdentityMap, session: u64, handle: Tracked<M>) -> Result<&Entry> {
    if handle.session != session {
        return Err(Error::new(ErrorKind::Detached, "the handle belongs to another session"));
    }
    match map.get(handle.slot) {
        Some(entry) if matches!(entry.state, State::Pending | State::Persistent) => Ok(entry),
        Some(_) => Err(Error::new(ErrorKind::Detached, "the entity was deleted in this session")),
        None => Err(Error::new(
            ErrorKind::Detached,
            "the entity is no longer in this session: it was detached, or came in by a transaction that was rolled back",
        )),
    }
}
