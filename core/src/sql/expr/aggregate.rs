//! Aggregates: one value made from many rows.

use super::operator::Precedence;
use crate::dialect::Support;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::Expr;
use crate::sql::render::{SqlWriter, write_sql};
use crate::types::ColumnType;

/// An aggregate of an expression, or of the rows themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What is made of the values.
    pub function: AggregateFunction,
    /// Of which values; NULLs are left out. `None` stands for the rows, which can only be counted.
    pub operand: Option<Expr>,
    /// Whether a value that occurs several times counts once.
    pub repeats: Repeats,
    /// Only the rows for which this holds.
    pub filter: Option<Expr>,
}

/// What is made of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

const SAME_ROWS: &str =
    "`count_rows` counts rows, of which none is there twice: count what is different in them, `count(…).distinct()`";

impl AggregateFunction {
    /// The standard's spelling. `None` where the standard has none, so that each dialect says its own.
    pub fn sql(self) -> Option<&'static str> {
        match self {
            AggregateFunction::Count
            | AggregateFunction::Sum
            | AggregateFunction::Avg
            | AggregateFunction::Min
            | AggregateFunction::Max => Some(self.name()),
        }
    }

    /// The name by which messages call it, and most databases.
    pub fn name(self) -> &'static str {
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
    /// What is made of the values of an expression, of all of them.
    pub fn of(function: AggregateFunction, operand: Expr) -> Aggregate {
        Aggregate { function, operand: Some(operand), repeats: Repeats::Kept, filter: None }
    }

    /// How many rows there are.
    pub fn count_rows() -> Aggregate {
        Aggregate { function: AggregateFunction::Count, operand: None, repeats: Repeats::Kept, filter: None }
    }

    /// The type of the values that it is made of, where it is known.
    pub fn operand_ty(&self) -> Option<ColumnType> {
        self.operand.as_ref().and_then(Expr::ty)
    }

    /// Whether it is how many rows there are, all of them.
    pub(in crate::sql) fn counts_all(&self) -> bool {
        *self == Aggregate::count_rows()
    }

    /// The type of its value, where the operand's is known.
    pub fn ty(&self) -> Option<ColumnType> {
        let operand = self.operand_ty();
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
    /// What rendering the operand says; [`Syntax`](ErrorKind::Syntax) where rows are to be counted that are different.
    pub fn render_as<'a>(&'a self, w: &mut SqlWriter<'a>, name: &str) -> Result<()> {
        self.render_between(w, name, "", "")
    }

    /// As [`render_as`](Aggregate::render_as), with text before and after the operand.
    ///
    /// # Errors
    /// What rendering the operand says.
    pub fn render_between<'a>(&'a self, w: &mut SqlWriter<'a>, name: &str, before: &str, after: &str) -> Result<()> {
        if self.operand.is_none() && self.repeats == Repeats::Dropped {
            return Err(Error::new(ErrorKind::Syntax, SAME_ROWS));
        }
        // The window belongs to this call, and not to what stands inside it.
        let over = w.set_over(None);
        let distinct = if self.repeats == Repeats::Dropped { "DISTINCT " } else { "" };
        let is_alone = before.is_empty() && after.is_empty();
        let operand = |w: &mut SqlWriter<'a>, surroundings: Precedence, rows: &str| match &self.operand {
            Some(operand) => w.expr(operand, surroundings),
            None => w.write(rows),
        };
        match &self.filter {
            Some(filter) if w.dialect().capabilities().aggregate_filter == Support::Absent => {
                write_sql!(w, name, "(", distinct, before, "CASE WHEN ", filter, " THEN ")?;
                write_sql!(w, operand(w, Precedence::Lowest, "1"), " END", after, ")")?;
            }
            filter => {
                let surroundings = if is_alone { Precedence::Lowest } else { Precedence::Atom };
                write_sql!(w, name, "(", distinct, before, operand(w, surroundings, "*"), after, ")")?;
                if let Some(filter) = filter {
                    write_sql!(w, " FILTER (WHERE ", filter, ")")?;
                }
            }
        }
        if let Some(over) = over {
            over.render(w)?;
        }
        w.set_over(over);
        Ok(())
    }
}
