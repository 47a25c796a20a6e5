//! CASE.

use std::marker::PhantomData;

use super::condition::Condition;
use super::operand::Operand;
use super::typed::Expr;
use crate::sql::{self, arithmetic};
use crate::types::{Nullability, SqlValue};

/// Conditions with a value each, of which the first that holds counts.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "products")]
/// struct Product {
///     #[model(primary_key)]
///     price: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Product]).await?;
/// # insert_all(&[Product { price: 5 }, Product { price: 50 }, Product { price: 500 }]).exec(&engine).await?;
/// let class = case(Product::price.gt(100), "dear").when(Product::price.gt(10), "fair").otherwise("cheap");
/// let classes = select(class).order_by(Product::price).all(&engine).await?;
/// assert_eq!(classes, ["cheap", "fair", "dear"]);
/// # Ok(())
/// # }
/// ```
pub fn case<B: SqlValue, V: Operand<B>>(condition: impl Condition, value: V) -> Case<B, V::Null> {
    let branch = (condition.condition(), arithmetic::operand(value.operand()));
    Case { branches: vec![branch], of: PhantomData }
}

/// A CASE that is being written; see [`case`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::case;
///
/// let state = case(Order::paid, "paid").otherwise("open");
/// assert_eq!(select(state).order_by(Order::id).all(&engine).await?, ["paid", "open", "paid"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a case has no value until it is ended by `otherwise` or `end`"]
pub struct Case<B, N> {
    branches: Vec<(sql::Expr, sql::Expr)>,
    of: PhantomData<fn() -> (B, N)>,
}

impl<B: SqlValue, N: Nullability> Case<B, N> {
    /// Where the ones before do not hold and this one does, this value.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::case;
    ///
    /// let size = case(Order::price.lt(2600), "low").when(Order::price.lt(3100), "fair").otherwise("high");
    /// assert_eq!(select(size).order_by(Order::id).all(&engine).await?, ["fair", "high", "low"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn when<V: Operand<B>>(mut self, condition: impl Condition, value: V) -> Case<B, N::Or<V::Null>> {
        self.branches.push((condition.condition(), arithmetic::operand(value.operand())));
        Case { branches: self.branches, of: PhantomData }
    }

    /// Where none holds, this value.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::case;
    ///
    /// let due = case(Order::paid, 0_i64).otherwise(Order::price);
    /// assert_eq!(select(due).order_by(Order::id).all(&engine).await?, [0, 8000, 0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn otherwise<V: Operand<B>>(self, value: V) -> Expr<<N::Or<V::Null> as Nullability>::Sql<B>> {
        let otherwise = Some(arithmetic::operand(value.operand()));
        Expr::new(sql::Expr::Case(Box::new(sql::Case { branches: self.branches, otherwise })))
    }

    /// Where none holds, NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::case;
    ///
    /// let due = case(Order::paid.eq(false), Order::price).end();
    /// assert_eq!(select(due).order_by(Order::id).all(&engine).await?, [None, Some(8000), None]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn end(self) -> Expr<Option<B>> {
        Expr::new(sql::Expr::Case(Box::new(sql::Case { branches: self.branches, otherwise: None })))
    }
}
