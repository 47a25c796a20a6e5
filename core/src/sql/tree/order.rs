//! ORDER BY.

use crate::error::Result;
use crate::sql::expr::Expr;
use crate::sql::render::SqlWriter;

/// An expression to sort by.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderTerm {
    /// The expression.
    pub expr: Expr,
    /// Which way.
    pub direction: Direction,
    /// Whether it may be NULL in a row that is sorted.
    pub nulls: Nulls,
}

/// Whether what is sorted by may be NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// As the expression says.
    Possible,
    /// The statement keeps them out: an index may serve the order on databases that sort them elsewhere.
    KeptOut,
}

impl OrderTerm {
    /// Sorts by an expression.
    pub fn new(expr: Expr, direction: Direction) -> OrderTerm {
        OrderTerm { expr, direction, nulls: Nulls::Possible }
    }

    /// Sorts upwards by an expression which the statement keeps from being NULL.
    pub fn without_nulls(expr: Expr) -> OrderTerm {
        OrderTerm { expr, direction: Direction::Ascending, nulls: Nulls::KeptOut }
    }
}

/// Which way to sort. NULLs stand at the end going up and at the beginning going down, on every backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The greatest first.
    Descending,
}

/// ` ORDER BY "price" DESC, "id"`
pub(super) fn render<'a>(w: &mut SqlWriter<'a>, terms: &'a [OrderTerm]) -> Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    w.push(" ORDER BY ");
    render_terms(w, terms)
}

/// `"price" DESC, "id"`
pub(in crate::sql) fn render_terms<'a>(w: &mut SqlWriter<'a>, terms: &'a [OrderTerm]) -> Result<()> {
    w.commas(terms, |w, term| w.syntax().order_term(w, term))
}
