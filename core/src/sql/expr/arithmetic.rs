//! The types of computed numbers.
//!
//! Integers are computed in 64 bits and decimals exactly: a sum has as many digits after the point as its longer side, a
//! product as many as both sides together. A quotient has [`EXTRA_DIGITS`] more than its longer side, and is rounded half
//! away from zero.

use rust_decimal::Decimal;

use super::operator::BinaryOp;
use crate::sql::expr::Expr;
use crate::sql::render::Typing;
use crate::types::{ColumnType, Value};

/// How many digits more than its sides a quotient has after the point.
pub const EXTRA_DIGITS: u8 = 6;

/// The type of `left op right`, where both types are known.
pub fn result(op: BinaryOp, left: Option<ColumnType>, right: Option<ColumnType>) -> Option<ColumnType> {
    if op.is_comparison() {
        return Some(ColumnType::Bool);
    }
    if op == BinaryOp::Concat {
        return Some(ColumnType::TEXT);
    }
    Some(match (left?, right?) {
        (ColumnType::Decimal { scale: left, .. }, ColumnType::Decimal { scale: right, .. }) => match op {
            BinaryOp::Mul => decimal(left.saturating_add(right)),
            BinaryOp::Div => quotient(left.max(right)),
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Rem | BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::Concat => {
                decimal(left.max(right))
            }
            BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::IsDistinctFrom
            | BinaryOp::Like => ColumnType::Bool,
        },
        (ColumnType::F32 | ColumnType::F64, _) => ColumnType::F64,
        (ColumnType::U64, _) | (_, ColumnType::U64) => ColumnType::U64,
        (left, _) if left.is_integer() => ColumnType::I64,
        (left, _) => left,
    })
}

/// The type of a quotient whose sides have at most `scale` digits after the point.
pub(super) fn quotient(scale: u8) -> ColumnType {
    decimal(scale.saturating_add(EXTRA_DIGITS))
}

/// The type that an integer is cast to: as a decimal, it has no digits after the point.
pub(crate) fn whole(ty: ColumnType) -> ColumnType {
    if let ColumnType::Decimal { .. } = ty { decimal(0) } else { ty }
}

/// A computed decimal: as many digits as it takes.
pub(super) fn decimal(scale: u8) -> ColumnType {
    ColumnType::Decimal { precision: u8::MAX, scale }
}

/// A value that is computed with says its own type, since the column beside it is of another: 1.125 is not to be
/// rounded to a price's two digits.
pub fn operand(expr: Expr) -> Expr {
    let Expr::Bind { value, ty, .. } = expr else { return expr };
    let ty = match (&value, ty) {
        (Value::Decimal(number), _) => room_for(*number),
        (Value::U64(_), _) | (_, ColumnType::U64) => ColumnType::U64,
        (_, ty) if ty.is_integer() => ColumnType::I64,
        (_, ColumnType::F32) => ColumnType::F64,
        (_, ty) => ty,
    };
    Expr::Bind { value, ty, typing: Typing::Cast }
}

/// The type that a value says: its digits after the point, and before it one of two widths, so that numbers of common
/// sizes have few texts. A database that adds widths up, when numbers meet, has room to spare.
fn room_for(number: Decimal) -> ColumnType {
    let number = number.normalize();
    let scale = u8::try_from(number.scale()).unwrap_or(u8::MAX);
    let whole = if number.trunc().abs() < NARROW_LIMIT { NARROW } else { WIDE };
    ColumnType::Decimal { precision: whole.saturating_add(scale), scale }
}

/// How many digits before the point a value has room for, where it needs no more.
const NARROW: u8 = 10;
/// The first number that needs more.
const NARROW_LIMIT: Decimal = Decimal::from_parts(1_410_065_408, 2, 0, false, 0);
/// How many digits before the point a value has room for, where it needs more.
const WIDE: u8 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_how_much_room_it_needs() {
        let room = |text: &str| room_for(text.parse().unwrap());
        assert_eq!(room("1.50"), ColumnType::Decimal { precision: 11, scale: 1 });
        assert_eq!(room("-9999999999"), ColumnType::Decimal { precision: 10, scale: 0 });
        assert_eq!(room("10000000000.25"), ColumnType::Decimal { precision: 32, scale: 2 });
        assert_eq!(room("79228162514264337593543950335"), ColumnType::Decimal { precision: 30, scale: 0 });
    }
}
