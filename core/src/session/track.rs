//! [`Select::track`].

use std::panic::Location;

use futures_core::future::BoxFuture;

use super::{Loaded, Merge, Session, Tracked};
use crate::error::Result;
use crate::exec::Handle;
use crate::model::Model;
use crate::query::{Query, Select, not_found};

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
        Box::pin(entities(self, session, End::All, caller))
    }

    /// As [`track`](Select::track), of the one row that there must be.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = User::select().filter(User::email.eq("ada@example.com")).track_one(&mut session).await?;
    /// assert_eq!(session[ada].name, "Ada");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`one`](Query::one).
    #[track_caller]
    pub fn track_one(self, session: &mut Session) -> BoxFuture<'_, Result<Tracked<M>>> {
        let (table, caller) = (self.table(), Location::caller());
        Box::pin(async move {
            let found = entities(self, session, End::Optional, caller).await?;
            found.into_iter().next().ok_or_else(|| not_found(table))
        })
    }

    /// As [`track`](Select::track), of the one row that there is at most.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let eve = User::select().filter(User::email.eq("eve@example.com")).track_optional(&mut session).await?;
    /// assert_eq!(eve, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`optional`](Query::optional).
    #[track_caller]
    pub fn track_optional(self, session: &mut Session) -> BoxFuture<'_, Result<Option<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(async move { Ok(entities(self, session, End::Optional, caller).await?.into_iter().next()) })
    }

    /// As [`track`](Select::track), of the first row alone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let dearest = Order::select().order_by(Order::price.desc()).track_first(&mut session).await?;
    /// assert_eq!(dearest.map(|order| session[order].item.clone()), Some("desk".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`first`](Query::first).
    #[track_caller]
    pub fn track_first(self, session: &mut Session) -> BoxFuture<'_, Result<Option<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(async move { Ok(entities(self, session, End::First, caller).await?.into_iter().next()) })
    }
}

/// By which end rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    All,
    Optional,
    First,
}

/// The rows of a query.
pub(super) async fn rows<Q: Query>(query: Q, db: Handle<'_>, end: End) -> Result<Vec<Q::Row>> {
    match end {
        End::All => query.all(db).await,
        End::Optional => Ok(query.optional(db).await?.into_iter().collect()),
        End::First => Ok(query.first(db).await?.into_iter().collect()),
    }
}

/// Tracks what a SELECT finds, as a place of the program asks for.
pub(super) async fn entities<M: Model>(
    select: Select<M>,
    session: &mut Session,
    end: End,
    caller: &'static Location<'static>,
) -> Result<Vec<Tracked<M>>> {
    // A locked row is what the database has now, whatever this session has read of it before.
    let how = if select.locks() { Merge::Locked } else { Merge::Read };
    let db = Handle::on_session(session).called_from(caller);
    let loaded = if select.is_of_whole_models() {
        rows(select.read_by(Loaded::decode), db, end).await?
    } else {
        rows(select, db, end).await?.into_iter().map(Loaded::without_texts).collect()
    };
    session.merge_present(loaded, how)
}
