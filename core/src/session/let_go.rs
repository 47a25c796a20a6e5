//! [`Session::evict`] and [`Session::trim`]: entities that a session lets go, so that its memory has a bound.

use super::identity_map::resolve;
use super::{Session, Tracked};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

impl Session {
    /// Forgets an entity that has nothing to be written. Its handle is spent, and its row is read again where it is asked for.
    ///
    /// What the transaction has written to the row stays written; where that is rolled back, there is no entity to go back.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let mut total = 0;
    /// for id in 1..=3 {
    ///     let order = session.get_one::<Order>(id).await?;
    ///     total += session[order].price;
    ///     session.evict(order)?; // However many there are, the session holds one.
    /// }
    /// assert_eq!(total, 13_500);
    ///
    /// let ada = session.get_one::<User>(1).await?;
    /// session[ada].age = Some(37);
    /// assert_eq!(session.evict(ada).unwrap_err().kind(), ErrorKind::Unsupported); // The change would be lost.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) if it is pending or has changes that are not written: `flush` writes them, and
    /// [`detach`](Session::detach) gives them to you. [`Detached`](ErrorKind::Detached) as [`try_get`](Session::try_get).
    pub fn evict<M: Model>(&mut self, handle: Tracked<M>) -> Result<()> {
        let entry = resolve(&self.map, self.id, handle)?;
        if entry.is_unwritten() {
            let message = "the entity has what is not written yet, which would be lost: `flush` before, or `detach` it";
            return Err(Error::new(ErrorKind::Unsupported, message).with_table(M::table().name));
        }
        self.map.remove(handle.slot);
        Ok(())
    }

    /// Forgets each entity that has nothing to be written, of every model, as [`evict`](Session::evict) does one, and says how many
    /// there were. Those whose rows the transaction has deleted are among them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let mut after = 0;
    /// loop {
    ///     let orders = Order::select().filter(Order::id.gt(after)).order_by(Order::id).limit(2).track(&mut session).await?;
    ///     let Some(&last) = orders.last() else { break };
    ///     after = session[last].id;
    ///     for order in orders {
    ///         session[order].paid = true;
    ///     }
    ///     session.flush().await?;
    ///     session.trim(); // Two orders at a time, however many there are.
    /// }
    /// session.commit().await?;
    /// assert_eq!(Order::select().filter(Order::paid.eq(false)).count(&engine).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn trim(&mut self) -> usize {
        self.map.trim()
    }
}
