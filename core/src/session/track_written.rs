//! Statements that return what they wrote, tracked.

use std::panic::Location;

use futures_core::future::BoxFuture;

use super::track::{End, rows};
use super::{Loaded, Merge, Session, Tracked};
use crate::error::{Error, Result};
use crate::exec::Handle;
use crate::model::Model;
use crate::query::{Query, Returned, Returning, ReturningAll, not_found};

impl<M: Model> Returned<M> {
    /// Runs an UPDATE on a session and tracks the rows it wrote; if the session already tracks one, its entity is set to what the
    /// database now has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let raise = update::<Order>().set(Order::price, Order::price * 2).filter(Order::item.eq("lamp"));
    /// let lamps = raise.returning().track(&mut session).await?;
    /// let mut prices: Vec<i64> = lamps.iter().map(|&lamp| session[lamp].price).collect();
    /// prices.sort();
    /// assert_eq!(prices, [5000, 6000]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) of a DELETE, whose rows are gone; as [`all`](Query::all).
    #[track_caller]
    pub fn track(self, session: &mut Session) -> BoxFuture<'_, Result<Vec<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(updated(self, session, End::All, caller))
    }

    /// As [`track`](Returned::track), of the one row that there must be.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let desk = update::<Order>().set(Order::paid, true).filter(Order::id.eq(2)).returning().track_one(&mut session).await?;
    /// assert!(session[desk].paid);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) where none was written, [`MultipleFound`](crate::ErrorKind::MultipleFound) where
    /// several were; as `track`.
    #[track_caller]
    pub fn track_one(self, session: &mut Session) -> BoxFuture<'_, Result<Tracked<M>>> {
        let caller = Location::caller();
        Box::pin(async move {
            let found = updated(self, session, End::Optional, caller).await?;
            found.into_iter().next().ok_or_else(|| not_found(Some(M::table())))
        })
    }

    /// As [`track`](Returned::track), of the one row that there is at most.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let unpaid = Order::id.eq(1).and(Order::paid.eq(false));
    /// let paid = update::<Order>().set(Order::paid, true).filter(unpaid).returning().track_optional(&mut session).await?;
    /// assert_eq!(paid, None); // It was paid before.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`MultipleFound`](crate::ErrorKind::MultipleFound) where several were written; as `track`.
    #[track_caller]
    pub fn track_optional(self, session: &mut Session) -> BoxFuture<'_, Result<Option<Tracked<M>>>> {
        let caller = Location::caller();
        Box::pin(async move { Ok(updated(self, session, End::Optional, caller).await?.into_iter().next()) })
    }
}

impl<M: Model> Returning<'_, M> {
    /// Runs it on a session and tracks the row, as the database has it. It is written at once, unlike what is
    /// [added](Session::add).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let sofa = Order { user_id: 3, item: "sofa".into(), ..Default::default() };
    /// let sofa = insert(&sofa).returning().track(&mut session).await?;
    /// assert_eq!(session[sofa].id, 4);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`one`](Query::one).
    #[track_caller]
    pub fn track<'e>(self, session: &'e mut Session) -> BoxFuture<'e, Result<Tracked<M>>>
    where
        Self: 'e,
    {
        let caller = Location::caller();
        Box::pin(async move {
            let row = self.one(Handle::on_session(session).called_from(caller)).await?;
            session.merge_row(Loaded::without_texts(row), Merge::Written)
        })
    }
}

impl<M: Model> ReturningAll<'_, M> {
    /// Runs it on a session and tracks the rows, as the database has them, in the order in which they were given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let orders = ["sofa", "chair"].map(|item| Order { user_id: 3, item: item.into(), ..Default::default() });
    /// let orders = insert_all(&orders).returning().track(&mut session).await?;
    /// session[orders[1]].price = 900;
    /// session.commit().await?;
    /// assert_eq!(select(Order::price).filter(Order::item.eq("chair")).one(&engine).await?, 900);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](ReturningAll::all).
    #[track_caller]
    pub fn track<'e>(self, session: &'e mut Session) -> BoxFuture<'e, Result<Vec<Tracked<M>>>>
    where
        Self: 'e,
    {
        let caller = Location::caller();
        Box::pin(async move {
            let models = self.all(Handle::on_session(session).called_from(caller)).await?;
            session.merge_all(models.into_iter().map(Loaded::without_texts).collect(), Merge::Written)
        })
    }
}

async fn updated<M: Model>(
    statement: Returned<M>,
    session: &mut Session,
    end: End,
    caller: &'static Location<'static>,
) -> Result<Vec<Tracked<M>>> {
    if statement.deletes() {
        let way_out = "read them by `all`, or track them and `delete` their handles";
        let error = Error::unsupported(session.dialect().name(), "tracking rows that are deleted", way_out);
        return Err(error.with_table(M::table().name));
    }
    let models = rows(statement, Handle::on_session(session).called_from(caller), end).await?;
    session.merge_all(models.into_iter().map(Loaded::without_texts).collect(), Merge::Written)
}
