//! [`With::track`]: entities together with what belongs to them.

use std::panic::Location;

use futures_core::future::BoxFuture;

use super::super::track::{End, entities};
use super::super::{Loaded, Merge, Session, Tracked};
use super::ends::Ends;
use crate::error::Result;
use crate::exec::Handle;
use crate::model::{HandOut, Link, Model, Owners, Relation};
use crate::query::{Load, LoadEach, RelatedRows, With, WithoutRow, keys_at_hand, load_by_keys, misfit_of};
use crate::types::ValueRef;

/// What [`With::track`] can read into a session: relations, and their rows as whole models.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::session::TrackLoad;
///
/// async fn users_with<L: TrackLoad<From = User>>(
///     relation: L,
///     session: &mut Session,
/// ) -> creole::Result<Vec<(Tracked<User>, L::Tracked)>> {
///     User::select().with(relation).order_by(User::id).track(session).await
/// }
///
/// # let mut session = engine.session();
/// let users = users_with(User::orders.filter(Order::paid.eq(true)), &mut session).await?;
/// assert_eq!(users.iter().map(|(_, paid)| paid.len()).collect::<Vec<_>>(), [1, 1, 0]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` can't be tracked",
    label = "expected a relation, such as `User::orders`, or its rows as models: `User::orders.filter(…)`",
    note = "entities have a statement of their own, so a relation is not `joined()`, and they are whole, so nothing is selected of them"
)]
pub trait TrackLoad: Load {
    /// What a row of [`From`](Load::From) gets: handles in place of models.
    type Tracked: Send + 'static;

    #[doc(hidden)]
    fn track<'s>(
        &'s self,
        session: &'s mut Session,
        owners: Vec<usize>,
        caller: &'static Location<'static>,
    ) -> BoxFuture<'s, Result<Vec<Self::Tracked>>>;
}

/// The relations that [`With::track`] reads side by side, for rows of the model `M`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::With;
/// use creole::session::TrackEach;
///
/// async fn first<L: TrackEach<User>>(select: With<User, L>, session: &mut Session) -> creole::Result<Option<L::Tracked>> {
///     Ok(select.order_by(User::id).limit(1).track(session).await?.into_iter().next())
/// }
///
/// # let mut session = engine.session();
/// let (ada, orders) = first(User::select().with(User::orders), &mut session).await?.expect("there are users");
/// assert_eq!((session[ada].name.as_str(), orders.len()), ("Ada", 2));
/// # Ok(())
/// # }
/// ```
pub trait TrackEach<M: Model>: LoadEach<M> {
    /// A handle, or a tuple of a handle and what belongs to it.
    type Tracked: Send + 'static;

    #[doc(hidden)]
    fn track<'s>(
        &'s self,
        session: &'s mut Session,
        slots: Vec<usize>,
        caller: &'static Location<'static>,
    ) -> BoxFuture<'s, Result<Vec<Self::Tracked>>>;
}

impl<M: Model, L: LoadEach<M>> With<M, L> {
    /// Runs it on a session and tracks what it finds: a handle for each row, with handles of what belongs to it. A relation
    /// that is named as it is, neither narrowed down nor with others beneath it, is loaded from then on, as by [`Session::load`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let tree: Vec<(Tracked<User>, Vec<Tracked<Order>>)> =
    ///     User::select().with(User::orders).order_by(User::id).track(&mut session).await?;
    /// let (ada, orders) = &tree[0];
    /// assert_eq!(session.many(*ada, User::orders)?, *orders);
    /// assert_eq!(session.one(orders[0], Order::user)?, *ada);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`all`](With::all), and as [`Session::load`].
    #[track_caller]
    pub fn track(self, session: &mut Session) -> BoxFuture<'_, Result<Vec<L::Tracked>>>
    where
        L: TrackEach<M>,
    {
        let caller = Location::caller();
        Box::pin(async move {
            let (select, each) = self.into_parts();
            each.check(session.dialect())?;
            let handles = entities(select, session, End::All, caller).await?;
            let slots = handles.into_iter().map(|handle| handle.slot).collect();
            each.track(session, slots, caller).await
        })
    }
}

#[diagnostic::do_not_recommend]
impl<F: Model, T: Model, C> TrackLoad for Relation<F, T, C>
where
    C: HandOut<T> + HandOut<Tracked<T>>,
{
    type Tracked = <C as HandOut<Tracked<T>>>::Of;

    fn track<'s>(
        &'s self,
        session: &'s mut Session,
        owners: Vec<usize>,
        caller: &'static Location<'static>,
    ) -> BoxFuture<'s, Result<Vec<Self::Tracked>>> {
        Box::pin(async move {
            let ends = Ends::of(*self);
            session.load_ends(&ends, owners.clone(), caller).await?;
            let members = owners.iter().map(|&owner| ends.members(&session.map, owner));
            let members: Vec<Vec<usize>> = members.collect::<Result<_>>()?;
            let handles = |slot| Tracked::new(session.id, slot);
            let rows = members.into_iter().map(|slots| slots.into_iter().map(handles).collect()).collect();
            hand_out::<F, T, _, C>(rows, ends.link)
        })
    }
}

#[diagnostic::do_not_recommend]
impl<F: Model, T: Model, C, L: TrackEach<T>> TrackLoad for RelatedRows<F, T, C, T, L>
where
    C: HandOut<<L as LoadEach<T>>::Row> + HandOut<<L as TrackEach<T>>::Tracked>,
{
    type Tracked = <C as HandOut<<L as TrackEach<T>>::Tracked>>::Of;

    fn track<'s>(
        &'s self,
        session: &'s mut Session,
        owners: Vec<usize>,
        caller: &'static Location<'static>,
    ) -> BoxFuture<'s, Result<Vec<Self::Tracked>>> {
        Box::pin(async move {
            let rows = self.of_each();
            let entries = owners.iter().map(|&owner| session.map.get(owner));
            let entries: Vec<_> = entries.collect();
            let keys = keys_at_hand(&rows, entries.len(), |row, column| {
                entries.get(row).copied().flatten().map_or(ValueRef::Null, |entry| entry.entity.value(column))
            })?;
            drop(entries);
            let found = load_by_keys(&rows, &keys, &mut Handle::on_session(session).called_from(caller)).await?;
            let mut sizes = Vec::with_capacity(found.len());
            let mut slots = Vec::new();
            for models in found {
                let models = models.into_iter().map(Loaded::without_texts).collect();
                let entities = session.merge_present(models, Merge::Read)?;
                sizes.push(entities.len());
                slots.extend(entities.into_iter().map(|entity| entity.slot));
            }
            let mut tracked = self.relations().track(session, slots, caller).await?.into_iter();
            let rows = sizes.into_iter().map(|size| tracked.by_ref().take(size).collect()).collect();
            hand_out::<F, T, _, C>(rows, self.link())
        })
    }
}

/// Hands out what belongs to each owner.
fn hand_out<F: Model, T: Model, X, C: HandOut<X>>(rows: Vec<Vec<X>>, link: Link) -> Result<Vec<C::Of>> {
    let next = vec![None; rows.len()];
    let of: Vec<usize> = rows.iter().enumerate().flat_map(|(owner, rows)| rows.iter().map(move |_| owner)).collect();
    let rows = rows.into_iter().flatten().collect();
    C::hand_out(rows, &Owners { of: &of, next: &next })
        .map_err(|misfit| misfit_of::<F, T>(link, misfit, WithoutRow::None))
}

impl<M: Model> TrackEach<M> for () {
    type Tracked = Tracked<M>;

    fn track<'s>(
        &'s self,
        session: &'s mut Session,
        slots: Vec<usize>,
        _: &'static Location<'static>,
    ) -> BoxFuture<'s, Result<Vec<Tracked<M>>>> {
        let handles = slots.into_iter().map(|slot| Tracked::new(session.id, slot)).collect();
        Box::pin(std::future::ready(Ok(handles)))
    }
}

macro_rules! track_each {
    ($($load:ident $row:ident $index:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<M: Model, $($load: TrackLoad),+> TrackEach<M> for ($($load,)+) {
            type Tracked = (Tracked<M>, $($load::Tracked,)+);

            fn track<'s>(
                &'s self,
                session: &'s mut Session,
                slots: Vec<usize>,
                caller: &'static Location<'static>,
            ) -> BoxFuture<'s, Result<Vec<Self::Tracked>>> {
                Box::pin(async move {
                    $(let mut $row = self.$index.track(session, slots.clone(), caller).await?.into_iter();)+
                    let id = session.id;
                    // There is one for each row.
                    Ok(slots.into_iter().filter_map(|slot| Some((Tracked::new(id, slot), $($row.next()?,)+))).collect())
                })
            }
        }
    };
}

track_each!(A a 0);
track_each!(A a 0, B b 1);
track_each!(A a 0, B b 1, C c 2);
track_each!(A a 0, B b 1, C c 2, D d 3);
track_each!(A a 0, B b 1, C c 2, D d 3, E e 4);
track_each!(A a 0, B b 1, C c 2, D d 3, E e 4, G g 5);
track_each!(A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6);
track_each!(A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7);
