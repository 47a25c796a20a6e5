//! By what rule the texts in an expression are compared.

use crate::error::{Error, ErrorKind, Result};
use crate::schema::Collation;
use crate::sql::expr::Expr;
use crate::types::ColumnType;

/// Whether an expression is a column that is not compared by code point. What functions make of one is.
pub(in crate::sql) fn is_other(expr: &Expr) -> bool {
    of_column(expr).is_some_and(|collation| collation != Collation::Binary)
}

/// Refuses to compare two columns by two rules: each database would choose another one of them, or refuse.
pub(in crate::sql) fn check_alike(left: &Expr, right: &Expr) -> Result<()> {
    let (Some(one), Some(other)) = (of_column(left), of_column(right)) else { return Ok(()) };
    if one == other {
        return Ok(());
    }
    let (first, second) = (name(left), name(right));
    let message =
        format!("{first} and {second} can't be compared, because their collations differ: give both the same one");
    Err(Error::new(ErrorKind::Unsupported, message))
}

/// By what rule an expression is compared that is a column of texts, of a table or of a subquery that selects one.
pub(crate) fn of_column(expr: &Expr) -> Option<Collation> {
    match expr {
        Expr::Column(column) => {
            let definition = column.definition()?;
            matches!(definition.ty, ColumnType::Text { .. }).then_some(definition.collation)
        }
        Expr::Derived(column) => column.collation,
        _ => None,
    }
}

fn name(column: &Expr) -> String {
    match column {
        Expr::Column(column) => {
            let name = column.definition().map_or("", |definition| definition.name);
            format!("{}.{name}", column.table.name())
        }
        Expr::Derived(column) => format!("a column of {}", column.source),
        _ => "an expression".into(),
    }
}
