//! The one way through the tree: what is directly inside a node.

use std::ops::ControlFlow;

use super::any_all::Several;
use super::window::{Window, WindowFunction};
use crate::sql::expr::{Aggregate, Expr};
use crate::sql::tree::{Body, Item, Plain, Raw, RawPart, Select, Source, TableRef};

/// What a walk through the tree comes by.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) enum Node<'t> {
    Expr(&'t Expr),
    /// A subquery, wherever it stands.
    Select(&'t Select),
    /// A text of the program's own.
    Raw(&'t Raw),
    /// A table that rows are taken from.
    Table(&'t TableRef),
}

/// The same, to be changed.
#[derive(Debug)]
pub(in crate::sql) enum NodeMut<'t> {
    Expr(&'t mut Expr),
    Select(&'t mut Select),
    Raw(&'t mut Raw),
    #[expect(dead_code, reason = "tables are looked for, and so far nobody changes one")]
    Table(&'t mut TableRef),
}

/// `parts` of both kinds of nodes, which differ only in `mut`.
///
/// The values in VALUES are no parts: nobody looks for them, and there are many.
macro_rules! parts {
    ($Node:ident $(, $mut:tt)?) => {
        impl<'t> $Node<'t> {
            /// Shows each node directly inside this one, until `visit` breaks off.
            pub(in crate::sql) fn parts(
                self,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                match self {
                    $Node::Expr(expr) => $Node::of_expr(expr, visit),
                    $Node::Select(select) => $Node::of_select(select, visit),
                    $Node::Raw(raw) => $Node::of_raw(raw, visit),
                    $Node::Table(_) => ControlFlow::Continue(()),
                }
            }

            fn of_expr(
                expr: &'t $($mut)? Expr,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                match expr {
                    Expr::Column(_)
                    | Expr::Derived(_)
                    | Expr::Element(_)
                    | Expr::Bind { .. }
                    | Expr::TooDeep => ControlFlow::Continue(()),
                    Expr::Unary { operand, .. } | Expr::Cast { operand, .. } | Expr::Rounded { operand, .. } => {
                        visit($Node::Expr(operand))
                    }
                    Expr::Binary { left, right, .. } => {
                        visit($Node::Expr(left))?;
                        visit($Node::Expr(right))
                    }
                    Expr::All(parts)
                    | Expr::Any(parts)
                    | Expr::Row(parts)
                    | Expr::Call { arguments: parts, .. }
                    | Expr::Custom { arguments: parts, .. } => $Node::of_list(parts, visit),
                    Expr::Between { operand, low, high } => {
                        visit($Node::Expr(operand))?;
                        visit($Node::Expr(low))?;
                        visit($Node::Expr(high))
                    }
                    Expr::InList { operand, list, .. } => {
                        visit($Node::Expr(operand))?;
                        $Node::of_list(list, visit)
                    }
                    Expr::InSelect { operand, select, .. } => {
                        visit($Node::Expr(operand))?;
                        visit($Node::Select(select))
                    }
                    Expr::Exists(select) | Expr::Subquery(select) => visit($Node::Select(select)),
                    Expr::Quantified(values) => match &$($mut)? values.of {
                        Several::Array(array) => visit($Node::Expr(array)),
                        Several::Select(select) => visit($Node::Select(select)),
                    },
                    Expr::Case(case) => {
                        for (condition, value) in &$($mut)? case.branches {
                            visit($Node::Expr(condition))?;
                            visit($Node::Expr(value))?;
                        }
                        $Node::of_list(&$($mut)? case.otherwise, visit)
                    }
                    Expr::Raw { raw, .. } => visit($Node::Raw(raw)),
                    Expr::Aggregate(aggregate) => $Node::of_aggregate(aggregate, visit),
                    Expr::Window(window) => $Node::of_window(window, visit),
                    Expr::Json(json) => visit($Node::Expr(&$($mut)? json.document)),
                }
            }

            fn of_list(
                exprs: impl IntoIterator<Item = &'t $($mut)? Expr>,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                exprs.into_iter().try_for_each(|expr| visit($Node::Expr(expr)))
            }

            fn of_aggregate(
                aggregate: &'t $($mut)? Aggregate,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                $Node::of_list(&$($mut)? aggregate.operand, visit)?;
                $Node::of_list(&$($mut)? aggregate.filter, visit)
            }

            fn of_window(
                window: &'t $($mut)? Window,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                match &$($mut)? window.function {
                    WindowFunction::Aggregate(aggregate) => $Node::of_aggregate(aggregate, visit)?,
                    WindowFunction::Lag(operand, _)
                    | WindowFunction::Lead(operand, _)
                    | WindowFunction::FirstValue(operand)
                    | WindowFunction::LastValue(operand) => visit($Node::Expr(operand))?,
                    WindowFunction::RowNumber
                    | WindowFunction::Rank
                    | WindowFunction::DenseRank
                    | WindowFunction::Ntile(_) => {}
                }
                $Node::of_list(&$($mut)? window.over.partition_by, visit)?;
                for term in &$($mut)? window.over.order_by {
                    visit($Node::Expr(&$($mut)? term.expr))?;
                }
                ControlFlow::Continue(())
            }

            fn of_select(
                select: &'t $($mut)? Select,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                for cte in &$($mut)? select.with {
                    visit($Node::Select(&$($mut)? cte.select))?;
                    if let Some(step) = &$($mut)? cte.step {
                        visit($Node::Select(&$($mut)? step.select))?;
                    }
                }
                match &$($mut)? select.body {
                    Body::Plain(plain) => $Node::of_plain(plain, visit)?,
                    Body::Compound(compound) => {
                        for arm in &$($mut)? compound.arms {
                            visit($Node::Select(arm))?;
                        }
                    }
                }
                for term in &$($mut)? select.order_by {
                    visit($Node::Expr(&$($mut)? term.expr))?;
                }
                ControlFlow::Continue(())
            }

            fn of_plain(
                plain: &'t $($mut)? Plain,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                for item in &$($mut)? plain.items {
                    match item {
                        Item::Expr(expr) | Item::Labelled(expr, _) => visit($Node::Expr(expr))?,
                        Item::Table(_) => {}
                    }
                }
                if let Some(source) = &$($mut)? plain.from {
                    $Node::of_source(source, visit)?;
                }
                for join in &$($mut)? plain.joins {
                    $Node::of_source(&$($mut)? join.source, visit)?;
                    $Node::of_list(&$($mut)? join.on, visit)?;
                }
                $Node::of_list(&$($mut)? plain.distinct_on, visit)?;
                $Node::of_list(&$($mut)? plain.filter, visit)?;
                $Node::of_list(&$($mut)? plain.group_by, visit)?;
                $Node::of_list(&$($mut)? plain.having, visit)
            }

            fn of_source(
                source: &'t $($mut)? Source,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                match source {
                    Source::Table(table) => visit($Node::Table(table)),
                    Source::Select { select, .. } => visit($Node::Select(select)),
                    Source::Elements(elements) => visit($Node::Expr(&$($mut)? elements.document)),
                    Source::Values(_) | Source::Cte { .. } => ControlFlow::Continue(()),
                }
            }

            fn of_raw(
                raw: &'t $($mut)? Raw,
                visit: &mut dyn FnMut($Node<'t>) -> ControlFlow<()>,
            ) -> ControlFlow<()> {
                for part in &$($mut)? raw.parts {
                    match part {
                        RawPart::Expr(expr) => visit($Node::Expr(expr))?,
                        RawPart::List { values, .. } => $Node::of_list(values, visit)?,
                        RawPart::Table(table) => visit($Node::Table(table))?,
                        RawPart::Select(select) => visit($Node::Select(select))?,
                        RawPart::Raw(raw) => visit($Node::Raw(raw))?,
                        RawPart::Text(_) | RawPart::Name { .. } | RawPart::Columns(_) => {}
                    }
                }
                ControlFlow::Continue(())
            }
        }
    };
}

parts!(Node);
parts!(NodeMut, mut);
