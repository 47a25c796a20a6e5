//! What [`Session::get`] and [`Session::refresh`] do.

use std::panic::Location;

use super::entity::Entry;
use super::writes::Writer;
use super::{Loaded, Merge, Session, Tracked};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Handle;
use crate::model::Model;
use crate::query::find_as;
use crate::sql::DeletedRows;

impl Session {
    /// The entity with this key, asked for from a place of the program.
    pub(super) async fn get_from<M: Model>(
        &mut self,
        key: M::Key,
        caller: &'static Location<'static>,
    ) -> Result<Option<Tracked<M>>> {
        self.check_usable()?;
        self.take_notes(Writer::Statement);
        let mut known = self.map.find::<M>(&key);
        if known.is_some_and(|slot| self.map.is_going(slot)) {
            // Another entity may take its key in the same flush.
            self.flush_before_read().await?;
            known = self.map.find::<M>(&key);
        }
        if known.is_some_and(|slot| self.map.is_going(slot)) {
            return Ok(None);
        }
        if let Some(slot) = known
            && !self.map.is_stale(slot)
        {
            return Ok(Some(Tracked::new(self.id, slot)).filter(|_| !self.map.is_marked(slot)));
        }
        let handle = Handle::on_session(self).called_from(caller);
        let found = find_as::<M, _>(key, handle, Loaded::<M>::decode, DeletedRows::Hidden).await?;
        if let Some(loaded) = found {
            // What the database finds by its key is its row, also where the key is written otherwise.
            let slot = self.map.holder::<M>(&loaded.model.key()).or(known);
            let entity = self.merge_into(slot, loaded, Merge::Read)?;
            return Ok(self.unless_going(entity));
        }
        if let Some(slot) = known {
            self.map.row_is_gone(slot);
        }
        Ok(None)
    }

    /// The entity of the row with this key that is marked as deleted, unless it was marked by this session: another one takes its place then.
    pub(super) async fn marked_with<M: Model>(
        &mut self,
        key: M::Key,
        caller: &'static Location<'static>,
    ) -> Result<Option<Tracked<M>>> {
        if M::table().soft_delete.is_none() || self.map.holder::<M>(&key).is_some_and(|slot| self.map.is_going(slot)) {
            return Ok(None);
        }
        let handle = Handle::on_session(self).called_from(caller);
        let Some(loaded) = find_as::<M, _>(key, handle, Loaded::<M>::decode, DeletedRows::Found).await? else {
            return Ok(None);
        };
        let slot = self.map.holder::<M>(&loaded.model.key());
        self.merge_into(slot, loaded, Merge::Read).map(Some)
    }

    /// Reads an entity's row again, as a place of the program asks for.
    pub(super) async fn refresh_from<M: Model>(
        &mut self,
        handle: Tracked<M>,
        caller: &'static Location<'static>,
    ) -> Result<()> {
        self.flush().await?;
        let key = self.try_get(handle)?.key();
        let rows = self.map.get(handle.slot).map(Entry::deleted_rows).unwrap_or_default();
        let on_session = Handle::on_session(self).called_from(caller);
        let Some(loaded) = find_as::<M, _>(key, on_session, Loaded::<M>::decode, rows).await? else {
            return Err(self.gone_at_refresh(handle));
        };
        self.map.overwrite(handle.slot, loaded.model, loaded.texts)
    }

    /// Records that the row of an entity to refresh is gone.
    pub(super) fn gone_at_refresh<M: Model>(&mut self, handle: Tracked<M>) -> Error {
        self.map.lose(handle.slot);
        Error::new(ErrorKind::NotFound, "the row to refresh is gone").with_table(M::table().name)
    }
}
