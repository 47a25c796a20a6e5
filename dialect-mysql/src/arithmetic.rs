//! Computing with numbers: decimals with as many digits as the result needs, integers without a fraction.

use creole_core::sql::{Aggregate, AggregateFunction, BinaryOp, Expr, Precedence, SqlWriter, arithmetic, standard};
use creole_core::types::ColumnType;
use creole_core::{Error, Result};

/// How many digits behind the point the servers keep.
const MOST_DIGITS: u8 = 30;

/// How many digits more than its dividend a quotient has: the setting `div_precision_increment`, as connections set it.
pub(crate) const DIVISION_DIGITS: u8 = 4;

/// Writes `left op right`.
pub(crate) fn binary<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let result = arithmetic::result(op, left.ty(), right.ty());
    if let Some(ColumnType::Decimal { scale, .. }) = result {
        check_digits(w, op, scale)?;
    }
    match (op, result) {
        (BinaryOp::Div, Some(ColumnType::Decimal { scale, .. })) => {
            w.push("CAST(");
            w.expr(left, Precedence::Lowest)?;
            widened(w, scale);
            w.push(" / ");
            standard::divisor(w, right)
        }
        (BinaryOp::Div, Some(ty)) if ty.is_integer() => {
            w.expr(left, Precedence::Product)?;
            w.push(" DIV ");
            standard::divisor(w, right)
        }
        _ => standard::binary(w, op, left, right),
    }
}

/// Writes an aggregate.
pub(crate) fn aggregate<'a>(w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
    let (AggregateFunction::Avg, Some(ty)) = (aggregate.function, aggregate.operand.ty()) else {
        return standard::aggregate(w, aggregate);
    };
    match aggregate.ty() {
        Some(ColumnType::Decimal { scale, .. }) => {
            check_digits(w, BinaryOp::Div, scale)?;
            w.push("(CAST(");
            aggregate.render_as(w, "sum")?;
            widened(w, scale);
        }
        _ if ty.is_integer() => {
            w.push("(CAST(");
            aggregate.render_as(w, "sum")?;
            w.push(" AS DOUBLE)");
        }
        _ => return standard::aggregate(w, aggregate),
    }
    // No rows have no sum, and NULL divided by zero is NULL.
    w.push(" / ");
    aggregate.render_as(w, "count")?;
    w.push(")");
    Ok(())
}

/// Writes ` AS DECIMAL(65, 8))`: the dividend of a quotient with `scale` digits behind the point.
fn widened(w: &mut SqlWriter<'_>, scale: u8) {
    let digits = scale.saturating_sub(DIVISION_DIGITS);
    w.push(" AS DECIMAL(65, ").number(digits.into()).push("))");
}

/// Beyond thirty digits the servers would round in the middle of a computation.
fn check_digits(w: &SqlWriter<'_>, op: BinaryOp, scale: u8) -> Result<()> {
    if scale <= MOST_DIGITS {
        return Ok(());
    }
    let what = format!("a decimal with {scale} digits behind the point, as {} computes it here,", op.sql());
    let way_out = "at most 30 digits can be computed with; give the columns a smaller scale";
    Err(Error::unsupported(w.dialect().name(), &what, way_out))
}
