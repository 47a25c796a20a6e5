//! By what rule the texts in an expression are compared.

use super::{ColumnRef, Expr};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Collation;
use crate::types::ColumnType;

/// Whether an expression is a column that is not compared by code point. What functions make of one is.
pub(super) fn is_other(expr: &Expr) -> bool {
    of(expr).is_some_and(|(_, collation)| collation != Collation::Binary)
}

/// Refuses to compare two columns by two rules: each database would choose another one of them, or refuse.
pub(super) fn check_alike(left: &Expr, right: &Expr) -> Result<()> {
    let (Some((first, one)), Some((second, other))) = (of(left), of(right)) else { return Ok(()) };
    if one == other {
        return Ok(());
    }
    let name = |column: ColumnRef| {
        let name = column.definition().map_or("", |definition| definition.name);
        format!("{}.{name}", column.table.name())
    };
    let (first, second) = (name(first), name(second));
    let message =
        format!("{first} and {second} can't be compared, because their collations differ: give both the same one");
    Err(Error::new(ErrorKind::Unsupported, message))
}

/// The text column that an expression is, with its collation.
fn of(expr: &Expr) -> Option<(ColumnRef, Collation)> {
    let Expr::Column(column) = expr else { return None };
    let definition = column.definition()?;
    matches!(definition.ty, ColumnType::Text { .. }).then_some((*column, definition.collation))
}
