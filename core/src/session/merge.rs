//! How rows that were read become entities of a [`Session`].

use super::writes::Writer;
use super::{Loaded, Session, Tracked};
use crate::error::Result;
use crate::model::Model;
use crate::pool::Note;

/// What happens to an entity whose row was read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// It stays as it is unless it is stale, and has nothing that is not written.
    Read,
    /// It becomes what the row is: a lock shows what others have committed since it was read.
    Locked,
    /// It becomes what the row is, because the statement has written it.
    Written,
}

impl Session {
    /// Adds the entities of rows that one statement has read.
    pub(crate) fn merge_all<M: Model>(&mut self, rows: Vec<Loaded<M>>, how: Merge) -> Result<Vec<Tracked<M>>> {
        if how == Merge::Locked {
            self.take_lock_notes::<M>();
        }
        // A list of its own: one made in place of the rows would keep their room.
        let mut entities = Vec::with_capacity(rows.len());
        self.map.expect::<M>(rows.len());
        for row in rows {
            entities.push(self.merge_row(row, how)?);
        }
        Ok(entities)
    }

    /// The same, without those that are to be deleted: they are gone for whoever asks for them.
    pub(super) fn merge_present<M: Model>(&mut self, rows: Vec<Loaded<M>>, how: Merge) -> Result<Vec<Tracked<M>>> {
        let mut entities = self.merge_all(rows, how)?;
        entities.retain(|entity| self.unless_going(*entity).is_some());
        Ok(entities)
    }

    /// Records what a statement has done that locked rows of a model, all of which become entities.
    pub(super) fn take_lock_notes<M: Model>(&mut self) {
        let Some(lease) = &mut self.lease else { return };
        // Those of its rows that were locked are here, and none of the others has become visible.
        for note in lease.take_notes() {
            let is_here = note == Note::Locked(M::table());
            let writer = if is_here { Writer::Flush } else { Writer::Statement };
            self.map.writes.note(note, writer, self.map.level);
        }
    }

    /// A handle, unless its entity is to be deleted: that one is gone for whoever asks for it.
    pub(super) fn unless_going<M>(&self, entity: Tracked<M>) -> Option<Tracked<M>> {
        (!self.map.is_going(entity.slot)).then_some(entity)
    }

    /// Adds the entity of a row, or finds the one that is there; a stale one is updated.
    pub(super) fn merge_row<M: Model>(&mut self, row: Loaded<M>, how: Merge) -> Result<Tracked<M>> {
        let slot = self.map.holder::<M>(&row.model.key());
        self.merge_into(slot, row, how)
    }

    /// As [`merge_row`](Session::merge_row), given the slot of the one that is there.
    pub(super) fn merge_into<M: Model>(
        &mut self,
        slot: Option<usize>,
        row: Loaded<M>,
        how: Merge,
    ) -> Result<Tracked<M>> {
        self.take_notes(Writer::Statement);
        let Loaded { model, texts } = row;
        self.refuse_row_of_others(&*model)?;
        let slot = match slot {
            Some(slot) => {
                if how != Merge::Read || self.map.may_overwrite(slot) {
                    self.map.overwrite(slot, model, texts)?;
                }
                slot
            }
            None => self.map.read(model, texts),
        };
        Ok(Tracked::new(self.id, slot))
    }
}
