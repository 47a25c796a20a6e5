//! Upserts in a session: what they return is tracked.

use futures_core::future::BoxFuture;

use super::{Session, Tracked};
use crate::error::Result;
use crate::model::Model;
use crate::query::{ManyRows, OneRow, Upsert, Upserted};

impl<M: Model> Upsert<'_, M, OneRow> {
    /// Runs it on a session and tracks the row; where the session knows it already, its entity is what the database now has.
    /// Where the upsert sets the primary key, the row is another entity from then on; the one of the old key is not known to be gone
    /// before it is read again.
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
    /// Runs it on a session and tracks the rows; where the session knows one already, its entity is what the database now has.
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
