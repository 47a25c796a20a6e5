//! Whether an expression reads a source, in subqueries too.

use super::visit::Node;
use super::walk::Reach;
use crate::schema::Table;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::tree::{Source, TableRef};

impl Source {
    /// Whether an expression has a column of this source in it.
    pub(in crate::sql) fn is_read_by(&self, expr: &Expr) -> bool {
        let (table, name) = (self.table_ref(), self.name());
        expr.any_everywhere(&mut |part| match part {
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
        Node::Expr(self).any(Reach::Everywhere, &mut |node| matches!(node, Node::Select(_)))
    }

    /// Whether a subquery in it reads rows of this table. Of text of the program's own only its parts are known.
    pub fn selects_from(&self, table: &'static Table) -> bool {
        let is_it = &mut |node: Node<'_>| matches!(node, Node::Table(own) if own.table.is_same_table(table));
        Node::Expr(self).any(Reach::Everywhere, is_it)
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
        self.any_everywhere(&mut |part| matches!(part, Expr::Column(column) if column.is_same_column(wanted)))
    }

    /// Whether it has a subquery in it, or text of which nobody knows.
    pub(in crate::sql) fn has_subquery(&self) -> bool {
        let is_one = &mut |node: Node<'_>| matches!(node, Node::Select(_) | Node::Raw(_));
        Node::Expr(self).any(Reach::Everywhere, is_one)
    }

    /// As [`any`](Expr::any), in subqueries too.
    fn any_everywhere(&self, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
        Node::Expr(self).any(Reach::Everywhere, &mut |node| matches!(node, Node::Expr(expr) if found(expr)))
    }
}
