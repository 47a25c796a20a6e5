//! Aggregates: one value made from many rows.

use super::{Expr, Precedence, SqlWriter};
use crate::error::Result;
use crate::types::ColumnType;

/// An aggregate of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What is made of the values.
    pub function: AggregateFunction,
    /// Of which values. NULLs are left out.
    pub operand: Expr,
    /// Whether a value that occurs several times counts once.
    pub repeats: Repeats,
}

/// What is made of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregateFunction {
    /// How many there are.
    Count,
    /// Their sum; NULL where there are none.
    Sum,
    /// Their sum divided by their number; NULL where there are none.
    Avg,
    /// The smallest; NULL where there are none.
    Min,
    /// The greatest; NULL where there are none.
    Max,
}

/// What becomes of values that occur several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeats {
    /// Each counts.
    #[default]
    Kept,
    /// They count once.
    Dropped,
}

impl AggregateFunction {
    /// The standard spelling.
    pub fn sql(self) -> &'static str {
        match self {
            AggregateFunction::Count => "count",
            AggregateFunction::Sum => "sum",
            AggregateFunction::Avg => "avg",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
        }
    }
}

impl Aggregate {
    /// The type of its value, where the operand's is known.
    pub fn ty(&self) -> Option<ColumnType> {
        let operand = self.operand.ty();
        match self.function {
            AggregateFunction::Count => Some(ColumnType::I64),
            AggregateFunction::Min | AggregateFunction::Max => operand,
            AggregateFunction::Sum => operand.map(|ty| match ty {
                ColumnType::Decimal { scale, .. } => ColumnType::Decimal { precision: u8::MAX, scale },
                ColumnType::F32 | ColumnType::F64 => ColumnType::F64,
                ColumnType::U64 => ColumnType::U64,
                _ => ColumnType::I64,
            }),
            AggregateFunction::Avg => operand.map(|ty| match ty {
                ColumnType::Decimal { scale, .. } => super::arithmetic::quotient(scale),
                _ => ColumnType::F64,
            }),
        }
    }

    /// `name(DISTINCT operand)`: the call under any name, for a dialect that has another.
    ///
    /// # Errors
    /// What rendering the operand says.
    pub fn render_as<'a>(&'a self, w: &mut SqlWriter<'a>, name: &str) -> Result<()> {
        self.render_between(w, name, "", "")
    }

    /// As [`render_as`](Aggregate::render_as), with text before and behind the operand.
    ///
    /// # Errors
    /// What rendering the operand says.
    pub fn render_between<'a>(&'a self, w: &mut SqlWriter<'a>, name: &str, before: &str, behind: &str) -> Result<()> {
        w.push(name).push("(");
        if self.repeats == Repeats::Dropped {
            w.push("DISTINCT ");
        }
        w.push(before);
        let surroundings = if before.is_empty() && behind.is_empty() { Precedence::Lowest } else { Precedence::Atom };
        w.expr(&self.operand, surroundings)?;
        w.push(behind).push(")");
        Ok(())
    }
}
