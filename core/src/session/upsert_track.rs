//! Upserts in a session: what they return is tracked.

use futures_core::future::BoxFuture;

use super::{Session, Tracked};
use crate::error::Result;
use crate::model::Model;
use crate::query::{ManyRows, OneRow, Upsert, Upserted};

impl<M: Model> Upsert<'_, M, OneRow> {
    /// Runs it on a session and tracks the row; if the session already tracks it, its entity is set to what the database now has.
    /// If the upsert sets the primary key, the row is another entity from then on; the one of the old key is not known to be gone
    /// before it is read again.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let guest = User { email: "ada@example.com".into(), name: "Guest".into(), ..Default::default() };
    /// let upserted = insert(&guest).on_conflict(User::email).do_nothing().track(&mut session).await?;
    /// assert_eq!(upserted.outcome, Outcome::Unchanged);
    /// assert_eq!(session[upserted.row].name, "Ada"); // The row that was there.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`upserted`](Upsert::upserted).
    pub fn track<'e>(self, session: &'e mut Session) -> BoxFuture<'e, Result<Upserted<Tracked<M>>>>
    where
        Self: 'e,
    {
        Box::pin(async move {
            let upserted = self.upserted(&mut *session).await?;
            session.adopt(upserted)
        })
    }
}

impl<M: Model> Upsert<'_, M, ManyRows> {
    /// Runs it on a session and tracks the rows; if the session already tracks one, its entity is set to what the database now has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let guests = ["ada@example.com", "eve@example.com"].map(|email| User { email: email.into(), ..Default::default() });
    /// let upserted = insert_all(&guests).on_conflict(User::email).do_nothing().track(&mut session).await?;
    /// let outcomes: Vec<Outcome> = upserted.iter().map(|upserted| upserted.outcome).collect();
    /// assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Inserted]);
    /// assert_eq!(session[upserted[1].row].email, "eve@example.com");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`upserted`](Upsert::upserted).
    pub fn track<'e>(self, session: &'e mut Session) -> BoxFuture<'e, Result<Vec<Upserted<Tracked<M>>>>>
    where
        Self: 'e,
    {
        Box::pin(async move {
            let upserted = self.upserted(&mut *session).await?;
            upserted.into_iter().map(|upserted| session.adopt(upserted)).collect()
        })
    }
}
