//! Computing with integers: SQLite would go on with a float where 64 bits are not enough.

use creole_core::sql::{BinaryOp, Expr, Precedence, SqlWriter, arithmetic, standard};
use creole_core::types::ColumnType;
use creole_core::{Result, write_sql};

/// How many bits SQLite computes integers with.
const WIDTH: u32 = 64;

/// Writes `left op right`, and refuses the float that an overflow makes of integers. A float stays one in whatever is
/// computed from it, so it is looked for once, around the whole computation. A table's checks and indexes are left as they
/// are: other programs have to understand them.
pub(crate) fn binary<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    if w.is_ddl() || !is_integer(op, left, right) || computed_width(op, left, right) <= WIDTH {
        return plain(w, op, left, right);
    }
    write_sql!(w, "creole_integer(", plain(w, op, left, right), ")")
}

/// SQLite's own arithmetic. It has no error for a division by zero, which is NULL.
fn plain<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let sql = match op {
        BinaryOp::Rem => "%",
        other => standard::operator(w, other)?,
    };
    side(w, left, op.precedence())?;
    w.push(" ").push(sql).push(" ");
    side(w, right, standard::right_precedence(op, right))
}

/// A side that is computed itself needs no look of its own.
fn side<'a>(w: &mut SqlWriter<'a>, expr: &'a Expr, surroundings: Precedence) -> Result<()> {
    match expr {
        Expr::Binary { op, left, right } if op.is_arithmetic() && is_integer(*op, left, right) => {
            w.nested(expr, surroundings, |w| plain(w, *op, left, right))
        }
        _ => w.expr(expr, surroundings),
    }
}

fn is_integer(op: BinaryOp, left: &Expr, right: &Expr) -> bool {
    arithmetic::result(op, left.ty(), right.ty()).is_some_and(ColumnType::is_integer)
}

/// How many bits a number may have, its sign included.
fn width(expr: &Expr) -> u32 {
    match expr {
        Expr::Binary { op, left, right } if op.is_arithmetic() => computed_width(*op, left, right),
        Expr::Column(column) => match column.definition().map(|definition| definition.ty) {
            Some(ColumnType::Bool | ColumnType::I8) => 8,
            Some(ColumnType::U8) => 9,
            Some(ColumnType::I16) => 16,
            Some(ColumnType::U16) => 17,
            Some(ColumnType::I32) => 32,
            Some(ColumnType::U32) => 33,
            _ => WIDTH,
        },
        _ => WIDTH,
    }
}

fn computed_width(op: BinaryOp, left: &Expr, right: &Expr) -> u32 {
    let (left, right) = (width(left), width(right));
    match op {
        BinaryOp::Mul => left + right,
        // What a number is divided by may be out of range already.
        BinaryOp::Div | BinaryOp::Rem if right > WIDTH => right,
        BinaryOp::Rem => left,
        // The smallest number divided by -1 is one too large.
        BinaryOp::Div => left + 1,
        BinaryOp::Add | BinaryOp::Sub => left.max(right) + 1,
        // The rest is no arithmetic of integers, or has no more bits than its sides.
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
        | BinaryOp::Like => left.max(right),
    }
}
