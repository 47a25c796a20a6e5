//! [`Select::track`].

use std::panic::Location;

use futures_core::future::BoxFuture;

use super::{Loaded, Merge, Session, Tracked};
use crate::error::Result;
use crate::exec::Handle;
use crate::model::Model;
use crate::query::{Query, Select};

impl<M: Model> Select<M> {
    /// Runs it on a session and tracks what it finds. A row that the session already tracks is the same entity, which is
    /// updated from the row if it is stale, or if the row is locked.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let unpaid = Order::select().filter(Order::paid.eq(false)).for_update().track(&mut session).await?;
    /// for order in unpaid {
    ///     session[order].paid = true;
    /// }
    /// session.commit().await?;
    /// assert!(!Order::select().filter(Order::paid.eq(false)).exists(&engine).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](Query::all).
    #[track_caller]
    pub fn track(self, session: &mut Session) -> BoxFuture<'_, Result<Vec<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(async move {
            // A locked row is what the database has now, whatever this session has read of it before.
            let how = if self.locks() { Merge::Locked } else { Merge::Read };
            let loaded = if self.is_of_whole_models() {
                self.read_by(Loaded::decode).all(Handle::on_session(session).called_from(caller)).await?
            } else {
                let models = self.all(Handle::on_session(session).called_from(caller)).await?;
                models.into_iter().map(Loaded::without_texts).collect()
            };
            session.merge_all(loaded, how)
        })
    }
}
