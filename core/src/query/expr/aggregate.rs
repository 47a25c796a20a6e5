//! [`Aggregate`]: one value made from many rows.

use std::fmt;
use std::marker::PhantomData;

use super::condition::Condition;
use super::operators::Expression;
use crate::sealed::Sealed;
use crate::sql::{self, AggregateFunction, Repeats};
use crate::types::{Ordered, SqlType, Summable};

/// An aggregate that is read as `T`.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "sales")]
/// struct Sale {
///     #[model(primary_key)]
///     id: i64,
///     shop: String,
///     amount: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Sale]).await?;
/// # insert_all(&[(1, "a", 5), (2, "b", 7), (3, "a", 4)].map(|(id, shop, amount)| Sale { id, shop: shop.into(), amount }))
/// #     .exec(&engine)
/// #     .await?;
/// let all = select((count_rows(), sum(Sale::amount), avg(Sale::amount), max(Sale::shop))).from(table::<Sale>());
/// assert_eq!(all.one(&engine).await?, (3, Some(16), Some(16.0 / 3.0), Some("b".to_owned())));
///
/// let shops = count(Sale::shop).distinct();
/// let small = count(Sale::id).filter(Sale::amount.lt(6));
/// let late = count_rows().filter(Sale::id.gt(1));
/// assert_eq!(select((shops, small, late)).from(table::<Sale>()).one(&engine).await?, (2, 2, 2));
/// # Ok(())
/// # }
/// ```
#[must_use = "an expression does nothing until it is part of a statement"]
pub struct Aggregate<T> {
    node: sql::Aggregate,
    of: PhantomData<fn() -> T>,
}

impl<T> Sealed for Aggregate<T> {}

/// How many rows there are in which `of` is not NULL.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::count;
///
/// assert_eq!(select(count(User::age)).one(&engine).await?, 2); // Cleo has told nobody hers.
/// # Ok(())
/// # }
/// ```
pub fn count<E: Expression>(of: E) -> Aggregate<i64> {
    Aggregate::new(AggregateFunction::Count, of)
}

/// How many rows there are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::count_rows;
///
/// let users = select(count_rows()).from(creole::query::table::<User>()).one(&engine).await?;
/// assert_eq!(users, 3);
/// # Ok(())
/// # }
/// ```
pub fn count_rows() -> Aggregate<i64> {
    Aggregate { node: sql::Aggregate::count_rows(), of: PhantomData }
}

/// The sum; `None` where there is nothing to add up. Exact for integers and decimals: a sum of integers that does not fit
/// an `i64`, and one of decimals with more than 28 digits, is an error.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::sum;
///
/// assert_eq!(select(sum(Order::price)).one(&engine).await?, Some(13_500));
/// assert_eq!(select(sum(Order::price)).filter(Order::id.gt(99)).one(&engine).await?, None);
/// # Ok(())
/// # }
/// ```
pub fn sum<E: Expression>(of: E) -> Aggregate<Option<<<E::Type as SqlType>::Base as Summable>::Sum>>
where
    <E::Type as SqlType>::Base: Summable,
{
    Aggregate::new(AggregateFunction::Sum, of)
}

/// The average; `None` where there is none. Of decimals it is a decimal with six digits more after the point, rounded half
/// away from zero; else a float.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::avg;
///
/// assert_eq!(select(avg(Order::price)).one(&engine).await?, Some(4500.0));
/// # Ok(())
/// # }
/// ```
pub fn avg<E: Expression>(of: E) -> Aggregate<Option<<<E::Type as SqlType>::Base as Summable>::Avg>>
where
    <E::Type as SqlType>::Base: Summable,
{
    Aggregate::new(AggregateFunction::Avg, of)
}

/// The smallest value; `None` where there is none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::min;
///
/// assert_eq!(select(min(User::age)).one(&engine).await?, Some(36));
/// # Ok(())
/// # }
/// ```
pub fn min<E: Expression>(of: E) -> Aggregate<Option<<E::Type as SqlType>::Base>>
where
    <E::Type as SqlType>::Base: Ordered,
{
    Aggregate::new(AggregateFunction::Min, of)
}

/// The greatest value; `None` where there is none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::max;
///
/// assert_eq!(select(max(Order::item)).one(&engine).await?, Some("lamp".to_owned()));
/// # Ok(())
/// # }
/// ```
pub fn max<E: Expression>(of: E) -> Aggregate<Option<<E::Type as SqlType>::Base>>
where
    <E::Type as SqlType>::Base: Ordered,
{
    Aggregate::new(AggregateFunction::Max, of)
}

impl<T> Aggregate<T> {
    fn new(function: AggregateFunction, of: impl Expression) -> Aggregate<T> {
        Aggregate { node: sql::Aggregate::of(function, of.node().bounded()), of: PhantomData }
    }

    /// Over distinct values: one that occurs several times counts once. Rows are never the same, so with [`count_rows`] the statement is
    /// refused when it is run.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::count;
    ///
    /// assert_eq!(select(count(Order::item).distinct()).one(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn distinct(mut self) -> Aggregate<T> {
        self.node.repeats = Repeats::Dropped;
        self
    }

    /// Over the rows for which this holds. Several conditions must all hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::sum;
    ///
    /// let (paid, unpaid) = (sum(Order::price).filter(Order::paid), sum(Order::price).filter(!Order::paid.eq(true)));
    /// assert_eq!(select((paid, unpaid)).one(&engine).await?, (Some(5500), Some(8000)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter(mut self, condition: impl Condition) -> Aggregate<T> {
        let condition = condition.condition();
        self.node.filter = Some(match self.node.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }

    pub(super) fn into_aggregate(self) -> sql::Aggregate {
        self.node
    }
}

impl<T: SqlType> Expression for Aggregate<T> {
    type Type = T;

    fn node(self) -> sql::Expr {
        sql::Expr::Aggregate(Box::new(self.node))
    }
}

impl<T> Clone for Aggregate<T> {
    fn clone(&self) -> Aggregate<T> {
        Aggregate { node: self.node.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Aggregate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
