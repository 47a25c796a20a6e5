//! How deep a statement may nest.
//!
//! Whoever walks a tree, writes it, copies it or drops it calls itself for each level, so a tree without a bound would be one
//! without a bound to the stack. It is kept where expressions and subqueries are put into others: what nests too deeply is replaced
//! there by [`Expr::TooDeep`], or noted as a misuse of the SELECT, and refused when the statement is rendered.

use crate::error::{Error, ErrorKind};
use crate::sql::expr::{Expr, Node, Reach};
use crate::sql::tree::{Item, Misuse, RawPart, Select};

/// How many levels expressions and subqueries may nest. Chains of AND and OR are one level, however long.
pub(in crate::sql) const DEEPEST: usize = 256;

/// The error of a statement that nests too deeply.
#[cold]
pub(in crate::sql) fn too_deep() -> Error {
    Error::new(ErrorKind::Limit, message())
}

fn message() -> String {
    format!("an expression nests more than {DEEPEST} levels deep, subqueries included; build it flatter")
}

impl Expr {
    /// The expression itself, unless it nests too deeply.
    pub(crate) fn bounded(self) -> Expr {
        self.within(DEEPEST)
    }

    /// The same as a part of another expression.
    pub(in crate::sql) fn bounded_part(self) -> Expr {
        self.within(DEEPEST - 1)
    }

    fn within(self, levels: usize) -> Expr {
        if self.exceeds(levels) { Expr::TooDeep } else { self }
    }

    fn exceeds(&self, levels: usize) -> bool {
        Node::Expr(self).exceeds(levels)
    }
}

impl Node<'_> {
    /// Whether it has more than this many levels, of which it is the first itself.
    fn exceeds(self, levels: usize) -> bool {
        let Some(inside) = levels.checked_sub(1) else { return true };
        match self {
            // Most are lists of values, and long.
            Node::Expr(Expr::InList { operand, list, .. }) => {
                let is_value = |item: &Expr| matches!(item, Expr::Bind { .. });
                operand.exceeds(inside) || list.iter().any(|item| !is_value(item) && item.exceeds(inside))
            }
            Node::Table(_) => false,
            node => node.has_part(Reach::Everywhere, &mut |part| part.exceeds(inside)),
        }
    }
}

impl RawPart {
    /// The part itself, unless the text around it would nest too deeply.
    pub(crate) fn bounded(self) -> RawPart {
        if self.exceeds(DEEPEST - 2) { RawPart::Expr(Expr::TooDeep) } else { self }
    }

    fn exceeds(&self, levels: usize) -> bool {
        match self {
            RawPart::Expr(expr) => expr.exceeds(levels),
            RawPart::List { values, .. } => values.iter().any(|value| value.exceeds(levels)),
            RawPart::Select(select) => select.exceeds(levels),
            RawPart::Raw(raw) => Node::Raw(raw).exceeds(levels),
            RawPart::Text(_) | RawPart::Name { .. } | RawPart::Columns(_) | RawPart::Table(_) => false,
        }
    }
}

impl Select {
    /// The SELECT itself; one that nests too deeply is one of the same columns from nowhere that says so.
    pub(crate) fn bounded(self) -> Select {
        if !self.exceeds(DEEPEST) {
            return self;
        }
        // Who speaks of its columns must find them, so that this is the error and no other.
        let items = self.items().iter().map(|item| match item {
            Item::Expr(expr) | Item::Labelled(expr, _) if expr.exceeds(DEEPEST / 2) => Item::Expr(Expr::TooDeep),
            item => item.clone(),
        });
        let mut select = Select::of(items.collect());
        select.misuse = Some(Misuse::new(ErrorKind::Limit, message()));
        select
    }

    fn exceeds(&self, levels: usize) -> bool {
        Node::Select(self).exceeds(levels)
    }
}
