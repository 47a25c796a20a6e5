//! [`Keys`]: the index from the keys of rows to slots.

use std::any::TypeId;
use std::collections::HashMap;

use crate::model::{Key, Model, RowKey};

/// For each model, the slot that holds the row of a key.
#[derive(Default)]
pub(super) struct Keys {
    indexes: HashMap<TypeId, HashMap<RowKey, usize>>,
}

impl Keys {
    /// The slot indexed under a row's key, with that key.
    pub(super) fn find<M: Model>(&self, key: &M::Key) -> Option<(usize, RowKey)> {
        let index = self.indexes.get(&TypeId::of::<M>())?;
        let key = RowKey::primary(M::table(), |index, _| key.value(index));
        index.get(&key).map(|&slot| (slot, key))
    }

    /// Indexes a slot under its row's key, and returns the other slot that had it before.
    pub(super) fn enter(&mut self, model: TypeId, key: RowKey, slot: usize) -> Option<usize> {
        self.indexes.entry(model).or_default().insert(key, slot).filter(|&before| before != slot)
    }

    /// Removes a slot, whatever its row's key is now.
    pub(super) fn leave(&mut self, model: TypeId, key: &RowKey, slot: usize) {
        let Some(index) = self.indexes.get_mut(&model) else { return };
        if index.get(key) == Some(&slot) {
            index.remove(key);
        } else {
            // Its key has changed since it was indexed, which is rare, or it never was indexed.
            index.retain(|_, entered| *entered != slot);
        }
    }
}
