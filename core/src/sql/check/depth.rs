//! How deep a statement may nest.
//!
//! Whoever walks a tree, writes it, copies it or drops it calls itself for each level, so a tree without a bound would be one
//! without a bound to the stack. It is kept where expressions and subqueries are put into others: what nests too deeply is replaced
//! there by [`Expr::TooDeep`], or noted as a misuse of the SELECT, and refused when the statement is rendered.

use crate::error::{Error, ErrorKind};
use crate::sql::expr::{Expr, Several};
use crate::sql::tree::{Body, Cte, Item, Misuse, Plain, Raw, RawPart, Select, Source};

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

    /// Whether it has more than so many levels, of which it is the first itself.
    fn exceeds(&self, levels: usize) -> bool {
        let Some(inside) = levels.checked_sub(1) else { return true };
        match self {
            Expr::Column(_)
            | Expr::Derived(_)
            | Expr::Element(_)
            | Expr::Bind { .. }
            | Expr::CountRows
            | Expr::TooDeep => false,
            Expr::Exists(select) | Expr::Subquery(select) => select.exceeds(inside),
            Expr::InSelect { operand, select, .. } => operand.exceeds(inside) || select.exceeds(inside),
            // Most are lists of values, and long.
            Expr::InList { operand, list, .. } => {
                let is_value = |item: &Expr| matches!(item, Expr::Bind { .. });
                operand.exceeds(inside) || list.iter().any(|item| !is_value(item) && item.exceeds(inside))
            }
            Expr::Quantified(values) => match &values.of {
                Several::Select(select) => select.exceeds(inside),
                Several::Array(array) => array.exceeds(inside),
            },
            Expr::Raw { raw, .. } => raw.exceeds(inside),
            _ => self.parts(&mut |part| part.exceeds(inside)),
        }
    }
}

impl Raw {
    fn exceeds(&self, levels: usize) -> bool {
        self.parts.iter().any(|part| part.exceeds(levels))
    }
}

impl RawPart {
    /// The part itself, unless the text around it would nest too deeply.
    pub(crate) fn bounded(self) -> RawPart {
        if self.exceeds(DEEPEST - 1) { RawPart::Expr(Expr::TooDeep) } else { self }
    }

    fn exceeds(&self, levels: usize) -> bool {
        let Some(inside) = levels.checked_sub(1) else { return true };
        match self {
            RawPart::Expr(expr) => expr.exceeds(inside),
            RawPart::List { values, .. } => values.iter().any(|value| value.exceeds(inside)),
            RawPart::Select(select) => select.exceeds(inside),
            RawPart::Raw(raw) => raw.exceeds(inside),
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
        let Some(inside) = levels.checked_sub(1) else { return true };
        self.with.iter().any(|cte| cte.exceeds(inside))
            || self.order_by.iter().any(|term| term.expr.exceeds(inside))
            || match &self.body {
                Body::Plain(plain) => plain.exceeds(inside),
                Body::Compound(compound) => compound.arms.iter().any(|arm| arm.exceeds(inside)),
            }
    }
}

impl Cte {
    fn exceeds(&self, levels: usize) -> bool {
        self.select.exceeds(levels) || self.step.as_ref().is_some_and(|step| step.select.exceeds(levels))
    }
}

impl Plain {
    fn exceeds(&self, levels: usize) -> bool {
        let on = self.joins.iter().filter_map(|join| join.on.as_ref());
        let items = self.items.iter().filter_map(Item::expr);
        let exprs =
            items.chain(&self.distinct_on).chain(on).chain(&self.filter).chain(&self.group_by).chain(&self.having);
        let sources = self.from.iter().chain(self.joins.iter().map(|join| &join.source));
        exprs.into_iter().any(|expr| expr.exceeds(levels)) || sources.into_iter().any(|source| source.exceeds(levels))
    }
}

impl Source {
    fn exceeds(&self, levels: usize) -> bool {
        match self {
            Source::Select { select, .. } => select.exceeds(levels),
            Source::Elements(elements) => elements.document.exceeds(levels),
            // Rows of values, which nest in nothing.
            Source::Values(_) | Source::Table(_) | Source::Cte { .. } => false,
        }
    }
}
