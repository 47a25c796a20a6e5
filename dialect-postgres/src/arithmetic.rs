//! Computing with numbers: integers in 64 bits, quotients rounded once, averages and extremes of every type.

use creole_core::sql::{Aggregate, AggregateFunction, BinaryOp, Expr, Precedence, SqlWriter, arithmetic, standard};
use creole_core::types::{ColumnType, TypeFamily};
use creole_core::{Result, write_sql};

/// How many digits more than the result a division is carried to. Two numbers of 28 digits have a quotient that is either
/// half-way between two results or further from it than this, so that rounding the result of a rounding is rounding once.
const GUARD_DIGITS: u64 = 30;

/// Writes `left op right`.
pub(crate) fn binary<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let sql = match op {
        BinaryOp::Rem => "%",
        other => standard::operator(w, other)?,
    };
    let result = arithmetic::result(op, left.ty(), right.ty());
    match (op, result) {
        (BinaryOp::Div, Some(ColumnType::Decimal { scale, .. })) => {
            write_sql!(
                w,
                "round(",
                w.expr(left, Precedence::Atom),
                widened(w, scale),
                " / ",
                standard::divisor(w, right),
                ", ",
                scale,
                ")"
            )
        }
        // Such a column is numeric here, and its quotient would have a fraction.
        (BinaryOp::Div, Some(ColumnType::U64)) => write_sql!(w, "div(", left, ", ", standard::divisor(w, right), ")"),
        (_, Some(ColumnType::I64)) if is_narrow(left) && is_narrow(right) => {
            w.expr(left, Precedence::Atom)?;
            w.push("::int8 ").push(sql).push(" ");
            match op {
                BinaryOp::Div | BinaryOp::Rem => standard::divisor(w, right),
                _ => w.expr(right, Precedence::Atom),
            }
        }
        _ => standard::binary_by(w, op, sql, left, right),
    }
}

/// Writes an aggregate.
pub(crate) fn aggregate<'a>(w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
    let Some(of) = aggregate.operand_ty() else { return standard::aggregate(w, aggregate) };
    let is_least = aggregate.function == AggregateFunction::Min;
    use TypeFamily::*;
    match (aggregate.function, of.family()) {
        (AggregateFunction::Avg, Decimal) => {
            let Some(ColumnType::Decimal { scale, .. }) = aggregate.ty() else {
                return standard::aggregate(w, aggregate);
            };
            write_sql!(
                w,
                "round(",
                aggregate.render_as(w, "sum"),
                widened(w, scale),
                " / NULLIF(",
                aggregate.render_as(w, "count"),
                ", 0), ",
                scale,
                ")"
            )
        }
        (AggregateFunction::Avg, Integer) => {
            write_sql!(
                w,
                "(",
                aggregate.render_as(w, "sum"),
                "::float8 / NULLIF(",
                aggregate.render_as(w, "count"),
                ", 0))"
            )
        }
        (AggregateFunction::Avg | AggregateFunction::Sum, Float) if of == ColumnType::F32 => {
            aggregate.render_between(w, aggregate.function.name(), "", "::float8")
        }
        // PostgreSQL sorts values of these types and has no extremes of them.
        (AggregateFunction::Min | AggregateFunction::Max, Bool) => {
            aggregate.render_as(w, if is_least { "bool_and" } else { "bool_or" })
        }
        (AggregateFunction::Min | AggregateFunction::Max, Uuid) => {
            aggregate.render_between(w, aggregate.function.name(), "", "::text COLLATE \"C\"")?;
            w.push("::uuid");
            Ok(())
        }
        (AggregateFunction::Min | AggregateFunction::Max, Bytes) => {
            write_sql!(
                w,
                "decode(",
                aggregate.render_between(w, aggregate.function.name(), "encode(", ", 'hex') COLLATE \"C\""),
                ", 'hex')"
            )
        }
        (
            AggregateFunction::Count
            | AggregateFunction::Sum
            | AggregateFunction::Avg
            | AggregateFunction::Min
            | AggregateFunction::Max,
            Bool | Integer | Float | Decimal | Text | Bytes | Uuid | Date | Time | DateTime | Json | Enum | Array
            | Other,
        ) => standard::aggregate(w, aggregate),
    }
}

/// `::numeric(200, 46)`: PostgreSQL carries a division to as many digits as its dividend has.
fn widened(w: &mut SqlWriter<'_>, scale: u8) {
    w.push("::numeric(200, ").number(u64::from(scale) + GUARD_DIGITS).push(")");
}

/// Whether PostgreSQL computes with it in fewer than 64 bits. Values are sent as 64 bits.
fn is_narrow(expr: &Expr) -> bool {
    let Expr::Column(column) = expr else { return false };
    let narrow = |ty: ColumnType| ty.is_integer() && !matches!(ty, ColumnType::I64 | ColumnType::U32 | ColumnType::U64);
    column.definition().is_some_and(|definition| narrow(definition.ty))
}
