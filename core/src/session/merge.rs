//! How rows that were read become entities of a [`Session`].

use super::writes::Writer;
use super::{Loaded, Session, Tracked};
use crate::error::Result;
use crate::model::Model;
use crate::pool::Note;

/// What happens to an entity whose row was read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// It stays as it is unless it is stale.
    Read,
    /// It becomes what the row is: a lock shows what others have committed since it was read.
    Locked,
    /// It becomes what the row is, because the statement has written it.
    Written,
}

impl Session {
    /// Adds the entities of rows that one statement has read.
    pub(crate) fn merge_all<M: Model>(&mut self, rows: Vec<Loaded<M>>, how: Merge) -> Result<Vec<Tracked<M>>> {
        if how == Merge::Locked
            && let Some(lease) = &mut self.lease
        {
            // Those of its rows that were locked are here, and none of the others has become visible.
            for note in lease.take_notes() {
                let is_here = note == Note::Locked(M::table());
                let writer = if is_here { Writer::Flush } else { Writer::Statement };
                self.map.writes.note(note, writer, self.map.level);
            }
        }
        rows.into_iter().map(|row| self.merge(row, how)).collect()
    }

    /// Adds the entity of a row, or finds the one that is there; a stale one is updated.
    pub(super) fn merge<M: Model>(&mut self, row: Loaded<M>, how: Merge) -> Result<Tracked<M>> {
        let slot = self.map.find::<M>(&row.model.key());
        self.merge_into(slot, row, how)
    }

    /// As [`merge`](Session::merge), given the slot of the one that is there.
    pub(super) fn merge_into<M: Model>(
        &mut self,
        slot: Option<usize>,
        row: Loaded<M>,
        how: Merge,
    ) -> Result<Tracked<M>> {
        self.take_notes(Writer::Statement);
        let Loaded { model, texts } = row;
        let slot = match slot {
            Some(slot) => {
                if how != Merge::Read || self.map.is_stale(slot) {
                    self.map.overwrite(slot, &model, texts)?;
                }
                slot
            }
            None => self.map.read(Box::new(model), texts),
        };
        Ok(Tracked::new(self.id, slot))
    }
}
