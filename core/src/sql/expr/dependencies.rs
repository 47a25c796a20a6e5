//! Whether an expression reads a source, in subqueries too.

use super::any_all::Several;
use crate::schema::Table;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::tree::{Body, Cte, Raw, RawPart, Select, Source, TableRef};

impl Source {
    /// Whether an expression has a column of this source in it.
    pub(in crate::sql) fn is_read_by(&self, expr: &Expr) -> bool {
        let (table, name) = (self.table_ref(), self.name());
        any_deep(expr, &mut |part| match part {
            Expr::Column(column) => table.is_some_and(|table| table.is_same_source(column.table)),
            Expr::Derived(column) => column.source == name,
            Expr::Element(element) => element.source == name,
            _ => false,
        })
    }
}

impl Expr {
    /// Whether a subquery is part of it.
    pub fn selects(&self) -> bool {
        self.any(&mut |part| subquery(part).is_some())
    }

    /// Whether a subquery in it reads rows of this table. Of text of the program's own only its parts are known.
    pub fn selects_from(&self, table: &'static Table) -> bool {
        self.any(&mut |part| match part {
            Expr::Raw { raw, .. } => raw.selects_from(table),
            _ => subquery(part).is_some_and(|select| select.selects_from(table)),
        })
    }

    /// Whether it has a column of this table in it that is not a subquery's, or text of which nobody knows.
    pub fn may_read(&self, table: TableRef) -> bool {
        self.any(&mut |part| match part {
            Expr::Column(column) => table.is_same_source(column.table),
            Expr::Raw { .. } | Expr::Custom { .. } => true,
            _ => false,
        })
    }

    /// Whether it has this column in it.
    pub(in crate::sql) fn reads_column(&self, wanted: ColumnRef) -> bool {
        any_deep(self, &mut |part| matches!(part, Expr::Column(column) if column.is_same_column(wanted)))
    }

    /// Whether it has a subquery in it, or text of which nobody knows.
    pub(in crate::sql) fn has_subquery(&self) -> bool {
        self.any(&mut |part| subquery(part).is_some() || matches!(part, Expr::Raw { .. }))
    }
}

impl Select {
    /// Whether it reads rows of this table, in subqueries too.
    pub(super) fn selects_from(&self, table: &'static Table) -> bool {
        let of_source = |source: &Source| match source {
            Source::Table(own) => own.table.is_same_table(table),
            Source::Select { select, .. } => select.selects_from(table),
            Source::Values(_) | Source::Elements(_) | Source::Cte { .. } => false,
        };
        let of_cte = |cte: &Cte| {
            let step = cte.step.as_ref().is_some_and(|step| step.select.selects_from(table));
            step || cte.select.selects_from(table)
        };
        let of_body = match &self.body {
            Body::Plain(plain) => plain.sources().any(of_source),
            Body::Compound(compound) => compound.arms.iter().any(|arm| arm.selects_from(table)),
        };
        of_body
            || self.with.iter().any(of_cte)
            || any_within(self, &mut |part| {
                subquery(part).is_some_and(|select| select.selects_from(table))
                    || matches!(part, Expr::Raw { raw, .. } if raw.selects_from(table))
            })
    }
}

impl Raw {
    fn selects_from(&self, table: &'static Table) -> bool {
        self.parts.iter().any(|part| match part {
            RawPart::Table(own) => own.table.is_same_table(table),
            RawPart::Select(select) => select.selects_from(table),
            RawPart::Raw(raw) => raw.selects_from(table),
            _ => false,
        })
    }
}

/// The SELECT that an expression is about.
fn subquery(expr: &Expr) -> Option<&Select> {
    match expr {
        Expr::Exists(select) | Expr::Subquery(select) | Expr::InSelect { select, .. } => Some(select),
        Expr::Quantified(values) => match &values.of {
            Several::Select(select) => Some(select),
            Several::Array(_) => None,
        },
        _ => None,
    }
}

fn any_deep(expr: &Expr, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
    expr.any(&mut |part| found(part) || subquery(part).is_some_and(|select| any_within(select, found)))
}

/// There is one way through a SELECT, which can change it; so this looks through a copy.
fn any_within(select: &Select, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
    let mut is_found = false;
    select.clone().exprs_mut(&mut |expr| is_found = is_found || any_deep(expr, found));
    is_found
}
