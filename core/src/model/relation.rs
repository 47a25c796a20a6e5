//! [`Relation`]: how the rows of one model belong to those of another.

use std::fmt;
use std::marker::PhantomData;

use super::{Column, Model};
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::types::{NotNull, Nullability, Nullable, SqlType};

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
    of: PhantomData<Ends<F, T, C>>,
}

impl<F, T, C> Sealed for Relation<F, T, C> {}

/// The types that a relation is about, of which it holds none.
type Ends<F, T, C> = fn() -> (F, T, C);

/// To any number of rows.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::model::{Many, Relation};
///
/// let orders: Relation<User, Order, Many> = User::orders;
/// assert_eq!(orders.link(), User::orders.link());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Many {}

impl Sealed for Many {}

/// Which columns of the two models are equal in rows that belong together.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let link = Order::user.link();
/// assert_eq!((link.from, link.to), (Order::user_id.index(), User::id.index()));
/// assert_eq!(link.through, None);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The column of the model the relation is from, by its index.
    pub from: u16,
    /// The column of the model the relation is to, by its index.
    pub to: u16,
    /// The table between, where neither model refers to the other.
    pub through: Option<Through>,
}

impl Link {
    /// The same link from its other side.
    pub(crate) fn reversed(self) -> Link {
        let through = self.through.map(|Through { table, from, to }| Through { table, from: to, to: from });
        Link { from: self.to, to: self.from, through }
    }
}

/// A table between two models, whose rows refer to a row of either.
#[derive(Debug, Clone, Copy)]
pub struct Through {
    /// The table. A function, because tables may refer to each other.
    pub table: fn() -> &'static Table,
    /// Its column that refers to the model the relation is from.
    pub from: u16,
    /// Its column that refers to the model the relation is to.
    pub to: u16,
}

impl PartialEq for Through {
    fn eq(&self, other: &Through) -> bool {
        (self.table)() == (other.table)() && self.from == other.from && self.to == other.to
    }
}

/// To how many rows a relation leads: [`Many`], one ([`NotNull`]), or one at most ([`Nullable`]).
pub trait Cardinality: Sealed + 'static {
    /// What such rows are read as: `Vec<X>`, `X` or `Option<X>`.
    type Of<X: Send + 'static>: Send + 'static;
}

impl Cardinality for Many {
    type Of<X: Send + 'static> = Vec<X>;
}

impl Cardinality for NotNull {
    type Of<X: Send + 'static> = X;
}

impl Cardinality for Nullable {
    type Of<X: Send + 'static> = Option<X>;
}

/// A model whose primary key is one column. The derive writes the impl.
#[diagnostic::on_unimplemented(
    message = "the primary key of `{Self}` has several columns, and a relation leads by one",
    label = "this key has several columns",
    note = "join on a condition instead, or give the model a key of one column"
)]
pub trait SingleKey: Model {
    /// The type of the column.
    type Column: SqlType;
    /// The column.
    const KEY: Column<Self, Self::Column>;
}

/// Says that the column at this index is a foreign key to `T`. The derive writes an impl for each `references`.
#[diagnostic::on_unimplemented(
    message = "this column of `{Self}` is no foreign key to `{T}`",
    label = "not a foreign key to `{T}`",
    note = "the field in `{Self}` needs `#[model(references = {T}::…)]`; and a relation is named from the side that is referred to"
)]
pub trait ForeignKeyTo<T, const PLACE: u16> {}

/// Compiles where the column is a foreign key. The derive writes calls to it.
pub const fn is_foreign_key<M: ForeignKeyTo<T, PLACE>, T, const PLACE: u16>() {}

impl<F, T> Relation<F, T, Many> {
    /// The rows of `T` whose foreign key refers to this row. The derive writes calls to it.
    pub const fn has_many<K: SqlType, V: SqlType<Base = K::Base>>(
        foreign_key: Column<T, V>,
        key: Column<F, K>,
    ) -> Relation<F, T, Many> {
        Relation::linked(Link { from: key.index(), to: foreign_key.index(), through: None })
    }

    /// The rows of `T` that the rows of a table between refer to, together with this row. The derive writes calls to it.
    pub const fn many_to_many<J: Model, A, B, K, V>(
        from: Column<J, A>,
        key: Column<F, K>,
        to: Column<J, B>,
        other_key: Column<T, V>,
    ) -> Relation<F, T, Many>
    where
        K: SqlType,
        V: SqlType,
        A: SqlType<Base = K::Base>,
        B: SqlType<Base = V::Base>,
    {
        let through = Through { table: J::table, from: from.index(), to: to.index() };
        Relation::linked(Link { from: key.index(), to: other_key.index(), through: Some(through) })
    }
}

impl<F, T> Relation<F, T, Nullable> {
    /// The row of `T` whose foreign key, which is unique, refers to this row. The derive writes calls to it.
    pub const fn has_one<K: SqlType, V: SqlType<Base = K::Base>>(
        foreign_key: Column<T, V>,
        key: Column<F, K>,
    ) -> Relation<F, T, Nullable> {
        Relation::linked(Link { from: key.index(), to: foreign_key.index(), through: None })
    }
}

impl<F, T, N: Nullability> Relation<F, T, N> {
    /// The row of `T` that this row's foreign key refers to. The derive writes calls to it.
    pub const fn belongs_to<V: SqlType<Null = N>, K: SqlType<Base = V::Base>>(
        foreign_key: Column<F, V>,
        key: Column<T, K>,
    ) -> Relation<F, T, N> {
        Relation::linked(Link { from: foreign_key.index(), to: key.index(), through: None })
    }
}

impl<F, T, C> Relation<F, T, C> {
    const fn linked(link: Link) -> Relation<F, T, C> {
        Relation { link, of: PhantomData }
    }

    /// Which columns are equal.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let link = User::orders.link();
    /// assert_eq!((link.from, link.to), (User::id.index(), Order::user_id.index()));
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
