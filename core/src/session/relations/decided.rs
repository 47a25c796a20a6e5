//! [`Decided`]: what a flush makes of entities before anything is sent.

use std::sync::Arc;

use super::super::entity::State;
use super::super::identity_map::IdentityMap;
use super::super::kept::Kept;
use super::reference::References;
use crate::error::Result;

/// What entities were before a flush decided that they leave others. Where nothing comes of it, because a hook refuses or an entity can't
/// leave, they are so again.
#[derive(Default)]
pub(in crate::session) struct Decided(Vec<(usize, Before)>);

struct Before {
    state: State,
    values: Vec<Kept>,
    snapshot: Option<Arc<Vec<Kept>>>,
    refers: References,
}

impl Decided {
    /// Notes what an entity is.
    pub(super) fn note(&mut self, map: &IdentityMap, slot: usize) {
        let Some(entry) = map.get(slot) else { return };
        let (values, snapshot, refers) = (entry.entity.values(), entry.snapshot.clone(), entry.refers.clone());
        self.0.push((slot, Before { state: entry.state, values, snapshot, refers }));
    }

    /// Makes the entities what they were.
    pub(in crate::session) fn take_back(self, map: &mut IdentityMap) -> Result<()> {
        for (slot, before) in self.0.into_iter().rev() {
            let Some(entry) = map.get_mut(slot) else { continue };
            let was_lost = entry.state == State::Deleted && before.state.is_there();
            entry.state = before.state;
            entry.entity.restore(&before.values)?;
            entry.snapshot = before.snapshot;
            entry.refers = before.refers;
            entry.compare();
            map.look_at(slot);
            if was_lost {
                map.moved(slot);
            }
            if before.state == State::Persistent {
                map.lists.is_back(slot);
            }
        }
        Ok(())
    }
}
