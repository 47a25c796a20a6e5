//! [`Condition`]: what a filter takes.

use std::ops::Not;

use super::operators::Expression;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::query::raw::Raw;
use crate::sealed::Sealed;
use crate::sql::{self, UnaryOp};

/// Something that is true or false: a comparison, a combination of them, a bool column.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// // A bool column is a condition, as is a comparison.
/// let cheap = Order::price.lt(5000);
/// assert_eq!(select(Order::id).filter(Order::paid.and(cheap)).all(&engine).await?, [1, 3]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "expected a condition: a comparison or a bool column",
    note = "`&&` and `||` are Rust's: combine conditions with `.and(…)`, `.or(…)` and `not(…)`"
)]
pub trait Condition: Sealed + Sized {
    /// The untyped node.
    fn condition(self) -> sql::Expr;

    /// Both hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let condition = User::age.gt(30).and(User::name.starts_with("A"));
    /// assert_eq!(select(User::name).filter(condition).all(&engine).await?, ["Ada"]);
    /// # Ok(())
    /// # }
    /// ```
    fn and(self, other: impl Condition) -> Expr<bool> {
        Expr::of_chain(self.condition().and(other.condition()))
    }

    /// One of them holds, or both.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let condition = User::age.is_null().or(User::name.eq("Ada"));
    /// assert_eq!(select(User::name).filter(condition).order_by(User::id).all(&engine).await?, ["Ada", "Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    fn or(self, other: impl Condition) -> Expr<bool> {
        Expr::of_chain(self.condition().or(other.condition()))
    }
}

/// The opposite. What is unknown, because a NULL was compared, stays unknown.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::not;
///
/// // Cleo's age is NULL: neither the condition nor its opposite holds.
/// assert_eq!(select(User::name).filter(not(User::age.gt(40))).all(&engine).await?, ["Ada"]);
/// # Ok(())
/// # }
/// ```
pub fn not(condition: impl Condition) -> Expr<bool> {
    Expr::new(sql::Expr::unary(UnaryOp::Not, condition.condition()))
}

#[diagnostic::do_not_recommend]
impl Condition for Expr<bool> {
    fn condition(self) -> sql::Expr {
        self.into_node()
    }
}

#[diagnostic::do_not_recommend]
impl Condition for Expr<Option<bool>> {
    fn condition(self) -> sql::Expr {
        self.into_node()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Condition for Column<M, bool> {
    fn condition(self) -> sql::Expr {
        self.node()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Condition for Column<M, Option<bool>> {
    fn condition(self) -> sql::Expr {
        self.node()
    }
}

/// A text of the program is a condition, for which the program answers.
#[diagnostic::do_not_recommend]
impl Condition for Raw {
    fn condition(self) -> sql::Expr {
        self.expr::<bool>().condition()
    }
}

impl Not for Expr<bool> {
    type Output = Expr<bool>;

    fn not(self) -> Expr<bool> {
        not(self)
    }
}
