//! Which values inside documents a table has an index over.

use super::{JsonExpr, JsonOp, JsonStep};
use crate::schema::{Index, IndexPart};
use crate::sql::expr::Expr;
use crate::sql::tree::OrderTerm;

/// Whether the document is a column whose table has an index that begins with this view of the value at the path.
///
/// A comparison with a value is then written so that the database finds the index.
pub fn has_json_index(document: &Expr, path: &[JsonStep], view: &JsonOp) -> bool {
    let Expr::Column(column) = document else { return false };
    let is_over = |index: &Index| {
        let Some(IndexPart::Expr(term)) = index.parts.first() else { return false };
        let OrderTerm { expr: Expr::Json(indexed), .. } = term() else { return false };
        let JsonExpr { document: Expr::Column(of), path: to, op } = &**indexed else { return false };
        of.index == column.index && to == path && op == view
    };
    column.table.table.indexes.iter().any(|index| index.filter.is_none() && is_over(index))
}
