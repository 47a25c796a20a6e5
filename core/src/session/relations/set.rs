//! [`Session::set_many`].

use std::collections::HashSet;
use std::panic::Location;

use super::super::identity_map::resolve;
use super::super::{Session, Tracked};
use super::ends::Ends;
use super::entities::Entities;
use crate::error::Result;
use crate::model::{Many, Model, Relation};

impl Session {
    /// Makes exactly these entities belong to another: what is missing is [linked](Session::link), what is too much is
    /// [unlinked](Session::unlink), and the rest is left alone. What belongs to it is loaded first unless it is known.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let orders = Order::select().order_by(Order::id).track(&mut session).await?;
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// session.set_many(ada, User::orders, &orders).await?; // The third was Bob's.
    /// assert_eq!(session.many(ada, User::orders)?, orders);
    ///
    /// let refused = session.set_many(ada, User::orders, &orders[..2]).await.unwrap_err();
    /// assert_eq!(refused.kind(), ErrorKind::Unsupported); // The third must be somebody's.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`load`](Session::load), [`link`](Session::link) and [`unlink`](Session::unlink). What was linked or unlinked before the error
    /// stays so.
    #[track_caller]
    pub fn set_many<F: Model, T: Model>(
        &mut self,
        entity: Tracked<F>,
        relation: Relation<F, T, Many>,
        to: impl Entities<T>,
    ) -> impl Future<Output = Result<()>> + Send {
        let (caller, to) = (Location::caller(), to.handles());
        async move {
            resolve(&self.map, self.id, entity)?;
            to.iter().try_for_each(|&handle| resolve(&self.map, self.id, handle).map(drop))?;
            let ends = Ends::of(relation);
            self.load_ends(&ends, vec![entity.slot], caller).await?;
            let wanted: HashSet<usize> = to.iter().map(|handle| handle.slot).collect();
            let members: HashSet<usize> = ends.members(&self.map, entity.slot)?.into_iter().collect();
            self.part_all_but(&ends, entity.slot, &wanted)?;
            let missing: Vec<usize> =
                to.iter().map(|handle| handle.slot).filter(|slot| !members.contains(slot)).collect();
            self.join_all(&ends, entity.slot, &missing)
        }
    }
}
