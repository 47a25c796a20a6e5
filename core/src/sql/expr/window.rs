//! Windows: values made from the rows around a row.

use super::aggregate::Aggregate;
use super::operator::Precedence;
use crate::error::Result;
use crate::sql::expr::Expr;
use crate::sql::render::SqlWriter;
use crate::sql::tree::{OrderTerm, order};
use crate::types::ColumnType;

/// A function over a window of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// What is made of the rows.
    pub function: WindowFunction,
    /// Which rows, and in which order.
    pub over: Over,
}

/// What is made of the rows of a window.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowFunction {
    /// An aggregate of the frame's rows.
    Aggregate(Aggregate),
    /// The row's number, from 1.
    RowNumber,
    /// The number of the first row that is equal in the order.
    Rank,
    /// As [`Rank`](WindowFunction::Rank), without gaps.
    DenseRank,
    /// Which of n parts of equal size, from 1.
    Ntile(u32),
    /// The value n rows before.
    Lag(Expr, u32),
    /// The value n rows after.
    Lead(Expr, u32),
    /// The value in the frame's first row.
    FirstValue(Expr),
    /// The value in the frame's last row.
    LastValue(Expr),
}

/// Which rows a window has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Over {
    /// Rows that are equal in these.
    pub partition_by: Vec<Expr>,
    /// In this order.
    pub order_by: Vec<OrderTerm>,
    /// Only these of them.
    pub frame: Option<Frame>,
}

/// The part of a window around a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// What is counted.
    pub unit: FrameUnit,
    /// Where it begins.
    pub start: FrameBound,
    /// Where it ends.
    pub end: FrameBound,
}

/// What a frame counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameUnit {
    /// Rows.
    Rows,
    /// Rows that are equal in the order are peers, and counted as one.
    Range,
    /// Groups of rows that are equal in the order.
    Groups,
}

/// An end of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameBound {
    /// The window's first row.
    UnboundedPreceding,
    /// So many before.
    Preceding(u32),
    /// The row itself.
    CurrentRow,
    /// This many after.
    Following(u32),
    /// The window's last row.
    UnboundedFollowing,
}

impl Window {
    /// The type of its values.
    pub fn ty(&self) -> Option<ColumnType> {
        match &self.function {
            WindowFunction::Aggregate(aggregate) => aggregate.ty(),
            WindowFunction::Lag(operand, _)
            | WindowFunction::Lead(operand, _)
            | WindowFunction::FirstValue(operand)
            | WindowFunction::LastValue(operand) => operand.ty(),
            WindowFunction::RowNumber | WindowFunction::Rank | WindowFunction::DenseRank | WindowFunction::Ntile(_) => {
                Some(ColumnType::I64)
            }
        }
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        // Each call that an aggregate is made of takes the window after it.
        if let WindowFunction::Aggregate(aggregate) = &self.function {
            let outer = w.set_over(Some(&self.over));
            let result = w.syntax().aggregate(w, aggregate);
            w.set_over(outer);
            return result;
        }
        w.syntax().window_function(w, &self.function)?;
        self.over.render(w)
    }
}

impl WindowFunction {
    /// The standard's spelling. `None` where the standard has none, so that each dialect says its own.
    pub fn sql(&self) -> Option<&'static str> {
        match self {
            WindowFunction::Aggregate(aggregate) => aggregate.function.sql(),
            WindowFunction::RowNumber
            | WindowFunction::Rank
            | WindowFunction::DenseRank
            | WindowFunction::Ntile(_)
            | WindowFunction::Lag(..)
            | WindowFunction::Lead(..)
            | WindowFunction::FirstValue(_)
            | WindowFunction::LastValue(_) => Some(self.name()),
        }
    }

    /// The name by which messages call it.
    pub fn name(&self) -> &'static str {
        match self {
            WindowFunction::Aggregate(aggregate) => aggregate.function.name(),
            WindowFunction::RowNumber => "row_number",
            WindowFunction::Rank => "rank",
            WindowFunction::DenseRank => "dense_rank",
            WindowFunction::Ntile(_) => "ntile",
            WindowFunction::Lag(..) => "lag",
            WindowFunction::Lead(..) => "lead",
            WindowFunction::FirstValue(_) => "first_value",
            WindowFunction::LastValue(_) => "last_value",
        }
    }

    /// What stands in its parentheses.
    pub(in crate::sql) fn render_arguments<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self {
            WindowFunction::RowNumber | WindowFunction::Rank | WindowFunction::DenseRank => {}
            WindowFunction::Ntile(parts) => {
                w.number((*parts).into());
            }
            WindowFunction::Lag(operand, rows) | WindowFunction::Lead(operand, rows) => {
                w.expr(operand, Precedence::Lowest)?;
                w.push(", ").number((*rows).into());
            }
            WindowFunction::FirstValue(operand) | WindowFunction::LastValue(operand) => {
                w.expr(operand, Precedence::Lowest)?;
            }
            // Written by `aggregate`, window and all.
            WindowFunction::Aggregate(_) => {}
        }
        Ok(())
    }
}

impl Over {
    /// ` OVER (PARTITION BY "a" ORDER BY "b" ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`
    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.push(" OVER (");
        if !self.partition_by.is_empty() {
            w.push("PARTITION BY ");
            w.commas(&self.partition_by, |w, expr| w.write(expr))?;
        }
        if !self.order_by.is_empty() {
            w.push(if self.partition_by.is_empty() { "ORDER BY " } else { " ORDER BY " });
            order::render_terms(w, &self.order_by)?;
        }
        if let Some(frame) = &self.frame {
            w.syntax().frame(w, self, frame)?;
        }
        w.push(")");
        Ok(())
    }
}

impl Frame {
    /// ` ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`
    pub fn render(&self, w: &mut SqlWriter<'_>) {
        w.push(match self.unit {
            FrameUnit::Rows => " ROWS BETWEEN ",
            FrameUnit::Range => " RANGE BETWEEN ",
            FrameUnit::Groups => " GROUPS BETWEEN ",
        });
        self.start.render(w);
        w.push(" AND ");
        self.end.render(w);
    }
}

impl FrameBound {
    fn render(self, w: &mut SqlWriter<'_>) {
        match self {
            FrameBound::UnboundedPreceding => w.push("UNBOUNDED PRECEDING"),
            FrameBound::Preceding(rows) => w.number(rows.into()).push(" PRECEDING"),
            FrameBound::CurrentRow => w.push("CURRENT ROW"),
            FrameBound::Following(rows) => w.number(rows.into()).push(" FOLLOWING"),
            FrameBound::UnboundedFollowing => w.push("UNBOUNDED FOLLOWING"),
        };
    }
}
