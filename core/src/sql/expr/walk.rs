//! Looking through an expression, and changing what is in it.

use std::ops::ControlFlow;

use super::visit::{Node, NodeMut};
use super::{ColumnRef, Expr};
use crate::schema::Table;
use crate::sql::tree::TableRef;

/// How far a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) enum Reach {
    /// To the expressions of the statement itself.
    Here,
    /// Into its subqueries too.
    Everywhere,
}

impl<'t> Node<'t> {
    /// Whether `found` holds for this node or one inside it.
    pub(in crate::sql) fn any(self, reach: Reach, found: &mut dyn FnMut(Node<'t>) -> bool) -> bool {
        found(self) || self.has_part(reach, &mut |part| part.any(reach, found))
    }

    /// Whether `found` holds for one of the nodes directly inside this one.
    pub(in crate::sql) fn has_part(self, reach: Reach, found: &mut dyn FnMut(Node<'t>) -> bool) -> bool {
        let mut visit = |part| match part {
            Node::Select(_) if reach == Reach::Here => ControlFlow::Continue(()),
            part if found(part) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        self.parts(&mut visit).is_break()
    }
}

impl NodeMut<'_> {
    /// Shows each node directly inside this one to `change`.
    fn each_part(self, change: &mut dyn FnMut(NodeMut<'_>)) {
        // It never breaks off.
        let _ = self.parts(&mut |part| {
            change(part);
            ControlFlow::Continue(())
        });
    }

    fn replace(self, reach: Reach, with: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        match self {
            NodeMut::Expr(expr) => match with(expr) {
                Some(other) => *expr = other,
                None => NodeMut::Expr(expr).each_part(&mut |part| part.replace(reach, with)),
            },
            NodeMut::Select(_) if reach == Reach::Here => {}
            node => node.each_part(&mut |part| part.replace(reach, with)),
        }
    }

    fn retarget(self, from: TableRef, to: TableRef) {
        match self {
            NodeMut::Expr(Expr::Column(column)) if column.table.is_same_source(from) => {
                // Another model of the table has the column elsewhere.
                let table = if to.table.is_same_table(column.table.table) { column.table.table } else { to.table };
                column.table = TableRef { table, ..to };
            }
            NodeMut::Select(select) if select.tables().any(|own| own.is_same_source(from)) => {}
            node => node.each_part(&mut |part| part.retarget(from, to)),
        }
    }

    fn columns(self, change: &mut dyn FnMut(&mut ColumnRef)) {
        match self {
            NodeMut::Expr(Expr::Column(column)) => change(column),
            node => node.each_part(&mut |part| part.columns(change)),
        }
    }
}

impl Expr {
    /// Whether `found` holds for this expression or one inside it. Subqueries are not looked into.
    pub fn any(&self, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
        Node::Expr(self).any(Reach::Here, &mut |node| matches!(node, Node::Expr(expr) if found(expr)))
    }

    /// Whether it is made from many rows.
    pub fn aggregates(&self) -> bool {
        match self {
            Expr::Aggregate(_) => true,
            // Of a window, what stands inside is made from rows; the window itself is made for each.
            _ => Node::Expr(self).has_part(Reach::Here, &mut Node::aggregates),
        }
    }

    /// Whether it is made from many rows, or has text in it of which nobody knows.
    pub(in crate::sql) fn may_aggregate(&self) -> bool {
        self.aggregates() || self.any(&mut |part| matches!(part, Expr::Raw { .. }))
    }

    /// Replaces this expression, or those inside it, where `with` returns it. Subqueries are
    /// not looked into.
    pub(crate) fn replace(&mut self, with: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        NodeMut::Expr(self).replace(Reach::Here, with);
    }

    /// As [`replace`](Expr::replace), in subqueries too.
    pub(crate) fn replace_everywhere(&mut self, with: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        NodeMut::Expr(self).replace(Reach::Everywhere, with);
    }

    /// Makes every column of `from` a column of `to`, in subqueries too: but not in those that have rows of `from` of their own.
    pub fn retarget(&mut self, from: TableRef, to: TableRef) {
        NodeMut::Expr(self).retarget(from, to);
    }

    /// The same with the columns of the table as this model of it has them: those of another one are the columns of their names.
    pub(crate) fn of_model(mut self, table: &'static Table) -> Expr {
        let own = TableRef::new(table);
        self.columns_mut(&mut |column| {
            if let Some(index) = own.place_of(*column) {
                *column = ColumnRef { table: own, index };
            }
        });
        self
    }

    /// Shows every column reference to `change`, in subqueries too.
    pub(crate) fn columns_mut(&mut self, change: &mut dyn FnMut(&mut ColumnRef)) {
        NodeMut::Expr(self).columns(change);
    }
}

impl Node<'_> {
    /// As [`Expr::aggregates`], in a text of the program's own too.
    fn aggregates(self) -> bool {
        match self {
            Node::Expr(expr) => expr.aggregates(),
            node => node.has_part(Reach::Here, &mut Node::aggregates),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ColumnDef;
    use crate::sql::expr::{BinaryOp, Over, Quantified, Quantifier, Several, Window, WindowFunction};
    use crate::sql::tree::{Item, Raw, RawPart, Select};
    use crate::types::{ColumnType, Value};

    static COLUMNS: [ColumnDef; 1] = [ColumnDef::new("n", ColumnType::I64)];
    static OUTER: Table = Table::new("outer", &COLUMNS);
    static INNER: Table = Table::new("inner", &COLUMNS);

    fn column(table: &'static Table) -> Expr {
        Expr::Column(ColumnRef { table: TableRef::new(table), index: 0 })
    }

    fn value() -> Expr {
        Expr::value(Value::I64(1), ColumnType::I64)
    }

    /// A subquery from `inner` that reads a column of `outer`.
    fn select() -> Box<Select> {
        Box::new(Select::of(vec![Item::Expr(Expr::binary(BinaryOp::Add, column(&INNER), column(&OUTER)))]))
    }

    /// Each position in which a subquery may stand inside an expression.
    fn with_subqueries() -> Vec<Expr> {
        let raw = Raw { parts: vec![RawPart::Raw(Box::new(Raw { parts: vec![RawPart::Select(select())] }))] };
        let array = Quantified { quantifier: Quantifier::Any, of: Several::Select(select()) };
        let exists = || Expr::Exists(select());
        let over = Over { partition_by: vec![exists()], ..Over::default() };
        vec![
            exists(),
            Expr::Subquery(select()),
            Expr::binary(BinaryOp::Eq, value(), Expr::Quantified(Box::new(array))),
            Expr::Raw { raw: Box::new(raw), ty: ColumnType::I64 },
            Expr::Window(Box::new(Window { function: WindowFunction::Lag(value(), 1), over })),
            Expr::All(vec![value(), Expr::Row(vec![exists()])]),
        ]
    }

    fn reads(expr: &Expr, table: &'static Table, reach: Reach) -> bool {
        Node::Expr(expr).any(
            reach,
            &mut |node| matches!(node, Node::Expr(Expr::Column(column)) if column.table == TableRef::new(table)),
        )
    }

    #[test]
    fn a_look_goes_into_subqueries_or_leaves_them_out() {
        for expr in with_subqueries() {
            assert!(reads(&expr, &OUTER, Reach::Everywhere), "{expr:?}");
            assert!(!reads(&expr, &OUTER, Reach::Here), "{expr:?}");
            assert!(expr.selects() && expr.selects_from(&INNER) && !expr.selects_from(&OUTER), "{expr:?}");
        }
    }

    #[test]
    fn a_change_reaches_what_a_look_does() {
        for mut expr in with_subqueries() {
            let before = expr.clone();
            let is_outer = |part: &Expr| *part == column(&OUTER);
            expr.replace(&mut |part| is_outer(part).then(value));
            assert_eq!(expr, before);
            expr.replace_everywhere(&mut |part| is_outer(part).then(value));
            assert!(!reads(&expr, &OUTER, Reach::Everywhere), "{expr:?}");

            let (inner, outer) = (TableRef::new(&INNER), TableRef::new(&OUTER));
            let mut moved = before.clone();
            moved.retarget(outer, inner);
            assert!(!reads(&moved, &OUTER, Reach::Everywhere), "{moved:?}");
            // What a subquery has rows of itself is its own.
            let mut kept = before.clone();
            kept.retarget(inner, outer);
            assert_eq!(kept, before);
        }
    }
}
