//! The types of computed numbers.
//!
//! Integers are computed in 64 bits and decimals exactly: a sum has as many digits behind the point as its longer side, a
//! product as many as both sides together. A quotient has [`EXTRA_DIGITS`] more than its longer side, and is rounded half
//! away from zero.

use rust_decimal::Decimal;

use super::{BinaryOp, Expr, Typing};
use crate::types::{ColumnType, Value};

/// How many digits more than its sides a quotient has behind the point.
pub const EXTRA_DIGITS: u8 = 6;

/// The type of `left op right`, where both types are known.
pub fn result(op: BinaryOp, left: Option<ColumnType>, right: Option<ColumnType>) -> Option<ColumnType> {
    if !op.is_arithmetic() {
        return Some(ColumnType::Bool);
    }
    Some(match (left?, right?) {
        (ColumnType::Decimal { scale: left, .. }, ColumnType::Decimal { scale: right, .. }) => match op {
            BinaryOp::Mul => decimal(left.saturating_add(right)),
            BinaryOp::Div => quotient(left.max(right)),
            _ => decimal(left.max(right)),
        },
        (ColumnType::F32 | ColumnType::F64, _) => ColumnType::F64,
        (ColumnType::U64, _) | (_, ColumnType::U64) => ColumnType::U64,
        (left, _) if left.is_integer() => ColumnType::I64,
        (left, _) => left,
    })
}

/// The type of a quotient whose sides have at most `scale` digits behind the point.
pub(super) fn quotient(scale: u8) -> ColumnType {
    decimal(scale.saturating_add(EXTRA_DIGITS))
}

/// A computed decimal: as many digits as it takes.
fn decimal(scale: u8) -> ColumnType {
    ColumnType::Decimal { precision: u8::MAX, scale }
}

/// A value that is computed with says its own type, since the column beside it has not the same: 1.125 is not to be
/// rounded to a price's two digits.
pub(super) fn operand(expr: Expr) -> Expr {
    let Expr::Bind { value, ty, .. } = expr else { return expr };
    let ty = match (&value, ty) {
        (Value::Decimal(number), _) => decimal(digits_behind_the_point(*number)),
        (Value::U64(_), _) | (_, ColumnType::U64) => ColumnType::U64,
        (_, ty) if ty.is_integer() => ColumnType::I64,
        (_, ColumnType::F32) => ColumnType::F64,
        (_, ty) => ty,
    };
    Expr::Bind { value, ty, typing: Typing::Cast }
}

fn digits_behind_the_point(number: Decimal) -> u8 {
    u8::try_from(number.normalize().scale()).unwrap_or(u8::MAX)
}
