//! Expressions.

use super::{
    Aggregate, BinaryOp, Function, Membership, Precedence, SqlWriter, TableRef, Typing, UnaryOp, arithmetic, collation,
};
use crate::error::Result;
use crate::schema::{ColumnDef, Table};
use crate::types::{ColumnType, Value};

/// How many conditions stand side by side without parentheses.
const LONGEST_FLAT_CHAIN: usize = 100;

/// An expression of the untyped tree.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A value, sent beside the text.
    Bind {
        /// The value.
        value: Value,
        /// The type it is sent as.
        ty: ColumnType,
        /// How the text says that type.
        typing: Typing,
    },
    /// An operator before or behind its operand.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// An operator between two expressions.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// All of these hold; AND. Flat, however long the chain. None at all is true.
    All(Vec<Expr>),
    /// Any of these holds; OR. Flat, however long the chain. None at all is false.
    Any(Vec<Expr>),
    /// Lies between two others, both ends included.
    Between {
        /// What is looked at.
        operand: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
    },
    /// Stands, or does not stand, in a list.
    InList {
        /// Which of the two.
        membership: Membership,
        /// What is looked for.
        operand: Box<Expr>,
        /// Where. Nothing stands in an empty list.
        list: Vec<Expr>,
    },
    /// A function's value.
    Call {
        /// The function.
        function: Function,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// One value made from many rows.
    Aggregate(Box<Aggregate>),
    /// How many rows there are: `count(*)`.
    CountRows,
}

/// A column of a table of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnRef {
    /// The table.
    pub table: TableRef,
    /// The column's place in the table.
    pub index: u16,
}

impl ColumnRef {
    /// The column as the model describes it.
    pub fn definition(&self) -> Option<&'static ColumnDef> {
        self.table.table.column(self.index)
    }
}

impl Expr {
    /// A value that nothing beside it gives a type.
    pub fn value(value: Value, ty: ColumnType) -> Expr {
        Expr::Bind { value, ty, typing: Typing::Cast }
    }

    /// A value that is written to a column of this type.
    pub fn stored(value: Value, ty: ColumnType) -> Expr {
        Expr::Bind { value, ty, typing: Typing::Column }
    }

    /// A column of a table is equal to a value that is not NULL.
    pub fn column_equals(table: &'static Table, index: u16, value: Value) -> Expr {
        let column = ColumnRef { table: TableRef::new(table), index };
        let ty = column.definition().map_or(ColumnType::TEXT, |definition| definition.ty);
        Expr::binary(BinaryOp::Eq, Expr::Column(column), Expr::value(value, ty))
    }

    /// Both hold. A chain of calls makes one flat list.
    pub fn and(self, other: Expr) -> Expr {
        Expr::All(chain(self, other, |expr| match expr {
            Expr::All(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// One of them holds, or both. A chain of calls makes one flat list.
    pub fn or(self, other: Expr) -> Expr {
        Expr::Any(chain(self, other, |expr| match expr {
            Expr::Any(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// An operator between two expressions. A value that is compared with a column takes the column's type.
    pub fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
        let (left, right) = if op.is_arithmetic() {
            (arithmetic::operand(left), arithmetic::operand(right))
        } else {
            let right = right.typed_like(&left);
            (left.typed_like(&right), right)
        };
        Expr::Binary { op, left: Box::new(left), right: Box::new(right) }
    }

    /// A call of a function.
    pub fn call(function: Function, arguments: impl Into<Vec<Expr>>) -> Expr {
        Expr::Call { function, arguments: arguments.into() }
    }

    /// An operator on one expression.
    pub fn unary(op: UnaryOp, operand: Expr) -> Expr {
        Expr::Unary { op, operand: Box::new(operand) }
    }

    /// Whether this is a bound NULL.
    pub fn is_null_value(&self) -> bool {
        matches!(self, Expr::Bind { value: Value::Null, .. })
    }

    /// Whether it can be NULL, as far as the tree tells.
    pub fn is_nullable(&self) -> bool {
        match self {
            Expr::Column(column) => column.definition().is_none_or(|definition| definition.nullable),
            Expr::Bind { value, .. } => value.is_null(),
            Expr::CountRows => false,
            Expr::Call { arguments, .. } => arguments.iter().any(Expr::is_nullable),
            Expr::Binary { op: BinaryOp::Div | BinaryOp::Rem, .. } => true,
            Expr::Binary { op, left, right } if op.is_arithmetic() => left.is_nullable() || right.is_nullable(),
            _ => true,
        }
    }

    /// The type of its values, as far as the tree tells.
    pub fn ty(&self) -> Option<ColumnType> {
        match self {
            Expr::Column(column) => column.definition().map(|definition| definition.ty),
            Expr::Bind { ty, .. } => Some(*ty),
            Expr::Binary { op, left, right } => arithmetic::result(*op, left.ty(), right.ty()),
            Expr::Call { function, .. } => Some(function.ty()),
            Expr::Aggregate(aggregate) => aggregate.ty(),
            Expr::CountRows => Some(ColumnType::I64),
            _ => Some(ColumnType::Bool),
        }
    }

    /// Whether `found` holds for this expression or one inside it.
    pub fn any(&self, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
        if found(self) {
            return true;
        }
        match self {
            Expr::Column(_) | Expr::Bind { .. } | Expr::CountRows => false,
            Expr::Call { arguments, .. } => arguments.iter().any(|argument| argument.any(found)),
            Expr::Aggregate(aggregate) => aggregate.operand.any(found),
            Expr::Unary { operand, .. } => operand.any(found),
            Expr::Binary { left, right, .. } => left.any(found) || right.any(found),
            Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| part.any(found)),
            Expr::Between { operand, low, high } => operand.any(found) || low.any(found) || high.any(found),
            Expr::InList { operand, list, .. } => operand.any(found) || list.iter().any(|item| item.any(found)),
        }
    }

    /// A value that stands beside the column `other` takes that column's type; beside anything else it says its own.
    pub fn typed_like(self, other: &Expr) -> Expr {
        let Expr::Bind { value, ty, .. } = self else { return self };
        match other {
            Expr::Column(column) => {
                let ty = column.definition().map_or(ty, |definition| definition.ty);
                Expr::Bind { value, ty, typing: Typing::Column }
            }
            _ => arithmetic::operand(Expr::Bind { value, ty, typing: Typing::Cast }),
        }
    }

    /// How tightly it binds.
    pub fn precedence(&self) -> Precedence {
        match self {
            Expr::Column(_) | Expr::Bind { .. } | Expr::Call { .. } | Expr::Aggregate(_) | Expr::CountRows => {
                Precedence::Atom
            }
            Expr::Unary { op, .. } => op.precedence(),
            Expr::Binary { op, .. } => op.precedence(),
            Expr::All(parts) => match parts.as_slice() {
                [] => Precedence::Comparison,
                [only] => only.precedence(),
                _ => Precedence::And,
            },
            Expr::Any(parts) => match parts.as_slice() {
                [] => Precedence::Comparison,
                [only] => only.precedence(),
                _ => Precedence::Or,
            },
            Expr::Between { .. } | Expr::InList { .. } => Precedence::Comparison,
        }
    }

    /// Writes the expression without parentheses of its own; [`SqlWriter::expr`] adds them.
    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self {
            Expr::Column(column) => w.column(column.table, column.index),
            Expr::Bind { value, ty, typing } => w.bind(value.as_ref(), *ty, *typing),
            Expr::Unary { op: UnaryOp::Not, operand } => {
                w.push("NOT ");
                w.expr(operand, Precedence::Operand)
            }
            Expr::Unary { op, operand } => {
                w.expr(operand, Precedence::Operand)?;
                w.push(" ").push(op.sql());
                Ok(())
            }
            Expr::Binary { op, left, right } => w.dialect().binary(w, *op, left, right),
            Expr::All(parts) => render_chain(w, parts, " AND ", "1 = 1", Precedence::And),
            Expr::Any(parts) => render_chain(w, parts, " OR ", "1 = 0", Precedence::Or),
            Expr::Between { operand, low, high } => w.dialect().between(w, operand, low, high),
            Expr::InList { membership: Membership::In, list, .. } if list.is_empty() => {
                w.push("1 = 0");
                Ok(())
            }
            Expr::InList { membership: Membership::NotIn, list, .. } if list.is_empty() => {
                w.push("1 = 1");
                Ok(())
            }
            Expr::InList { membership, operand, list } => {
                list.iter().try_for_each(|item| collation::check_alike(operand, item))?;
                w.expr(operand, Precedence::Operand)?;
                w.push(" ").push(membership.sql()).push(" (");
                w.commas(list, |w, item| w.expr(item, Precedence::Lowest))?;
                w.push(")");
                Ok(())
            }
            Expr::Call { function, arguments } => w.dialect().call(w, *function, arguments),
            Expr::Aggregate(aggregate) => w.dialect().aggregate(w, aggregate),
            Expr::CountRows => {
                w.push("count(*)");
                Ok(())
            }
        }
    }
}

/// Adds `other` to the flat list that `open` finds in `first`, or starts one.
fn chain(first: Expr, other: Expr, open: impl Fn(Expr) -> Result<Vec<Expr>, Expr>) -> Vec<Expr> {
    let mut parts = open(first).unwrap_or_else(|single| vec![single]);
    match open(other) {
        Ok(more) => parts.extend(more),
        Err(single) => parts.push(single),
    }
    parts
}

fn render_chain<'a>(
    w: &mut SqlWriter<'a>,
    parts: &'a [Expr],
    separator: &str,
    empty: &str,
    precedence: Precedence,
) -> Result<()> {
    match parts {
        [] => {
            w.push(empty);
            Ok(())
        }
        [only] => w.expr(only, Precedence::Lowest),
        _ => render_parts(w, parts, separator, precedence),
    }
}

/// Writes a chain, and a long one as a balanced tree of parentheses: databases parse `a AND b AND c` as deep as it is
/// long, and have a limit to the depth.
fn render_parts<'a>(w: &mut SqlWriter<'a>, parts: &'a [Expr], separator: &str, precedence: Precedence) -> Result<()> {
    if parts.len() > LONGEST_FLAT_CHAIN {
        let (first, second) = parts.split_at(parts.len() / 2);
        w.push("(");
        render_parts(w, first, separator, precedence)?;
        w.push(")").push(separator).push("(");
        render_parts(w, second, separator, precedence)?;
        w.push(")");
        return Ok(());
    }
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            w.push(separator);
        }
        w.expr(part, precedence)?;
    }
    Ok(())
}
