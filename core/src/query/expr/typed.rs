//! [`Expr`]: a node of the untyped tree with a type beside it.

use std::fmt;
use std::marker::PhantomData;

use super::operators::Expression;
use crate::sealed::Sealed;
use crate::sql;
use crate::types::SqlType;

/// An expression of the Rust type `T`: an untyped node with a type beside it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Expr;
///
/// /// A price with tax.
/// fn with_tax(percent: i64) -> Expr<Option<i64>> {
///     Order::price * (100 + percent) / 100
/// }
///
/// assert_eq!(select(with_tax(20)).order_by(Order::id).all(&engine).await?, [Some(3600), Some(9600), Some(3000)]);
/// # Ok(())
/// # }
/// ```
#[must_use = "an expression does nothing until it is part of a statement"]
pub struct Expr<T> {
    node: sql::Expr,
    of: PhantomData<fn() -> T>,
}

impl<T> Sealed for Expr<T> {}

impl<T> Expr<T> {
    /// An expression of type `T` over an untyped node.
    pub fn new(node: sql::Expr) -> Expr<T> {
        Expr { node: node.bounded(), of: PhantomData }
    }

    /// The same over a chain of AND or OR, whose parts were bounded when they were added to it.
    pub(super) fn of_chain(node: sql::Expr) -> Expr<T> {
        Expr { node, of: PhantomData }
    }

    /// The untyped node.
    pub(in crate::query) fn into_node(self) -> sql::Expr {
        self.node
    }
}

impl<T: SqlType> Expression for Expr<T> {
    type Type = T;

    fn node(self) -> sql::Expr {
        self.node
    }
}

impl<T> Clone for Expr<T> {
    fn clone(&self) -> Expr<T> {
        Expr { node: self.node.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Expr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
