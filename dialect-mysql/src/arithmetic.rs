//! Computing with numbers: decimals with as many digits as the result needs, integers without a fraction.

use creole_core::sql::{Aggregate, AggregateFunction, BinaryOp, Expr, Precedence, SqlWriter, arithmetic, standard};
use creole_core::types::ColumnType;
use creole_core::{Error, Result, write_sql};

use crate::dialect::Flavor;

/// How many digits after the point the servers keep.
const MOST_DIGITS: u8 = 30;

/// How many digits more than its result a division is carried to, where there is room for them.
const GUARD_DIGITS: u8 = 9;

/// How many digits before the point a dividend has room for. The servers keep 65 in all, and where numbers of different
/// widths meet they make room before the point at the expense of the digits after it.
const WHOLE_DIGITS: u64 = 38;

/// How many digits more than its dividend a quotient has: the setting `div_precision_increment`, as connections set it.
pub(crate) const DIVISION_DIGITS: u8 = 4;

impl Flavor {
    /// Writes `left op right`.
    pub(crate) fn write_arithmetic<'a>(
        self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
    ) -> Result<()> {
        // MariaDB's `%` leaves a negative zero, which is less than zero until something is added to it.
        let is_decimal = matches!(left.ty(), Some(ColumnType::Decimal { .. }));
        if self == Flavor::MySql || op != BinaryOp::Rem || !is_decimal {
            return compute(w, op, left, right);
        }
        write_sql!(w, "(", compute(w, op, left, right), " + 0)")
    }
}

fn compute<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let result = arithmetic::result(op, left.ty(), right.ty());
    if let Some(ColumnType::Decimal { scale, .. }) = result {
        check_digits(w, op, scale)?;
    }
    match (op, result) {
        (BinaryOp::Div, Some(ColumnType::Decimal { scale, .. })) => {
            // MariaDB rounds a quotient only where it is the end of a computation.
            write_sql!(
                w,
                "round(CAST(",
                left,
                widened(w, scale),
                " / ",
                w.expr(right, Precedence::Atom),
                ", ",
                scale,
                ")"
            )
        }
        (BinaryOp::Div, Some(ty)) if ty.is_integer() => {
            w.expr(left, Precedence::Product)?;
            w.push(" DIV ");
            w.expr(right, Precedence::Atom)
        }
        // The servers divide by zero without an error, for which their mode would have to ask.
        (BinaryOp::Div | BinaryOp::Rem, _) => {
            w.expr(left, op.precedence())?;
            w.push(if op == BinaryOp::Rem { " % " } else { " / " });
            w.expr(right, Precedence::Atom)
        }
        // `||` is OR here.
        (BinaryOp::Concat, _) => {
            write_sql!(w, "concat(", left, ", ", right, ")")
        }
        // Bits are numbers without a sign here.
        (BinaryOp::BitAnd, _) => write_sql!(w, "CAST(", standard::binary_by(w, op, "&", left, right), " AS SIGNED)"),
        (BinaryOp::BitOr, _) => write_sql!(w, "CAST(", standard::binary_by(w, op, "|", left, right), " AS SIGNED)"),
        (
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::IsDistinctFrom
            | BinaryOp::Like,
            _,
        ) => standard::binary(w, op, left, right),
    }
}

/// Writes the bits that a number lacks.
pub(crate) fn bit_not<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr) -> Result<()> {
    write_sql!(w, "CAST(", standard::bit_not(w, operand), " AS SIGNED)")
}

/// Writes an aggregate.
pub(crate) fn aggregate<'a>(w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
    let (AggregateFunction::Avg, Some(ty)) = (aggregate.function, aggregate.operand_ty()) else {
        return standard::aggregate(w, aggregate);
    };
    let sum = |w: &mut SqlWriter<'a>| aggregate.render_as(w, "sum");
    // No rows have no sum, and NULL divided by zero is NULL.
    let count = |w: &mut SqlWriter<'a>| aggregate.render_as(w, "count");
    match aggregate.ty() {
        Some(ColumnType::Decimal { scale, .. }) => {
            check_digits(w, BinaryOp::Div, scale)?;
            write_sql!(w, "round(CAST(", sum(w), widened(w, scale), " / ", count(w), ", ", scale, ")")
        }
        _ if ty.is_integer() => write_sql!(w, "(CAST(", sum(w), " AS DOUBLE) / ", count(w), ")"),
        _ => standard::aggregate(w, aggregate),
    }
}

/// Writes ` AS DECIMAL(45, 5))`: the dividend of a quotient with `scale` digits after the point.
///
/// More digits are computed than are wanted, because the servers sometimes cut and sometimes round what follows them: the
/// quotient itself is rounded afterwards.
fn widened(w: &mut SqlWriter<'_>, scale: u8) {
    let computed = scale.saturating_add(GUARD_DIGITS).min(MOST_DIGITS);
    let digits = computed.saturating_sub(DIVISION_DIGITS);
    w.push(" AS DECIMAL(").number(u64::from(digits) + WHOLE_DIGITS).push(", ").number(digits.into()).push("))");
}

/// Beyond thirty digits the servers would round in the middle of a computation.
fn check_digits(w: &SqlWriter<'_>, op: BinaryOp, scale: u8) -> Result<()> {
    // A quotient is computed with one digit more at least.
    let computed = if op == BinaryOp::Div { scale.saturating_add(1) } else { scale };
    if computed <= MOST_DIGITS {
        return Ok(());
    }
    let what = format!("a decimal with {scale} digits after the point, as {} computes it here,", op.symbol());
    let way_out = "at most 30 digits can be computed with; give the columns a smaller scale";
    Err(Error::unsupported(w.dialect().name(), &what, way_out))
}
