//! Looking through an expression.

use super::{ColumnRef, Expr};
use crate::schema::Table;
use crate::sql::expr::Several;
use crate::sql::tree::{Select, TableRef};

impl Expr {
    /// Whether `found` holds for this expression or one inside it. Subqueries are not looked into.
    pub fn any(&self, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
        found(self) || self.parts(&mut |part| part.any(found))
    }

    /// Whether `found` holds for one of the expressions directly inside this one.
    pub(in crate::sql) fn parts(&self, found: &mut dyn FnMut(&Expr) -> bool) -> bool {
        match self {
            Expr::Column(_)
            | Expr::Derived(_)
            | Expr::Element(_)
            | Expr::Bind { .. }
            | Expr::CountRows
            | Expr::TooDeep
            | Expr::Exists(_)
            | Expr::Subquery(_) => false,
            Expr::Call { arguments, .. } | Expr::Custom { arguments, .. } => arguments.iter().any(found),
            Expr::Quantified(values) => match &values.of {
                Several::Array(array) => found(array),
                Several::Select(_) => false,
            },
            Expr::Json(json) => found(&json.document),
            Expr::Raw { raw, .. } => raw.any(found),
            Expr::Aggregate(aggregate) => found(&aggregate.operand) || aggregate.filter.as_ref().is_some_and(found),
            Expr::Window(window) => window.parts(found),
            Expr::Unary { operand, .. }
            | Expr::Cast { operand, .. }
            | Expr::Rounded { operand, .. }
            | Expr::InSelect { operand, .. } => found(operand),
            Expr::Binary { left, right, .. } => found(left) || found(right),
            Expr::All(parts) | Expr::Any(parts) | Expr::Row(parts) => parts.iter().any(found),
            Expr::Between { operand, low, high } => found(operand) || found(low) || found(high),
            Expr::InList { operand, list, .. } => found(operand) || list.iter().any(found),
            Expr::Case(case) => {
                case.branches.iter().any(|(condition, value)| found(condition) || found(value))
                    || case.otherwise.as_ref().is_some_and(found)
            }
        }
    }

    /// Whether it is made from many rows.
    pub fn aggregates(&self) -> bool {
        match self {
            Expr::Aggregate(_) | Expr::CountRows => true,
            // What stands inside is made from rows; the window itself is made for each.
            Expr::Window(window) => window.parts(&mut |part| part.aggregates()),
            _ => self.parts(&mut |part| part.aggregates()),
        }
    }

    /// Whether it is made from many rows, or has text in it of which nobody knows.
    pub(in crate::sql) fn may_aggregate(&self) -> bool {
        self.aggregates() || self.any(&mut |part| matches!(part, Expr::Raw { .. }))
    }

    /// Puts something else in the place of this expression, or of those inside it, where `with` returns it. Subqueries are
    /// not looked into.
    pub(crate) fn replace(&mut self, with: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        match with(self) {
            Some(expr) => *self = expr,
            None => self.parts_mut(&mut |part| part.replace(with)),
        }
    }

    /// As [`replace`](Expr::replace), in subqueries too.
    pub(crate) fn replace_everywhere(&mut self, with: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        if let Some(expr) = with(self) {
            *self = expr;
            return;
        }
        self.parts_mut(&mut |part| part.replace_everywhere(with));
        let select = match self {
            Expr::Exists(select) | Expr::Subquery(select) | Expr::InSelect { select, .. } => select,
            Expr::Quantified(values) => match &mut values.of {
                Several::Select(select) => select,
                Several::Array(_) => return,
            },
            _ => return,
        };
        select.exprs_mut(&mut |part| part.replace_everywhere(with));
    }

    /// Makes every column of `from` a column of `to`, in subqueries too.
    pub fn retarget(&mut self, from: TableRef, to: TableRef) {
        self.columns_mut(&mut |column| {
            if column.table.is_same_source(from) {
                // Another model of the table has the column elsewhere.
                let table = if to.table.is_same_table(column.table.table) { column.table.table } else { to.table };
                column.table = TableRef { table, ..to };
            }
        });
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
        match self {
            Expr::Column(column) => change(column),
            Expr::Exists(select) | Expr::Subquery(select) => select.columns_mut(change),
            Expr::InSelect { operand, select, .. } => {
                operand.columns_mut(change);
                select.columns_mut(change);
            }
            Expr::Quantified(values) => match &mut values.of {
                Several::Array(array) => array.columns_mut(change),
                Several::Select(select) => select.columns_mut(change),
            },
            Expr::Raw { raw, .. } => raw.columns_mut(change),
            _ => self.parts_mut(&mut |part| part.columns_mut(change)),
        }
    }

    /// Shows the expressions directly inside this one to `change`.
    fn parts_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        match self {
            Expr::Column(_)
            | Expr::Derived(_)
            | Expr::Element(_)
            | Expr::Bind { .. }
            | Expr::CountRows
            | Expr::TooDeep
            | Expr::Exists(_)
            | Expr::Subquery(_) => {}
            Expr::Call { arguments: parts, .. }
            | Expr::Custom { arguments: parts, .. }
            | Expr::All(parts)
            | Expr::Any(parts)
            | Expr::Row(parts) => parts.iter_mut().for_each(change),
            Expr::Quantified(values) => {
                if let Several::Array(array) = &mut values.of {
                    change(array);
                }
            }
            Expr::Json(json) => change(&mut json.document),
            Expr::Raw { raw, .. } => raw.exprs_mut(change),
            Expr::Aggregate(aggregate) => {
                change(&mut aggregate.operand);
                aggregate.filter.iter_mut().for_each(change);
            }
            Expr::Window(window) => window.exprs_mut(change),
            Expr::Unary { operand, .. }
            | Expr::Cast { operand, .. }
            | Expr::Rounded { operand, .. }
            | Expr::InSelect { operand, .. } => change(operand),
            Expr::Binary { left, right, .. } => {
                change(left);
                change(right);
            }
            Expr::Between { operand, low, high } => {
                change(operand);
                change(low);
                change(high);
            }
            Expr::InList { operand, list, .. } => {
                change(operand);
                list.iter_mut().for_each(change);
            }
            Expr::Case(case) => {
                for (condition, value) in &mut case.branches {
                    change(condition);
                    change(value);
                }
                case.otherwise.iter_mut().for_each(change);
            }
        }
    }
}

impl Select {
    /// Shows every column reference to `change`.
    pub(crate) fn columns_mut(&mut self, change: &mut dyn FnMut(&mut ColumnRef)) {
        self.exprs_mut(&mut |expr| expr.columns_mut(change));
    }
}
