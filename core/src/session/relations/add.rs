//! [`Session::add_to`].

use super::super::identity_map::resolve;
use super::super::{Session, Tracked};
use super::ends::Ends;
use crate::model::{Cardinality, Model, Relation};

impl Session {
    /// Adds an entity that belongs to another one by a relation: it is inserted after that one, with its key, whether or not that is
    /// known yet. By a relation through a table between, the row there is added too.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let dora = session.add(User { email: "dora@example.com".into(), name: "Dora".into(), ..Default::default() });
    /// let sofa = session.add_to(dora, User::orders, Order { item: "sofa".into(), ..Default::default() });
    /// assert_eq!(session.many(dora, User::orders)?, [sofa]);
    ///
    /// session.commit().await?; // Dora first, and then her order with her key.
    /// assert_eq!(session[sofa].user_id, session[dora].id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If a row of the table between can't be made, as [`link`](Session::link) says, the next flush fails with that.
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn add_to<F: Model, T: Model, C: Cardinality>(
        &mut self,
        entity: Tracked<F>,
        relation: Relation<F, T, C>,
        model: T,
    ) -> Tracked<T> {
        if let Err(error) = resolve(&self.map, self.id, entity) {
            panic!("{error}");
        }
        let added = self.add(model);
        if let Err(error) = self.join(&Ends::of(relation), entity.slot, added.slot) {
            self.fail(&error);
        }
        added
    }
}
