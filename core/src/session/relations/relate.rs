//! [`Session::relate`] and [`Session::unrelate`]: relations to one row.

use super::super::identity_map::resolve;
use super::super::{Session, Tracked};
use super::ends::Ends;
use super::to_one::LeadsToOne;
use crate::error::Result;
use crate::model::{Model, Relation, Side};
use crate::types::Nullable;

impl Session {
    /// Makes an entity the one that another belongs to, in place of the one before. Both ends see the change at once, and the foreign key holds
    /// what its key holds: 0 where the database is still to number it. Until that is written, it follows the key.
    ///
    /// By a relation whose other end has the key (`has_one`), what belonged to the entity before, and is in the session, leaves it: it is
    /// deleted if it is owned, else its key becomes NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get::<Order>(1).await?.expect("it was ordered");
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// let bob = session.get::<User>(2).await?.expect("he is in the shop");
    /// session.load([ada, bob], User::orders).await?;
    ///
    /// session.relate(lamp, Order::user, bob);
    /// assert_eq!(session[lamp].user_id, 2);
    /// assert!(!session.many(ada, User::orders)?.contains(&lamp));
    /// assert!(session.many(bob, User::orders)?.contains(&lamp));
    /// session.commit().await?; // UPDATE orders SET user_id = 2 WHERE id = 1
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Where the foreign key's column is written to afterwards, that holds. What can't leave makes the next flush fail.
    ///
    /// # Panics
    /// As indexing does, where a handle is not one of this session's.
    #[track_caller]
    pub fn relate<F: Model, T: Model, C: LeadsToOne>(
        &mut self,
        entity: Tracked<F>,
        relation: Relation<F, T, C>,
        to: Tracked<T>,
    ) {
        let found = resolve(&self.map, self.id, entity).and_then(|_| resolve(&self.map, self.id, to).map(drop));
        if let Err(error) = found {
            panic!("{error}");
        }
        if let Err(error) = self.join(&Ends::of(relation), entity.slot, to.slot) {
            self.fail(&error);
        }
    }

    /// Makes nothing belong to an entity by a relation to one row at most. If what belonged to it is owned, it is deleted.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "nodes", has_many(children = Node::parent_id))]
    /// struct Node {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(references = Node::id, belongs_to = parent)]
    ///     parent_id: Option<i64>,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Node]).await?;
    /// let mut session = engine.session();
    /// let root = session.add(Node { id: 1, parent_id: None });
    /// let leaf = session.add_to(root, Node::children, Node { id: 2, parent_id: None });
    /// assert_eq!(session.one(leaf, Node::parent)?, Some(root));
    ///
    /// session.unrelate(leaf, Node::parent)?;
    /// assert_eq!(session.one(leaf, Node::parent)?, None);
    /// assert_eq!(session[leaf].parent_id, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotLoaded`](crate::ErrorKind::NotLoaded) if the other end has the key and was not loaded;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the key can't be NULL and the row is not owned;
    /// [`Detached`](crate::ErrorKind::Detached) as [`try_get`](Session::try_get).
    pub fn unrelate<F: Model, T: Model>(
        &mut self,
        entity: Tracked<F>,
        relation: Relation<F, T, Nullable>,
    ) -> Result<()> {
        resolve(&self.map, self.id, entity)?;
        let ends = Ends::of(relation);
        if let Side::Refers = ends.side {
            return self.let_go(&ends, entity.slot, ends.link.from);
        }
        let members = ends.members(&self.map, entity.slot)?;
        members.into_iter().try_for_each(|member| self.leave(&ends, member))
    }
}
