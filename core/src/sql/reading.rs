//! Whether an expression reads a source, in subqueries too.

use super::{ColumnRef, Expr, Select, Source};

impl Source {
    /// Whether an expression has a column of this source in it.
    pub(super) fn is_read_by(&self, expr: &Expr) -> bool {
        let (table, name) = (self.table_ref(), self.name());
        any_deep(expr, &mut |part| match part {
            Expr::Column(column) => Some(column.table) == table,
            Expr::Derived(column) => column.source == name,
            Expr::Element(element) => element.source == name,
            _ => false,
        })
    }
}

impl Expr {
    /// Whether it has this column in it.
    pub(super) fn reads_column(&self, wanted: ColumnRef) -> bool {
        any_deep(self, &mut |part| matches!(part, Expr::Column(column) if *column == wanted))
    }

    /// Whether it has a subquery in it, or text of which nobody knows.
    pub(super) fn has_subquery(&self) -> bool {
        self.any(&mut |part| {
            matches!(part, Expr::Exists(_) | Expr::Subquery(_) | Expr::InSelect { .. } | Expr::Raw { .. })
        })
    }
}

fn any_deep(expr: &Expr, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
    expr.any(&mut |part| {
        found(part)
            || match part {
                Expr::Exists(select) | Expr::Subquery(select) | Expr::InSelect { select, .. } => {
                    any_within(select, found)
                }
                _ => false,
            }
    })
}

/// There is one way through a SELECT, which can change it; so this looks through a copy.
fn any_within(select: &Select, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
    let mut is_found = false;
    select.clone().exprs_mut(&mut |expr| is_found = is_found || any_deep(expr, found));
    is_found
}
