//! [`Keys`]: the index from the keys of rows to slots.

use std::any::TypeId;
use std::collections::HashMap;

use crate::model::{Key, Model, Part, RowKey};

/// For each model, the slot that holds the row of a key.
#[derive(Default)]
pub(super) struct Keys {
    indexes: HashMap<TypeId, Index>,
}

/// Keys are mostly one integer, which takes less than half the room of any key.
#[derive(Default)]
struct Index {
    integers: HashMap<i64, usize>,
    others: HashMap<RowKey, usize>,
}

impl Keys {
    /// The slot indexed under a row's key, with that key.
    pub(super) fn find<M: Model>(&self, key: &M::Key) -> Option<(usize, RowKey)> {
        let index = self.indexes.get(&TypeId::of::<M>())?;
        let key = RowKey::primary(M::table(), |index, _| key.value(index));
        index.get(&key).map(|slot| (slot, key))
    }

    /// The slot indexed under a row's key.
    pub(super) fn find_key(&self, model: TypeId, key: &RowKey) -> Option<usize> {
        self.indexes.get(&model)?.get(key)
    }

    /// Indexes a slot under its row's key, and returns the other slot that had it before.
    pub(super) fn enter(&mut self, model: TypeId, key: RowKey, slot: usize) -> Option<usize> {
        self.indexes.entry(model).or_default().insert(key, slot).filter(|&before| before != slot)
    }

    /// Removes a slot, whatever its row's key is now.
    pub(super) fn leave(&mut self, model: TypeId, key: &RowKey, slot: usize) {
        let Some(index) = self.indexes.get_mut(&model) else { return };
        if index.get(key) == Some(slot) {
            index.remove(key);
        } else {
            // Its key has changed since it was indexed, which is rare, or it never was indexed.
            index.integers.retain(|_, entered| *entered != slot);
            index.others.retain(|_, entered| *entered != slot);
        }
    }
}

impl Index {
    fn get(&self, key: &RowKey) -> Option<usize> {
        let slot = match key {
            RowKey::One(Part::Integer(number)) => self.integers.get(number),
            _ => self.others.get(key),
        };
        slot.copied()
    }

    fn insert(&mut self, key: RowKey, slot: usize) -> Option<usize> {
        match key {
            RowKey::One(Part::Integer(number)) => self.integers.insert(number, slot),
            _ => self.others.insert(key, slot),
        }
    }

    fn remove(&mut self, key: &RowKey) {
        match key {
            RowKey::One(Part::Integer(number)) => self.integers.remove(number),
            _ => self.others.remove(key),
        };
    }
}
