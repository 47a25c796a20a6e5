//! [`Relation`]: how the rows of one model belong to those of another.

use std::fmt;
use std::marker::PhantomData;

use super::{
    Entity, ForeignKeyTo, KeyTo, Leaving, Link, Many, Model, ReadEntity, Through, blank_entity, foreign_key,
    read_entity,
};
use crate::sealed::Sealed;
use crate::types::{Nullability, Nullable};

/// A relation from the model `F` to the model `T`; `C` says to how many of its rows. The derive makes one constant per
/// relation: `User::orders`, `Order::user`.
///
/// Both ends of a relation name the same foreign key, so that they can't contradict each other.
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "users", has_many(orders = Order::user_id))]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     name: String,
/// }
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "orders")]
/// struct Order {
///     #[model(primary_key)]
///     id: i64,
///     #[model(references = User::id, belongs_to = user)]
///     user_id: i64,
///     total: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![User, Order]).await?;
/// insert_all(&[User { id: 1, name: "Ada".into() }, User { id: 2, name: "Bob".into() }]).exec(&engine).await?;
/// insert_all(&[Order { id: 1, user_id: 1, total: 250 }, Order { id: 2, user_id: 1, total: 5 }]).exec(&engine).await?;
///
/// let big = User::select().filter(User::orders.any(Order::total.gt(100))).all(&engine).await?;
/// assert_eq!(big, [User { id: 1, name: "Ada".into() }]);
/// assert_eq!(User::select().filter(User::orders.none(Order::total.gt(100))).count(&engine).await?, 1);
///
/// let counts = select((User::name, User::orders.count())).order_by(User::id).all(&engine).await?;
/// assert_eq!(counts, [("Ada".to_owned(), 2), ("Bob".to_owned(), 0)]);
///
/// let of_ada = Order::select().join(Order::user).filter(User::name.eq("Ada")).count(&engine).await?;
/// assert_eq!(of_ada, 2);
/// # Ok(())
/// # }
/// ```
pub struct Relation<F, T, C> {
    link: Link,
    side: Side,
    of: PhantomData<Ends<F, T, C>>,
}

/// Which of its ends refers to the other.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    /// The first: each of its rows has the foreign key.
    Refers,
    /// The second.
    IsReferredTo(Leaving),
    /// Neither: rows of a table between refer to both.
    Between(Between),
}

/// The model of a table between two.
#[derive(Clone, Copy)]
pub(crate) struct Between {
    pub(crate) read: ReadEntity,
    /// A row with the model's defaults, if it has any.
    pub(crate) blank: fn() -> Option<Box<dyn Entity>>,
}

impl<F, T, C> Sealed for Relation<F, T, C> {}

/// The types that a relation is about, of which it holds none.
type Ends<F, T, C> = fn() -> (F, T, C);

impl<F, T> Relation<F, T, Many> {
    /// The rows of `T` whose foreign key refers to this row. The derive writes calls to it.
    pub const fn has_many(key: KeyTo<T, F>) -> Relation<F, T, Many> {
        Relation::linked(
            Link { from: key.references, to: key.columns, through: None },
            Side::IsReferredTo(Leaving::Kept),
        )
    }

    /// The rows of `T` that the rows of a table between refer to, together with this row. The derive writes calls to it.
    pub const fn many_to_many<J: Model>(key: KeyTo<J, F>, other: KeyTo<J, T>) -> Relation<F, T, Many> {
        let through = Through { table: J::table, from: key.columns, to: other.columns };
        let between = Between { read: read_entity::<J>, blank: blank_entity::<J> };
        Relation::linked(
            Link { from: key.references, to: other.references, through: Some(through) },
            Side::Between(between),
        )
    }
}

impl<F, T> Relation<F, T, Nullable> {
    /// The row of `T` whose foreign key, which is unique, refers to this row. The derive writes calls to it.
    pub const fn has_one(key: KeyTo<T, F>) -> Relation<F, T, Nullable> {
        Relation::linked(
            Link { from: key.references, to: key.columns, through: None },
            Side::IsReferredTo(Leaving::Kept),
        )
    }
}

impl<F, T, N: Nullability> Relation<F, T, N> {
    /// The row of `T` that this row's foreign key refers to. The derive writes calls to it.
    pub const fn belongs_to<const LIST: u128>() -> Relation<F, T, N>
    where
        F: ForeignKeyTo<T, LIST, Null = N>,
    {
        let key = foreign_key::<F, T, LIST>();
        Relation::linked(Link { from: key.columns, to: key.references, through: None }, Side::Refers)
    }
}

impl<F, T, C> Relation<F, T, C> {
    /// The same, where related rows are deleted by the session that takes them out. The derive writes calls to it.
    #[must_use]
    pub const fn owned(mut self) -> Relation<F, T, C> {
        if let Side::IsReferredTo(_) = self.side {
            self.side = Side::IsReferredTo(Leaving::Deleted);
        }
        self
    }

    /// Which of its ends refers to the other.
    pub(crate) const fn side(self) -> Side {
        self.side
    }

    /// What becomes of a row that no longer belongs to the one it belonged to.
    pub(crate) const fn leaving(self) -> Leaving {
        match self.side {
            Side::IsReferredTo(leaving) => leaving,
            Side::Refers | Side::Between(_) => Leaving::Kept,
        }
    }

    const fn linked(link: Link, side: Side) -> Relation<F, T, C> {
        Relation { link, side, of: PhantomData }
    }

    /// Which columns are equal.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let link = User::orders.link();
    /// assert_eq!((link.from, link.to), (&[User::id.index()][..], &[Order::user_id.index()][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub const fn link(self) -> Link {
        self.link
    }
}

impl<F, T, C> Clone for Relation<F, T, C> {
    fn clone(&self) -> Relation<F, T, C> {
        *self
    }
}

impl<F, T, C> Copy for Relation<F, T, C> {}

impl<F: Model, T: Model, C> fmt::Debug for Relation<F, T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relation({} -> {})", F::table(), T::table())
    }
}
