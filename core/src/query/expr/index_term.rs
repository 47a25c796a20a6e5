//! What an index over an expression is sorted by.

use super::operators::Expression;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::query::select::Order;
use crate::sealed::Sealed;
use crate::sql::OrderTerm;
use crate::types::SqlType;

/// What an index can be over: an expression, or one with a direction.
#[diagnostic::on_unimplemented(
    message = "an index can't be over `{Self}`",
    label = "expected an expression built from columns, or one with `.desc()`"
)]
pub trait IndexTerm: Sealed {
    /// The term.
    fn term(self) -> OrderTerm;
}

impl IndexTerm for Order {
    fn term(self) -> OrderTerm {
        self.into_term()
    }
}

impl<M: Model, T: SqlType> IndexTerm for Column<M, T> {
    fn term(self) -> OrderTerm {
        self.asc().into_term()
    }
}

impl<T: SqlType> IndexTerm for Expr<T> {
    fn term(self) -> OrderTerm {
        self.asc().into_term()
    }
}
