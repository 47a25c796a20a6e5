//! [`Session::many`] and [`Session::one`].

use super::super::identity_map::resolve;
use super::super::{Session, Tracked};
use super::ends::Ends;
use super::to_one::LeadsToOne;
use crate::error::Result;
use crate::model::{HandOut, Many, Misfit, Model, Owners, Relation};
use crate::query::{WithoutRow, misfit_of};

impl Session {
    /// The entities that belong to one by a relation to many, without a statement: first those that were loaded, in the order they were
    /// loaded in, then those that came since. What is changed in memory shows at once, whichever end it is changed at.
    ///
    /// The rows of an entity that is not in the database yet, or that this session has inserted, are known without loading them. After a
    /// commit or rollback what was loaded stays readable, as entities do.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// assert_eq!(session.many(ada, User::orders).unwrap_err().kind(), ErrorKind::NotLoaded);
    ///
    /// session.load(ada, User::orders).await?;
    /// for order in session.many(ada, User::orders)? {
    ///     session[order].paid = true;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotLoaded`](crate::ErrorKind::NotLoaded) if not all of them are known to be in the session; [`Detached`](crate::ErrorKind::Detached) as
    /// [`try_get`](Session::try_get).
    pub fn many<F: Model, T: Model>(
        &self,
        entity: Tracked<F>,
        relation: Relation<F, T, Many>,
    ) -> Result<Vec<Tracked<T>>> {
        let members = self.members(entity, &Ends::of(relation))?;
        Ok(members.into_iter().map(|slot| Tracked::new(self.id, slot)).collect())
    }

    /// The entity that belongs to one by a relation to one row, without a statement; an `Option` where there may be none. The row that a
    /// foreign key refers to need not be loaded if the session has it for another reason.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get::<Order>(1).await?.expect("it was ordered");
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// assert_eq!(session.one(lamp, Order::user)?, ada);
    ///
    /// session[lamp].user_id = 2; // Bob, who is not in the session.
    /// assert_eq!(session.one(lamp, Order::user).unwrap_err().kind(), ErrorKind::NotLoaded);
    /// session.load(lamp, Order::user).await?;
    /// assert_eq!(session[session.one(lamp, Order::user)?].name, "Bob");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotLoaded`](crate::ErrorKind::NotLoaded) if it is not in the session; [`MultipleFound`](crate::ErrorKind::MultipleFound) if a second row
    /// belongs to the entity; [`Detached`](crate::ErrorKind::Detached) as [`try_get`](Session::try_get).
    pub fn one<F: Model, T: Model, C: LeadsToOne + HandOut<Tracked<T>>>(
        &self,
        entity: Tracked<F>,
        relation: Relation<F, T, C>,
    ) -> Result<C::Of> {
        let ends = Ends::of(relation);
        let members = self.members(entity, &ends)?;
        let of = vec![0; members.len()];
        let handles = members.into_iter().map(|slot| Tracked::new(self.id, slot)).collect();
        let handed = C::hand_out(handles, &Owners { of: &of, next: &[None] });
        match handed.map(|handed| handed.into_iter().next()) {
            Ok(Some(one)) => Ok(one),
            Err(misfit @ Misfit::Second) => Err(misfit_of::<F, T>(ends.link, misfit, WithoutRow::None)),
            Ok(None) | Err(Misfit::Missing) => Err(ends.not_loaded()),
        }
    }

    fn members<M: Model>(&self, entity: Tracked<M>, ends: &Ends) -> Result<Vec<usize>> {
        resolve(&self.map, self.id, entity)?;
        ends.members(&self.map, entity.slot)
    }
}
