//! [`Condition`]: what a filter takes.

use std::ops::Not;

use super::operators::Expression;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::query::raw::Raw;
use crate::sql::{self, UnaryOp};

/// Something that is true or false: a comparison, a combination of them, a bool column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "expected a condition: a comparison or a bool column",
    note = "`&&` and `||` are Rust's: combine conditions with `.and(…)`, `.or(…)` and `not(…)`"
)]
pub trait Condition: Sized {
    /// The untyped node.
    fn condition(self) -> sql::Expr;

    /// Both hold.
    fn and(self, other: impl Condition) -> Expr<bool> {
        Expr::of_chain(self.condition().and(other.condition()))
    }

    /// One of them holds, or both.
    fn or(self, other: impl Condition) -> Expr<bool> {
        Expr::of_chain(self.condition().or(other.condition()))
    }
}

/// The opposite. What is unknown, because a NULL was compared, stays unknown.
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
