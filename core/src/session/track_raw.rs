//! Texts of the program's own whose rows are tracked.

use std::panic::Location;

use futures_core::future::BoxFuture;

use super::track::{End, rows};
use super::{Loaded, Merge, Session, Tracked};
use crate::error::Result;
use crate::exec::Handle;
use crate::model::Model;
use crate::query::{RawQuery, not_found};

impl<M: Model> RawQuery<M> {
    /// Runs it on a session and tracks what it yields, which must be rows of the model's table as they are there: what the text has
    /// computed would be taken for what the row holds. A row that the session already tracks is the same entity, which is
    /// updated from the row if it is stale, as it is after a text that does more than read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let cheap = sql!("select * from orders where price < {4000} order by id").models::<Order>().track(&mut session).await?;
    /// for order in cheap {
    ///     session[order].paid = true;
    /// }
    /// session.commit().await?;
    /// assert_eq!(Order::select().filter(Order::paid.eq(true)).count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](crate::query::Query::all).
    #[track_caller]
    pub fn track(self, session: &mut Session) -> BoxFuture<'_, Result<Vec<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(entities(self, session, End::All, caller))
    }

    /// As [`track`](RawQuery::track), of the one row that there must be.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let name = "ada";
    /// let ada = sql!("select * from users where lower(name) = {name}").models::<User>().track_one(&mut session).await?;
    /// assert_eq!(session[ada].id, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`one`](crate::query::Query::one).
    #[track_caller]
    pub fn track_one(self, session: &mut Session) -> BoxFuture<'_, Result<Tracked<M>>> {
        let caller = Location::caller();
        Box::pin(async move {
            let found = entities(self, session, End::Optional, caller).await?;
            found.into_iter().next().ok_or_else(|| not_found(Some(M::table())))
        })
    }

    /// As [`track`](RawQuery::track), of the one row that there is at most.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let name = "Eve";
    /// let eve = sql!("select * from users where name = {name}").models::<User>().track_optional(&mut session).await?;
    /// assert_eq!(eve, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`optional`](crate::query::Query::optional).
    #[track_caller]
    pub fn track_optional(self, session: &mut Session) -> BoxFuture<'_, Result<Option<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(async move { Ok(entities(self, session, End::Optional, caller).await?.into_iter().next()) })
    }

    /// As [`track`](RawQuery::track), of the first row alone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let dearest = sql!("select * from orders order by price desc").models::<Order>().track_first(&mut session).await?;
    /// assert_eq!(dearest.map(|order| session[order].item.clone()), Some("desk".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`first`](crate::query::Query::first).
    #[track_caller]
    pub fn track_first(self, session: &mut Session) -> BoxFuture<'_, Result<Option<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(async move { Ok(entities(self, session, End::First, caller).await?.into_iter().next()) })
    }
}

async fn entities<M: Model>(
    text: RawQuery<M>,
    session: &mut Session,
    end: End,
    caller: &'static Location<'static>,
) -> Result<Vec<Tracked<M>>> {
    let models = rows(text, Handle::on_session(session).called_from(caller), end).await?;
    session.merge_present(models.into_iter().map(Loaded::without_texts).collect(), Merge::Read)
}
