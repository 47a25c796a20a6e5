//! RETURNING, of an UPDATE or a DELETE.

use super::select_core::Item;
use super::target::Target;
use super::target::render_items;
use crate::dialect::Support;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::Expr;
use crate::sql::render::SqlWriter;

/// ` RETURNING "id", "name"`
pub(super) fn render<'a>(w: &mut SqlWriter<'a>, rows: &Target, items: &'a [Item], support: Support) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    check(rows, items)?;
    if support == Support::Absent {
        let way_out = "lock the rows by `for_update`, change them, and select them by their keys";
        return Err(Error::unsupported(w.dialect().name(), "RETURNING here", way_out));
    }
    // After FROM there may be columns of the same name, which are not to be returned.
    w.leave_sources(rows.table_ref());
    if !rows.joins.is_empty() {
        w.begin_qualified();
    }
    w.push(" RETURNING ");
    render_items(w, items)
}

/// Refuses what is not made from the row alone. Databases do not agree whether a subquery there sees what was written.
pub(super) fn check(rows: &Target, items: &[Item]) -> Result<()> {
    let is_refused = |expr: &Expr| {
        expr.any(&mut |part| {
            matches!(
                part,
                Expr::Exists(_) | Expr::Subquery(_) | Expr::InSelect { .. } | Expr::Aggregate(_) | Expr::Window(_)
            )
        })
    };
    if items.iter().filter_map(Item::expr).any(is_refused) {
        let message = "what is returned is made from the row that was written: no aggregate, window or subquery";
        return Err(Error::new(ErrorKind::Syntax, message).with_table(rows.table.name));
    }
    Ok(())
}
