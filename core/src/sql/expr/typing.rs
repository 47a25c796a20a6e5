//! What the tree knows of an expression's type, and whether it can be NULL.

use super::{Case, Expr};
use crate::sql::expr::{BinaryOp, arithmetic};
use crate::sql::tree::Item;
use crate::types::ColumnType;

impl Expr {
    /// The type of its values, as far as the tree tells.
    pub fn ty(&self) -> Option<ColumnType> {
        match self {
            Expr::Column(column) => column.definition().map(|definition| definition.ty),
            Expr::Derived(column) => Some(column.ty),
            Expr::Bind { ty, .. } | Expr::Cast { ty, .. } | Expr::Custom { ty, .. } | Expr::Raw { ty, .. } => Some(*ty),
            Expr::Binary { op, left, right } => arithmetic::result(*op, left.ty(), right.ty()),
            Expr::Call { function, arguments } => function.ty(arguments),
            Expr::Rounded { digits, .. } => Some(arithmetic::decimal(*digits)),
            Expr::Aggregate(aggregate) => aggregate.ty(),
            Expr::Window(window) => window.ty(),
            Expr::Element(element) => Some(element.ty()),
            Expr::Json(json) => Some(json.ty()),
            Expr::Case(case) => common(case.values()),
            Expr::Subquery(select) => match select.plain()?.items.first()? {
                Item::Expr(expr) | Item::Labelled(expr, _) => expr.ty(),
                Item::Table(table) => table.table.column(0).map(|column| column.ty),
            },
            Expr::Row(_) | Expr::Quantified(_) | Expr::TooDeep => None,
            Expr::Unary { .. }
            | Expr::All(_)
            | Expr::Any(_)
            | Expr::Between { .. }
            | Expr::InList { .. }
            | Expr::InSelect { .. }
            | Expr::Exists(_) => Some(ColumnType::Bool),
        }
    }

    /// Whether it can be NULL, where the rows of every table are there: an outer join is not looked at.
    pub fn is_nullable(&self) -> bool {
        match self {
            Expr::Column(column) => column.definition().is_none_or(|definition| definition.nullable),
            Expr::Derived(column) => column.nullable,
            Expr::Bind { value, .. } => value.is_null(),
            Expr::Exists(_) | Expr::Element(_) => false,
            Expr::Aggregate(aggregate) => aggregate.operand.is_some(),
            Expr::Json(json) => json.is_nullable(),
            Expr::Call { function, arguments } => function.is_nullable(arguments),
            Expr::Rounded { operand, .. } | Expr::Cast { operand, .. } => operand.is_nullable(),
            Expr::Binary { op: BinaryOp::Div | BinaryOp::Rem, .. } => true,
            Expr::Binary { op, left, right } if !op.is_comparison() => left.is_nullable() || right.is_nullable(),
            Expr::Case(case) => case.otherwise.is_none() || case.values().any(Expr::is_nullable),
            _ => true,
        }
    }
}

impl Case {
    /// The values that it can have.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Expr> {
        self.branches.iter().map(|(_, value)| value).chain(&self.otherwise)
    }
}

/// The type of one of several values: of decimals, one with digits enough for each.
pub(in crate::sql) fn common<'e>(values: impl IntoIterator<Item = &'e Expr>) -> Option<ColumnType> {
    let mut types = values.into_iter().filter_map(Expr::ty);
    let first = types.next()?;
    Some(types.fold(first, |one, other| match (one, other) {
        (ColumnType::Decimal { scale: a, .. }, ColumnType::Decimal { scale: b, .. }) => arithmetic::decimal(a.max(b)),
        (one, _) => one,
    }))
}
