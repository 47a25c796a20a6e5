//! `ANY` and `ALL`: a comparison with many values at once.

use super::operator::{BinaryOp, Precedence};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::Expr;
use crate::sql::render::{Ident, SqlWriter, write_sql};
use crate::sql::standard;
use crate::sql::tree::Select;

/// What stands on the right of a comparison with many values.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// For how many of them the comparison must hold.
    pub quantifier: Quantifier,
    /// The values.
    pub of: Several,
}

/// For how many values a comparison must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// For one at least; for none of no values.
    Any,
    /// For each; for all of no values.
    All,
}

/// Many values.
#[derive(Debug, Clone, PartialEq)]
pub enum Several {
    /// Those that a SELECT of one column yields.
    Select(Box<Select>),
    /// The elements of an array.
    Array(Expr),
}

impl Quantifier {
    /// The standard spelling.
    pub fn sql(self) -> &'static str {
        match self {
            Quantifier::Any => "ANY",
            Quantifier::All => "ALL",
        }
    }
}

impl Quantified {
    /// Writes the comparison of `left` with it.
    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr) -> Result<()> {
        if !op.is_comparison() || matches!(op, BinaryOp::Like | BinaryOp::IsDistinctFrom) {
            return Err(misplaced());
        }
        w.syntax().compare_with_several(w, op, left, self)
    }
}

/// It stands where no comparison is.
pub(super) fn misplaced() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "`any_of` and `all_of` stand on the right of a comparison (eq, ne, lt, le, gt, ge) and nowhere else",
    )
}

/// `left > ANY (SELECT …)`; arrays are refused, since most databases have none.
///
/// # Errors
/// What rendering the two says; [`Unsupported`](ErrorKind::Unsupported) for the elements of an array.
pub fn compare_with_several<'a>(
    w: &mut SqlWriter<'a>,
    op: BinaryOp,
    left: &'a Expr,
    values: &'a Quantified,
) -> Result<()> {
    let Several::Select(select) = &values.of else {
        let way_out = "keep the values in a table of their own, and compare with a SELECT of them";
        return Err(Error::unsupported(w.dialect().name(), "a comparison with the elements of an array", way_out));
    };
    compare_with_rows(w, op, left, values.quantifier, |w| crate::sql::expr::render_select(w, select))
}

/// `left > ANY (…)`, with what `rows` writes.
///
/// # Errors
/// What rendering the two says.
pub fn compare_with_rows<'a>(
    w: &mut SqlWriter<'a>,
    op: BinaryOp,
    left: &'a Expr,
    quantifier: Quantifier,
    rows: impl FnOnce(&mut SqlWriter<'a>) -> Result<()>,
) -> Result<()> {
    let sql = standard::operator(w, op)?;
    w.expr(left, Precedence::Operand)?;
    w.push(" ").push(sql).push(" ").push(quantifier.sql()).push(" ");
    rows(w)
}

/// The same where there is no ANY: a value that counts for how many rows the comparison holds, and for how many nobody
/// knows.
///
/// ```sql
/// (SELECT CASE WHEN max("value" > "c1") = 1 THEN 1 WHEN count(*) = count("value" > "c1") THEN 0 END
///  FROM (SELECT left AS "value") AS "one" CROSS JOIN (SELECT …) AS "many")
/// ```
///
/// # Errors
/// What rendering the two says; [`Unsupported`](ErrorKind::Unsupported) where `left` is made from many rows, since within
/// the subquery it would be made from others.
pub fn compare_by_counting<'a>(
    w: &mut SqlWriter<'a>,
    op: BinaryOp,
    left: &'a Expr,
    quantifier: Quantifier,
    select: &'a Select,
) -> Result<()> {
    if left.may_aggregate() || left.any(&mut |part| matches!(part, Expr::Window(_))) {
        let what = format!("an aggregate beside {}", quantifier.sql());
        let way_out = "compare with the smallest or the greatest of the rows: `select(min(…))`";
        return Err(Error::unsupported(w.dialect().name(), &what, way_out));
    }
    let (extreme, decisive, otherwise) = match quantifier {
        Quantifier::Any => ("max(", "1", "0"),
        Quantifier::All => ("min(", "0", "1"),
    };
    let sql = standard::operator(w, op)?;
    let comparison = |w: &mut SqlWriter<'a>| {
        w.ident("value").push(" ").push(sql).push(" ").ident("c1");
    };
    write_sql!(
        w,
        "(SELECT CASE WHEN ",
        extreme,
        comparison(w),
        ") = ",
        decisive,
        " THEN ",
        decisive,
        " WHEN count(*) = count(",
        comparison(w),
        ") THEN ",
        otherwise,
        " END FROM (SELECT "
    )?;
    // The names that are nearest are not those of its tables.
    w.begin_qualified();
    w.expr(left, Precedence::Lowest)?;
    w.end_qualified();
    write_sql!(
        w,
        " AS ",
        Ident("value"),
        ") AS ",
        Ident("one"),
        " CROSS JOIN (",
        select.render_source(w),
        ") AS ",
        Ident("many"),
        ")"
    )
}
