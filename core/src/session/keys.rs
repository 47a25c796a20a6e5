//! [`Keys`]: the index from the keys of rows to slots.

use std::any::TypeId;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::model::{Key, Model, Part, RowKey};

/// For each model, the slot that holds the row of a key.
#[derive(Default)]
pub(super) struct Keys {
    /// A session has entities of few models.
    indexes: Vec<(TypeId, Index)>,
}

/// Keys are mostly one integer, which takes less than half the room of any key.
#[derive(Default)]
struct Index {
    integers: HashMap<i64, usize, Mixing>,
    others: HashMap<RowKey, usize>,
}

/// Hashes numbers by one multiplication, with a number that nobody knows: thousands of rows are entered at once.
#[derive(Clone)]
struct Mixing(u64);

struct Mixed(u64);

/// An odd number whose bits have no pattern: of the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Default for Mixing {
    fn default() -> Mixing {
        Mixing(RandomState::new().hash_one(SPREAD))
    }
}

impl BuildHasher for Mixing {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed(self.0)
    }
}

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * u128::from(SPREAD);
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number as u64);
    }
}

impl Keys {
    /// The slot indexed under a row's key, with that key.
    pub(super) fn find<M: Model>(&self, key: &M::Key) -> Option<(usize, RowKey)> {
        let index = self.of(TypeId::of::<M>())?;
        let key = RowKey::primary(M::table(), |index, _| key.value(index));
        index.get(&key).map(|slot| (slot, key))
    }

    /// The slot indexed under a row's key.
    pub(super) fn find_key(&self, model: TypeId, key: &RowKey) -> Option<usize> {
        self.of(model)?.get(key)
    }

    /// Indexes a slot under its row's key, and returns the other slot that had it before.
    pub(super) fn enter(&mut self, model: TypeId, key: RowKey, slot: usize) -> Option<usize> {
        self.of_or_new(model).insert(key, slot).filter(|&before| before != slot)
    }

    /// Removes a slot, whatever its row's key is now.
    pub(super) fn leave(&mut self, model: TypeId, key: &RowKey, slot: usize) {
        let Some((_, index)) = self.indexes.iter_mut().find(|(known, _)| *known == model) else { return };
        if index.get(key) == Some(slot) {
            index.remove(key);
        } else {
            // Its key has changed since it was indexed, which is rare, or it never was indexed.
            index.integers.retain(|_, entered| *entered != slot);
            index.others.retain(|_, entered| *entered != slot);
        }
    }

    /// Makes room for the first rows of a model, so that they are not moved as they become more.
    pub(super) fn expect<M: Model>(&mut self, rows: usize) {
        let [column] = M::table().primary_key else { return };
        let is_integer = M::table().column(*column).is_some_and(|column| column.ty.integer_range().is_some());
        let index = self.of_or_new(TypeId::of::<M>());
        if is_integer && index.integers.is_empty() {
            index.integers.reserve(rows);
        }
    }

    fn of(&self, model: TypeId) -> Option<&Index> {
        self.indexes.iter().find(|(known, _)| *known == model).map(|(_, index)| index)
    }

    fn of_or_new(&mut self, model: TypeId) -> &mut Index {
        let known = self.indexes.iter().position(|(known, _)| *known == model);
        let place = known.unwrap_or_else(|| {
            self.indexes.push((model, Index::default()));
            self.indexes.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "the place was found, or made, above")]
        &mut self.indexes[place].1
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
