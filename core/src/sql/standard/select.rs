//! Standard SQL of the clauses of a SELECT: the default bodies of those methods of [`Syntax`](crate::dialect::Syntax).

use crate::error::Result;
use crate::sql::expr::render_select;
use crate::sql::expr::{Expr, Frame, Precedence};
use crate::sql::render::SqlWriter;
use crate::sql::tree::{Count, Direction, Limit, Lock, LockStrength, LockWait, OrderTerm, Select};

/// ` ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`
///
/// # Errors
/// None; a database without some frame overrides it.
pub fn frame(w: &mut SqlWriter<'_>, frame: &Frame) -> Result<()> {
    frame.render(w);
    Ok(())
}

/// `(SELECT …)`, after IN.
///
/// # Errors
/// What rendering it says.
pub fn in_select<'a>(w: &mut SqlWriter<'a>, select: &'a Select) -> Result<()> {
    render_select(w, select)
}

/// `"price" DESC`, for a database that puts NULLs last going up and first going down by itself.
///
/// # Errors
/// What rendering the expression says.
pub fn order_term<'a>(w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
    order_term_by(w, term, |w, expr| w.expr(expr, Precedence::Operand))
}

/// As [`order_term`], with another way to write the expression.
///
/// # Errors
/// What `each` says.
pub fn order_term_by<'a>(
    w: &mut SqlWriter<'a>,
    term: &'a OrderTerm,
    each: impl FnOnce(&mut SqlWriter<'a>, &'a Expr) -> Result<()>,
) -> Result<()> {
    each(w, &term.expr)?;
    if term.direction == Direction::Descending {
        w.push(" DESC");
    }
    Ok(())
}

/// ` LIMIT n OFFSET m`
///
/// # Errors
/// [`Limit`](crate::ErrorKind::Limit) where a number is beyond what databases count.
pub fn limit(w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
    if let Some(count) = limit.limit {
        w.push(" LIMIT ");
        count.render(w)?;
    }
    if let Some(offset) = limit.offset {
        w.push(" OFFSET ");
        Count::Bound(offset).render(w)?;
    }
    Ok(())
}

/// ` FOR UPDATE OF "orders" SKIP LOCKED`
///
/// # Errors
/// None; a database without some lock overrides it.
pub fn lock(w: &mut SqlWriter<'_>, lock: &Lock) -> Result<()> {
    w.push(match lock.strength {
        LockStrength::Update => " FOR UPDATE",
        LockStrength::Share => " FOR SHARE",
    });
    if !lock.of.is_empty() {
        w.push(" OF ");
        w.commas(&lock.of, |w, table| {
            w.ident(table.name());
            Ok(())
        })?;
    }
    w.push(match lock.wait {
        LockWait::Wait => "",
        LockWait::NoWait => " NOWAIT",
        LockWait::SkipLocked => " SKIP LOCKED",
    });
    Ok(())
}
