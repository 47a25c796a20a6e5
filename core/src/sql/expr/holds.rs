//! Whether a condition holds of a row that the program has, as far as that is known without the database.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::operator::{BinaryOp, UnaryOp};
use crate::schema::Collation;
use crate::sql::expr::Expr;
use crate::types::{ColumnType, Value, ValueRef};

/// What a condition is of a row: `None` where it is NULL.
type Truth = Option<bool>;

/// Whether a condition holds, where `row` has the values of the columns; `None` where only the database knows.
pub(crate) fn holds(condition: &Expr, row: &dyn Fn(u16) -> Value) -> Option<bool> {
    truth(condition, row).map(|truth| truth == Some(true))
}

fn truth(condition: &Expr, row: &dyn Fn(u16) -> Value) -> Option<Truth> {
    match condition {
        Expr::All(parts) => all(parts.iter().map(|part| truth(part, row))),
        Expr::Any(parts) => all(parts.iter().map(|part| truth(part, row).map(not))).map(not),
        Expr::Unary { op: UnaryOp::Not, operand } => truth(operand, row).map(not),
        Expr::Unary { op: UnaryOp::IsNull, operand } => value(operand, row).map(|value| Some(value.as_ref().is_null())),
        Expr::Unary { op: UnaryOp::IsNotNull, operand } => {
            value(operand, row).map(|value| Some(!value.as_ref().is_null()))
        }
        Expr::Binary { op: BinaryOp::Eq, left, right } => are_equal(left, right, row),
        Expr::Binary { op: BinaryOp::Ne, left, right } => are_equal(left, right, row).map(not),
        Expr::Binary { op, left, right } => compared(*op, left, right, row),
        Expr::Column(_) | Expr::Bind { .. } => match value(condition, row)?.as_ref() {
            ValueRef::Bool(is_true) => Some(Some(is_true)),
            ValueRef::Null => Some(None),
            _ => None,
        },
        _ => None,
    }
}

fn not(truth: Truth) -> Truth {
    truth.map(|truth| !truth)
}

/// AND. One part that is false is enough, whatever the others are.
fn all(parts: impl Iterator<Item = Option<Truth>>) -> Option<Truth> {
    let mut whole = Some(Some(true));
    for part in parts {
        match (part, whole) {
            (Some(Some(false)), _) => return part,
            (Some(Some(true)), _) | (_, None) => {}
            (Some(None) | None, _) => whole = part,
        }
    }
    whole
}

fn are_equal(left: &Expr, right: &Expr, row: &dyn Fn(u16) -> Value) -> Option<Truth> {
    if [left, right].into_iter().any(folds) {
        return None;
    }
    let (left, right) = (value(left, row)?, value(right, row)?);
    match (left.as_ref().kept(), right.as_ref().kept()) {
        (ValueRef::Null, _) | (_, ValueRef::Null) => Some(None),
        (ValueRef::F64(_) | ValueRef::Json(_) | ValueRef::Array(_) | ValueRef::Other { .. }, _) => None,
        (left, right) => Some(Some(left == right)),
    }
}

/// What a comparison by order says of numbers that are exact.
fn compared(op: BinaryOp, left: &Expr, right: &Expr, row: &dyn Fn(u16) -> Value) -> Option<Truth> {
    let is_met: fn(Ordering) -> bool = match op {
        BinaryOp::Lt => Ordering::is_lt,
        BinaryOp::Le => Ordering::is_le,
        BinaryOp::Gt => Ordering::is_gt,
        BinaryOp::Ge => Ordering::is_ge,
        _ => return None,
    };
    let (left, right) = (value(left, row)?, value(right, row)?);
    if left == Value::Null || right == Value::Null {
        return Some(None);
    }
    Some(Some(is_met(exact(&left)?.cmp(&exact(&right)?))))
}

fn exact(value: &Value) -> Option<Decimal> {
    match value {
        Value::I64(number) => Some(Decimal::from(*number)),
        Value::U64(number) => Some(Decimal::from(*number)),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// Whether it is a column that takes several texts for the same, by a rule of the database's own.
fn folds(expr: &Expr) -> bool {
    let Expr::Column(column) = expr else { return false };
    column.definition().is_none_or(|column| {
        matches!(column.ty, ColumnType::Text { .. }) && column.collation != Collation::Binary
            || matches!(column.ty, ColumnType::Other(_))
    })
}

fn value(expr: &Expr, row: &dyn Fn(u16) -> Value) -> Option<Value> {
    match expr {
        Expr::Column(column) => Some(row(column.index)),
        Expr::Bind { value, .. } => Some(value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ColumnDef, Table};
    use crate::sql::expr::ColumnRef;
    use crate::sql::tree::TableRef;

    static COLUMNS: [ColumnDef; 2] =
        [ColumnDef::new("active", ColumnType::Bool), ColumnDef::new("deleted", ColumnType::I64)];
    static TABLE: Table = Table::new("t", &COLUMNS);

    fn column(index: u16) -> Expr {
        Expr::Column(ColumnRef { table: TableRef::new(&TABLE), index })
    }

    #[test]
    fn what_is_known_is_told_and_the_rest_is_left_to_the_database() {
        let row = |index| if index == 0 { Value::Bool(true) } else { Value::Null };
        let told = |expr: Expr| holds(&expr, &row);
        let seven = || Expr::value(Value::I64(7), ColumnType::I64);
        let unknown = Expr::count_rows;
        assert_eq!(told(column(0)), Some(true));
        assert_eq!(told(Expr::unary(UnaryOp::Not, column(0))), Some(false));
        assert_eq!(told(Expr::unary(UnaryOp::IsNull, column(1))), Some(true));
        assert_eq!(told(Expr::unary(UnaryOp::IsNotNull, column(1))), Some(false));
        let ordered = |op, number| told(Expr::binary(op, Expr::value(Value::I64(number), ColumnType::I64), seven()));
        assert_eq!([6, 7, 8].map(|number| ordered(BinaryOp::Lt, number)), [Some(true), Some(false), Some(false)]);
        assert_eq!([6, 7, 8].map(|number| ordered(BinaryOp::Ge, number)), [Some(false), Some(true), Some(true)]);
        assert_eq!(told(Expr::binary(BinaryOp::Le, column(1), seven())), Some(false));
        assert_eq!(told(Expr::binary(BinaryOp::Le, column(0), seven())), None);
        // NULL is neither equal nor unequal.
        assert_eq!(told(Expr::binary(BinaryOp::Eq, column(1), seven())), Some(false));
        assert_eq!(told(Expr::binary(BinaryOp::Ne, column(1), seven())), Some(false));
        assert_eq!(told(Expr::unary(UnaryOp::Not, Expr::binary(BinaryOp::Eq, column(1), seven()))), Some(false));
        assert_eq!(told(unknown()), None);
        assert_eq!(told(Expr::All(vec![unknown(), Expr::unary(UnaryOp::Not, column(0))])), Some(false));
        assert_eq!(told(Expr::All(vec![unknown(), column(0)])), None);
        assert_eq!(told(Expr::Any(vec![unknown(), column(0)])), Some(true));
        assert_eq!(told(Expr::Any(vec![unknown(), Expr::unary(UnaryOp::Not, column(0))])), None);
        assert_eq!(told(Expr::All(Vec::new())), Some(true));
        assert_eq!(told(Expr::Any(Vec::new())), Some(false));
    }
}
