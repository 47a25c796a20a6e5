//! [`Session::get_for_update`] and [`Session::refresh_with_lock`]: rows that are locked when they are read.

use std::panic::Location;

use super::entity::Entry;
use super::{Loaded, Merge, Session, Tracked};
use crate::error::Result;
use crate::exec::Handle;
use crate::model::{IntoKey, Key, Model};
use crate::query::{Expr, Query, Select};
use crate::sql::{self, DeletedRows};

impl Session {
    /// The entity with this primary key, its row locked until the transaction ends: nobody else writes to it meanwhile. It is
    /// always read, and the entity is set to the row. It may also wait for others; for what is not to wait, or to be locked
    /// otherwise, there is `User::select().filter(…).for_update().nowait().track(…)`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get_for_update::<Order>(1).await?.expect("it was ordered");
    /// session[lamp].price -= 500; // No other transaction has changed it since it was read.
    /// session.commit().await?;
    /// assert_eq!(Order::find(1, &engine).await?.map(|order| order.price), Some(2500));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What running the statement says. A transaction that only reads takes no locks: [`ReadOnly`](crate::ErrorKind::ReadOnly).
    #[track_caller]
    pub fn get_for_update<M: Model>(
        &mut self,
        key: impl IntoKey<M::Key> + Send,
    ) -> impl Future<Output = Result<Option<Tracked<M>>>> + Send {
        self.lock_from(key.into_key(), Location::caller())
    }

    /// As [`refresh`](Session::refresh), and locks the row until the transaction ends.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get_one::<Order>(1).await?;
    /// update::<Order>().set(Order::price, 2000).filter(Order::id.eq(1)).exec(&engine).await?; // Somebody else.
    ///
    /// session.refresh_with_lock(lamp).await?;
    /// assert_eq!(session[lamp].price, 2000);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) if its row is gone, and the handle is spent with it; as
    /// [`get_for_update`](Session::get_for_update).
    #[track_caller]
    pub fn refresh_with_lock<M: Model>(&mut self, handle: Tracked<M>) -> impl Future<Output = Result<()>> + Send {
        let caller = Location::caller();
        async move {
            self.flush().await?;
            let key = self.try_get(handle)?.key();
            let rows = self.map.get(handle.slot).map(Entry::deleted_rows).unwrap_or_default();
            match self.read_locked::<M>(&key, rows, caller).await? {
                Some(loaded) => self.merge_into(Some(handle.slot), loaded, Merge::Locked).map(|_| ()),
                None => Err(self.gone_at_refresh(handle)),
            }
        }
    }

    async fn lock_from<M: Model>(
        &mut self,
        key: M::Key,
        caller: &'static Location<'static>,
    ) -> Result<Option<Tracked<M>>> {
        self.flush().await?;
        let known = self.map.find::<M>(&key);
        if let Some(loaded) = self.read_locked::<M>(&key, DeletedRows::Hidden, caller).await? {
            // As with `get`: what the database finds by its key is its row.
            let slot = self.map.holder::<M>(&loaded.model.key()).or(known);
            return self.merge_into(slot, loaded, Merge::Locked).map(Some);
        }
        if let Some(slot) = known.filter(|&slot| !self.map.is_marked(slot)) {
            self.map.lose(slot);
        }
        Ok(None)
    }

    /// The row with this key, once it is locked.
    async fn read_locked<M: Model>(
        &mut self,
        key: &M::Key,
        rows: DeletedRows,
        caller: &'static Location<'static>,
    ) -> Result<Option<Loaded<M>>> {
        let table = M::table();
        let columns = table.primary_key.iter().enumerate();
        let equal =
            columns.map(|(place, &column)| sql::Expr::column_equals(table, column, key.value(place).to_owned()));
        let condition = Expr::<bool>::new(sql::Expr::All(equal.collect()));
        let select = Select::<M>::all_of_model().filter(condition).about(rows).for_update().read_by(Loaded::decode);
        let mut rows = select.all(Handle::on_session(self).called_from(caller)).await?;
        self.take_lock_notes::<M>();
        Ok(rows.pop())
    }
}
