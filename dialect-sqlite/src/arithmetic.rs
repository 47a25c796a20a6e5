//! Computing with numbers: decimals by functions, since SQLite would compute them as floats.

use creole_core::sql::{Aggregate, AggregateFunction, BinaryOp, Expr, Precedence, SqlWriter, Typing, standard};
use creole_core::types::ColumnType;
use creole_core::{Result, write_sql};

use crate::integers;

/// What a computed decimal is followed by: without it, it would be compared as text.
pub(crate) const BY_VALUE: &str = " COLLATE decimal";

/// What a computed text is followed by that has a decimal inside: without it, it would be compared as a decimal.
pub(crate) const BY_CODE_POINT: &str = " COLLATE BINARY";

/// Writes `left op right`.
pub(crate) fn binary<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let (true, Some(ty)) = (is_decimal(left), result_of(op, left, right)) else {
        return integers::binary(w, op, left, right);
    };
    w.push(match op {
        BinaryOp::Add => "decimal_add(",
        BinaryOp::Sub => "decimal_sub(",
        BinaryOp::Mul => "decimal_mul(",
        BinaryOp::Div => "creole_decimal_div(",
        BinaryOp::Rem => "creole_decimal_rem(",
        BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::Concat
        | BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::IsDistinctFrom
        | BinaryOp::Like => return standard::binary(w, op, left, right),
    });
    argument(w, left)?;
    w.push(", ");
    argument(w, right)?;
    if let (BinaryOp::Div, ColumnType::Decimal { scale, .. }) = (op, ty) {
        w.push(", ").number(scale.into());
    }
    write_sql!(w, ")", BY_VALUE)
}

/// Writes an aggregate.
pub(crate) fn aggregate<'a>(w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
    let Some(ColumnType::Decimal { scale, .. }) = aggregate.ty() else {
        return standard::aggregate(w, aggregate);
    };
    match aggregate.function {
        AggregateFunction::Sum => aggregate.render_as(w, "decimal_sum")?,
        AggregateFunction::Avg => aggregate.render_between(w, "creole_decimal_avg", "", &format!(", {scale}"))?,
        AggregateFunction::Min | AggregateFunction::Max | AggregateFunction::Count => {
            standard::aggregate(w, aggregate)?;
        }
    }
    w.push(BY_VALUE);
    Ok(())
}

/// Writes a decimal rounded to a number of digits.
pub(crate) fn rounded<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, digits: u8) -> Result<()> {
    write_sql!(w, "creole_decimal_round(", operand, ", ", digits, ")", BY_VALUE)
}

/// Writes a computed decimal as its column keeps it.
pub(crate) fn assigned<'a>(w: &mut SqlWriter<'a>, ty: ColumnType, value: &'a Expr) -> Result<()> {
    let ColumnType::Decimal { precision, scale } = ty else { return standard::assigned(w, value) };
    if let Expr::Bind { .. } = value {
        return standard::assigned(w, value);
    }
    write_sql!(w, "creole_decimal_fit(", value, ", ", precision, ", ", scale, ")")
}

/// Says how a computed value is compared: decimals by number, and what is kept as text by code point, where there is a decimal
/// inside, whose collation would be that of the whole.
pub(crate) fn by_value(w: &mut SqlWriter<'_>, computed: &Expr) {
    match computed.ty() {
        Some(ColumnType::Decimal { .. }) => drop(w.push(BY_VALUE)),
        Some(ty) if is_kept_as_text(ty) && computed.any(&mut is_decimal) => drop(w.push(BY_CODE_POINT)),
        _ => {}
    }
}

fn is_kept_as_text(ty: ColumnType) -> bool {
    use ColumnType::{Date, DateTime, Enum, Instant, Json, Text, Time};
    matches!(ty, Text { .. } | Date | Time | DateTime | Instant | Enum(_) | Json)
}

/// A function's argument, which needs no collation.
fn argument<'a>(w: &mut SqlWriter<'a>, expr: &'a Expr) -> Result<()> {
    match expr {
        Expr::Bind { value, ty, .. } => w.bind(value.as_ref(), *ty, Typing::Column),
        _ => w.expr(expr, Precedence::Lowest),
    }
}

pub(crate) fn is_decimal(expr: &Expr) -> bool {
    matches!(expr.ty(), Some(ColumnType::Decimal { .. }))
}

fn result_of(op: BinaryOp, left: &Expr, right: &Expr) -> Option<ColumnType> {
    creole_core::sql::arithmetic::result(op, left.ty(), right.ty())
}
