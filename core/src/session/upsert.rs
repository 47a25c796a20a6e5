//! [`Session::upsert`].

use super::{Loaded, Merge, Session, Tracked};
use crate::error::Result;
use crate::model::Model;
use crate::query::{PrimaryKey, Upserted, insert};

impl Session {
    /// Inserts a row, or updates the one that has its primary key with all of its values, and tracks it. It is written at once, after
    /// what was pending. For other keys and other updates there is
    /// [`track`](crate::query::Upsert::track): `insert(&row).on_conflict(key).update(…).track(&mut session)`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let bob = User { id: 2, email: "bob@example.org".into(), name: "Bob".into(), age: None };
    /// let upserted = session.upsert(bob).await?;
    /// assert_eq!(upserted.outcome, Outcome::Updated);
    /// session[upserted.row].age = Some(42);
    /// session.commit().await?;
    /// assert_eq!(User::find(2, &engine).await?.and_then(|user| user.age), Some(42));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers. The session then refuses everything but [`rollback`](Session::rollback).
    pub async fn upsert<M: Model>(&mut self, model: M) -> Result<Upserted<Tracked<M>>> {
        let conflict = insert(&model).on_conflict(PrimaryKey);
        let has_more = M::table().columns.len() > M::table().primary_key.len();
        let upsert = if has_more { conflict.update_all() } else { conflict.do_nothing() };
        upsert.track(self).await
    }

    /// Tracks a row that an upsert has written or found. An entity that the session has for it is set to the row.
    pub(crate) fn adopt<M: Model>(&mut self, upserted: Upserted<M>) -> Result<Upserted<Tracked<M>>> {
        let Upserted { row, outcome } = upserted;
        Ok(Upserted { row: self.merge_row(Loaded::without_texts(row), Merge::Written)?, outcome })
    }
}
