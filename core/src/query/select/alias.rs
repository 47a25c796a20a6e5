//! [`Alias`]: a model's table in a statement, perhaps under another name.

use std::fmt;
use std::marker::PhantomData;

use super::join::JoinOn;
use super::selection::{AllOf, OptionalOf};
use crate::model::{Column, Model};
use crate::query::expr::{Condition, Expr};
use crate::sealed::Sealed;
use crate::sql::{self, ColumnRef, Source, TableRef};
use crate::types::{Nullability, Nullable, SqlType};

/// A model's table in a statement.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let other = alias::<Order>("other");
/// let pairs = select((Order::id, other.col(Order::id)))
///     .join(other.on(Order::item.eq(other.col(Order::item)).and(Order::id.lt(other.col(Order::id)))));
/// assert_eq!(pairs.all(&engine).await?, [(1, 3)]);
/// # Ok(())
/// # }
/// ```
pub struct Alias<M> {
    pub(in crate::query) table: TableRef,
    of: PhantomData<fn() -> M>,
}

impl<M> Sealed for Alias<M> {}

/// A model's table under its own name, to be joined: `join(table::<Order>())` finds the foreign key by itself,
/// `join(table::<Order>().on(…))` has any condition.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::table;
///
/// let rows = select((User::name, Order::item)).from(table::<User>()).join(table::<Order>()).order_by(Order::id);
/// assert_eq!(rows.first(&engine).await?, Some(("Ada".to_owned(), "lamp".to_owned())));
/// # Ok(())
/// # }
/// ```
pub fn table<M: Model>() -> Alias<M> {
    Alias { table: TableRef::new(M::table()), of: PhantomData }
}

/// A model's table under another name, so that it can stand in a statement twice.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::alias;
///
/// // Users who are older than another one.
/// let younger = alias::<User>("younger");
/// let older = select(User::name).join(younger.on(younger.col(User::age).lt(User::age)));
/// assert_eq!(older.all(&engine).await?, ["Bob"]);
/// # Ok(())
/// # }
/// ```
pub fn alias<M: Model>(name: &'static str) -> Alias<M> {
    Alias { table: TableRef { table: M::table(), alias: Some(name) }, of: PhantomData }
}

impl<M: Model> Alias<M> {
    /// A column of it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = creole::query::alias::<User>("u");
    /// assert_eq!(select(user.col(User::name)).from(user).limit(1).all(&engine).await?, ["Ada"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn col<T: SqlType>(self, column: Column<M, T>) -> Expr<T> {
        Expr::new(sql::Expr::Column(ColumnRef { table: self.table, index: column.index() }))
    }

    /// Every column of it, read as the model.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = creole::query::alias::<User>("u");
    /// let users: Vec<User> = select(user.all()).from(user).filter(user.col(User::id).eq(2)).all(&engine).await?;
    /// assert_eq!(users[0].name, "Bob");
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> AllOf<M> {
        AllOf::new(self.table)
    }

    /// As [`all`](Alias::all), where an outer join may leave it without a row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let order = creole::query::alias::<Order>("o");
    /// let rows = select((User::name, order.optional()))
    ///     .left_join(order.on(order.col(Order::user_id).eq(User::id)))
    ///     .filter(User::id.eq(3));
    /// assert_eq!(rows.one(&engine).await?, ("Cleo".to_owned(), None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn optional(self) -> OptionalOf<M> {
        OptionalOf::new(self.table)
    }

    /// Joined where this holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::table;
    ///
    /// let dear = table::<Order>().on(Order::user_id.eq(User::id).and(Order::price.gt(5000)));
    /// assert_eq!(select(User::name).join(dear).all(&engine).await?, ["Ada"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on(self, condition: impl Condition) -> JoinOn {
        JoinOn { source: Source::Table(self.table), on: Some(condition.condition()) }
    }

    /// Joined with every row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::table;
    ///
    /// assert_eq!(select(User::id).join(table::<Order>().cross()).count(&engine).await?, 3 * 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cross(self) -> JoinOn {
        JoinOn { source: Source::Table(self.table), on: None }
    }
}

impl<M: Model, T: SqlType> Column<M, T> {
    /// The column, where an outer join may leave its table without a row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let items = select((User::name, Order::item.optional())).left_join(User::orders).filter(User::id.eq(3));
    /// assert_eq!(items.one(&engine).await?, ("Cleo".to_owned(), None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn optional(self) -> Expr<<Nullable as Nullability>::Sql<T::Base>> {
        Expr::new(sql::Expr::Column(self.column_ref()))
    }
}

impl<T: SqlType> Expr<T> {
    /// The expression, where an outer join may leave its table without a row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let doubled = select((User::name, (Order::price * 2).optional())).left_join(User::orders).order_by(User::id);
    /// assert_eq!(doubled.all(&engine).await?.last(), Some(&("Cleo".to_owned(), None)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn optional(self) -> Expr<<Nullable as Nullability>::Sql<T::Base>> {
        Expr::new(self.into_node())
    }
}

impl<M> Clone for Alias<M> {
    fn clone(&self) -> Alias<M> {
        *self
    }
}

impl<M> Copy for Alias<M> {}

impl<M> fmt::Debug for Alias<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({})", self.table.name())
    }
}
