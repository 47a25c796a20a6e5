//! What [`Session::get`] and [`Session::refresh`] do.

use std::panic::Location;

use super::entity::State;
use super::identity_map::IdentityMap;
use super::writes::Writer;
use super::{Loaded, Merge, Session, Tracked};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Handle;
use crate::model::Model;
use crate::query::find_as;

impl Session {
    /// The entity with this key, asked for from a place of the program.
    pub(super) async fn get_from<M: Model>(
        &mut self,
        key: M::Key,
        caller: &'static Location<'static>,
    ) -> Result<Option<Tracked<M>>> {
        self.take_notes(Writer::Statement);
        let is_going = |map: &IdentityMap, slot| map.get(slot).is_some_and(|entry| entry.state != State::Persistent);
        let mut known = self.map.find::<M>(&key);
        if known.is_some_and(|slot| is_going(&self.map, slot)) {
            // Another entity may take its key in the same flush.
            self.flush().await?;
            known = self.map.find::<M>(&key);
        }
        if let Some(slot) = known
            && !self.map.is_stale(slot)
        {
            return Ok(Some(Tracked::new(self.id, slot)));
        }
        let found = find_as::<M, _>(key, Handle::on_session(self).called_from(caller), Loaded::<M>::decode).await?;
        if let Some(loaded) = found {
            // What the database finds by its key is its row, also where the key is written otherwise.
            let slot = self.map.find::<M>(&loaded.model.key()).or(known);
            return self.merge_into(slot, loaded, Merge::Read).map(Some);
        }
        if let Some(slot) = known {
            self.map.lose(slot);
        }
        Ok(None)
    }

    /// Reads an entity's row again, as a place of the program asks for.
    pub(super) async fn refresh_from<M: Model>(
        &mut self,
        handle: Tracked<M>,
        caller: &'static Location<'static>,
    ) -> Result<()> {
        self.flush().await?;
        let key = self.try_get(handle)?.key();
        let Some(loaded) =
            find_as::<M, _>(key, Handle::on_session(self).called_from(caller), Loaded::<M>::decode).await?
        else {
            self.map.lose(handle.slot);
            return Err(Error::new(ErrorKind::NotFound, "the row to refresh is gone").with_table(M::table().name));
        };
        self.map.overwrite(handle.slot, &loaded.model, loaded.texts)
    }
}
