//! SELECT.

use std::borrow::Cow;

use super::compound::{Compound, SetOp};
use super::cte::Cte;
use super::limit::Limit;
use super::lock::Lock;
use super::order::OrderTerm;
use super::select_core::Labels;
use super::select_core::{Item, Plain};
use super::source::{Join, Source, Wrapper};
use super::table::TableRef;
use super::{cte, order};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;
use crate::sql::check::collation;
use crate::sql::expr::{ColumnRef, DerivedRef, Expr, Repeats};
use crate::sql::render::SqlWriter;

/// A SELECT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// Subqueries that it names before it uses them.
    pub with: Vec<Cte>,
    /// What is selected from where.
    pub body: Body,
    /// In which order.
    pub order_by: Vec<OrderTerm>,
    /// How many.
    pub limit: Limit,
    /// Which rows are locked.
    pub lock: Option<Lock>,
    /// The sources of which each row must have one, because what is read from it can't be NULL.
    pub required: Cow<'static, [&'static str]>,
    /// What is wrong with it, found while it was built; it is said when the statement is rendered.
    pub misuse: Option<String>,
}

/// What a SELECT selects.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly every SELECT is plain, and a box would be an allocation for each")]
pub enum Body {
    /// Rows of some sources.
    Plain(Plain),
    /// The rows of several SELECTs put together. Such a SELECT has no order, limit or lock itself: whoever wants one selects
    /// from it.
    Compound(Compound),
}

/// The name of a subquery that several SELECTs were put together in. Other sources may stand beside it, so it is none that a
/// program is likely to have.
const COMPOUND: &str = "creole_compound";
/// The name of a subquery that is sorted from outside.
const SELECTED: &str = "creole_selected";

impl Select {
    /// Every column and row of a table.
    pub fn all_of(table: TableRef) -> Select {
        Select::of(vec![Item::Table(table)])
    }

    /// Some items, from the table of the first column among them.
    pub fn of(items: Vec<Item>) -> Select {
        Select::of_plain(Plain {
            from: items.iter().find_map(Item::source),
            items,
            repeats: Repeats::Kept,
            distinct_on: Vec::new(),
            joins: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            having: None,
        })
    }

    pub(super) fn of_plain(plain: Plain) -> Select {
        Select::of_body(Body::Plain(plain))
    }

    pub(super) fn of_compound(compound: Compound) -> Select {
        Select::of_body(Body::Compound(compound))
    }

    fn of_body(body: Body) -> Select {
        Select {
            with: Vec::new(),
            body,
            order_by: Vec::new(),
            limit: Limit::default(),
            lock: None,
            required: Cow::Borrowed(&[]),
            misuse: None,
        }
    }

    /// The table that rows come from.
    pub fn table(&self) -> Option<&'static Table> {
        match &self.body {
            Body::Plain(plain) => plain.from.as_ref().and_then(Source::table),
            Body::Compound(compound) => compound.arms.first().and_then(Select::table),
        }
    }

    /// The tables whose rows it locks.
    pub(super) fn locked_tables(&self) -> Vec<&'static Table> {
        let (Some(lock), Body::Plain(plain)) = (&self.lock, &self.body) else { return Vec::new() };
        if !lock.of.is_empty() {
            return lock.of.iter().map(|table| table.table).collect();
        }
        let sources = plain.from.iter().chain(plain.joins.iter().map(|join| &join.source));
        sources.filter_map(Source::table).collect()
    }

    /// What is selected from where, where that is not put together from several SELECTs.
    pub fn plain(&self) -> Option<&Plain> {
        match &self.body {
            Body::Plain(plain) => Some(plain),
            Body::Compound(_) => None,
        }
    }

    /// The same to change. What is put together from several SELECTs is selected from, as a subquery, first.
    pub fn plain_mut(&mut self) -> &mut Plain {
        if let Body::Compound(_) = self.body {
            let mut compound = std::mem::replace(self, Select::of(Vec::new()));
            // What it names before it is there for what is joined to it too.
            let with = std::mem::take(&mut compound.with);
            *self = Select { with, ..compound.wrapped_by(Wrapper::Creole, COMPOUND) };
        }
        match &mut self.body {
            Body::Plain(plain) => plain,
            Body::Compound(_) => unreachable!("a compound was just wrapped"),
        }
    }

    /// What the rows consist of.
    pub fn items(&self) -> &[Item] {
        match &self.body {
            Body::Plain(plain) => &plain.items,
            Body::Compound(compound) => compound.arms.first().map_or(&[], Select::items),
        }
    }

    /// How many columns the rows have.
    pub fn columns(&self) -> usize {
        self.items().iter().map(Item::columns).sum()
    }

    /// A SELECT of all that this one selects, as a subquery of this name.
    pub fn wrapped(self, name: &'static str) -> Select {
        self.wrapped_by(Wrapper::Program, name)
    }

    fn wrapped_by(self, by: Wrapper, name: &'static str) -> Select {
        let items = self.derived_items(name);
        let mut outer = Select::of(items);
        if let Body::Plain(plain) = &mut outer.body {
            plain.from = Some(Source::Select { select: Box::new(self), name, by });
        }
        outer
    }

    /// The columns of this SELECT as those of a subquery have them.
    pub fn derived_items(&self, source: &'static str) -> Vec<Item> {
        let mut items = Vec::new();
        for item in self.items() {
            let mut push = |expr: &Expr| {
                let place = u16::try_from(items.len()).ok();
                let ty = expr.ty().unwrap_or(crate::types::ColumnType::TEXT);
                let collation = collation::of_column(expr);
                items.push(Item::Expr(Expr::Derived(DerivedRef { source, place, ty, nullable: true, collation })));
            };
            match item {
                Item::Expr(expr) | Item::Labelled(expr, _) => push(expr),
                Item::Table(table) => {
                    for index in table.places() {
                        push(&Expr::Column(ColumnRef { table: *table, index }));
                    }
                }
            }
        }
        items
    }

    /// The place among the columns where this expression is selected; where creole has put the SELECT of it into a subquery, by
    /// what is selected there.
    pub fn place_of(&self, wanted: &Expr) -> Option<u16> {
        if let Body::Compound(compound) = &self.body {
            return compound.arms.first()?.place_of(wanted);
        }
        self.own_place_of(wanted).or_else(|| {
            let (inner, name) = self.wrapped_by_creole()?;
            let inner_place = inner.place_of(wanted)?;
            let is_it = |expr: &Expr| matches!(expr, Expr::Derived(column) if column.source == name && column.place == Some(inner_place));
            let place = self.items().iter().position(|item| item.expr().is_some_and(is_it))?;
            u16::try_from(place).ok()
        })
    }

    /// The SELECT that creole has put into a subquery, to sort or filter its rows, and the name of that.
    fn wrapped_by_creole(&self) -> Option<(&Select, &'static str)> {
        match self.plain()?.from.as_ref()? {
            Source::Select { select, name, by: Wrapper::Creole } => Some((select, name)),
            _ => None,
        }
    }

    fn own_place_of(&self, wanted: &Expr) -> Option<u16> {
        let mut place: u16 = 0;
        for item in self.items() {
            let within = match (item, wanted) {
                (Item::Expr(expr) | Item::Labelled(expr, _), _) => expr.is_same_as(wanted).then_some(0),
                (Item::Table(table), Expr::Column(column)) => table.place_of(*column),
                (Item::Table(_), _) => None,
            };
            if let Some(within) = within {
                return place.checked_add(within);
            }
            place = place.checked_add(u16::try_from(item.columns()).ok()?)?;
        }
        None
    }

    /// The names of the columns of the rows, as far as the tree gives them any: a column's own, and labels.
    pub fn names(&self) -> Vec<Option<&'static str>> {
        self.items().iter().flat_map(Item::names).collect()
    }

    /// Joins another source.
    pub fn add_join(&mut self, join: Join) {
        self.plain_mut().joins.push(join);
    }

    /// The tables that rows come from so far.
    pub fn tables(&self) -> impl Iterator<Item = TableRef> {
        let plain = self.plain();
        let from = plain.and_then(|plain| plain.from.as_ref());
        let joined = plain.into_iter().flat_map(|plain| plain.joins.iter().map(|join| &join.source));
        from.into_iter().chain(joined).filter_map(Source::table_ref)
    }

    /// Notes the first thing that is wrong with it.
    pub fn misused(&mut self, how: String) {
        self.misuse.get_or_insert(how);
    }

    /// Narrows the rows down: this condition must hold as well.
    pub fn add_filter(&mut self, condition: Expr) {
        let condition = self.seen_from_here(condition);
        both(&mut self.plain_mut().filter, condition);
    }

    /// Narrows the groups down: this condition must hold as well.
    pub fn add_having(&mut self, condition: Expr) {
        let condition = self.seen_from_here(condition);
        both(&mut self.plain_mut().having, condition);
    }

    /// Makes rows that are equal in these as well one group.
    pub fn add_groups(&mut self, groups: Vec<Expr>) {
        let groups: Vec<Expr> = groups.into_iter().map(|group| self.seen_from_here(group)).collect();
        self.plain_mut().group_by.extend(groups);
    }

    /// Of the rows that are equal in these, only the first one counts.
    pub fn add_distinct_on(&mut self, equal: Vec<Expr>) {
        let equal: Vec<Expr> = equal.into_iter().map(|expr| self.seen_from_here(expr)).collect();
        self.plain_mut().distinct_on.extend(equal);
    }

    /// Sorts by this as well.
    pub fn add_order(&mut self, terms: Vec<OrderTerm>) {
        for term in terms {
            let expr = self.seen_from_here(term.expr);
            self.plain_mut();
            self.order_by.push(OrderTerm { expr, ..term });
        }
    }

    /// What a SELECT that creole has put into a subquery selects is, for whoever sorts or filters it, a column of that
    /// subquery. A subquery of the program's own is spoken of by its columns, and a joined table keeps its own.
    fn seen_from_here(&mut self, expr: Expr) -> Expr {
        self.plain_mut();
        self.seen(expr)
    }

    /// The same of a SELECT as it is now.
    pub(crate) fn seen(&self, mut expr: Expr) -> Expr {
        let Some((select, name)) = self.wrapped_by_creole() else { return expr };
        expr.replace(&mut |part| {
            if matches!(part, Expr::Column(column) if self.tables().any(|table| table.is_same_source(column.table))) {
                return None;
            }
            let place = select.place_of(part)?;
            let ty = part.ty()?;
            // Another arm, or an outer join inside, may have NULLs where this one has none.
            let (place, collation) = (Some(place), collation::of_column(part));
            Some(Expr::Derived(DerivedRef { source: name, place, ty, nullable: true, collation }))
        });
        expr
    }

    /// The arms of a SELECT that is put together in this way, and is nothing else.
    pub(super) fn into_arms(self, op: SetOp, repeats: Repeats) -> Result<Vec<Select>, Box<Select>> {
        match self {
            Select { body: Body::Compound(compound), with, lock: None, misuse: None, .. }
                if compound.op == op && compound.repeats == repeats && with.is_empty() =>
            {
                Ok(compound.arms)
            }
            other => Err(Box::new(other)),
        }
    }

    /// Whether it is nothing but rows of some sources.
    pub(super) fn is_bare(&self) -> bool {
        self.with.is_empty()
            && matches!(self.body, Body::Plain(_))
            && self.order_by.is_empty()
            && self.limit.is_empty()
            && self.lock.is_none()
    }

    /// Shows each expression to `change`.
    pub(in crate::sql) fn exprs_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        for cte in &mut self.with {
            cte.select.exprs_mut(change);
            if let Some(step) = &mut cte.step {
                step.select.exprs_mut(change);
            }
        }
        match &mut self.body {
            Body::Plain(plain) => plain.exprs_mut(change),
            Body::Compound(compound) => compound.arms.iter_mut().for_each(|arm| arm.exprs_mut(change)),
        }
        self.order_by.iter_mut().for_each(|term| change(&mut term.expr));
    }

    /// Whether it must be [rearranged](Select::rearranged) before it is rendered.
    pub fn is_out_of_order(&self) -> bool {
        let Body::Plain(plain) = &self.body else { return false };
        let has_value = |term: &OrderTerm| term.expr.any(&mut |part| matches!(part, Expr::Bind { .. }));
        match plain.repeats {
            Repeats::Dropped => !self.order_by.is_empty(),
            Repeats::Kept => !plain.group_by.is_empty() && self.order_by.iter().any(has_value),
        }
    }

    /// The same rows, sorted outside of a subquery. Different rows and groups can be sorted by what is selected, and by
    /// nothing else, and databases do not all see that two expressions with values in them are the same: here a column of
    /// the subquery stands for both.
    pub fn rearranged(mut self) -> Select {
        let order_by = std::mem::take(&mut self.order_by);
        let is_selected = order_by.iter().all(|term| self.place_of(&term.expr).is_some());
        if !is_selected {
            if self.plain().is_some_and(|plain| plain.repeats == Repeats::Dropped) {
                self.misused("a `distinct` SELECT is sorted by what it selects, and by nothing else".into());
            }
            return Select { order_by, ..self };
        }
        // A lock stays where it is refused: different rows and groups have none.
        let limit = std::mem::take(&mut self.limit);
        let misuse = self.misuse.take();
        let mut outer = self.wrapped_by(Wrapper::Creole, SELECTED);
        outer.add_order(order_by);
        Select { limit, misuse, ..outer }
    }

    /// Writes it, in a scope of its own, as a source of rows whose columns have names.
    pub(in crate::sql) fn render_source<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.render_inside(w, Labels::Numbered)
    }

    /// Writes it, in a scope of its own, as a value or a list of values.
    pub(in crate::sql) fn render_value<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.render_inside(w, Labels::None)
    }

    fn render_inside<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        self.refuse_lock("this SELECT is a part of another statement")?;
        w.open_scope();
        self.render(w, labels)?;
        w.close_scope();
        Ok(())
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        self.check_use()?;
        self.check_lock()?;
        cte::render(w, &self.with)?;
        w.hiding(&self.with, |w| match &self.lock {
            Some(lock) => w.locking(|w| {
                self.render_query(w, labels)?;
                w.dialect().lock(w, lock)
            }),
            None => self.render_query(w, labels),
        })
    }

    fn render_query<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        // A bare name behind ORDER BY, and on some databases behind GROUP BY and HAVING, could be taken for a label.
        let has_labels = labels == Labels::None && self.has_labels();
        if has_labels {
            w.begin_qualified();
        }
        self.render_body(w, labels)?;
        order::render(w, &self.order_by)?;
        if has_labels {
            w.end_qualified();
        }
        w.dialect().limit(w, &self.limit)
    }

    fn has_labels(&self) -> bool {
        self.items().iter().any(|item| matches!(item, Item::Labelled(..)))
    }

    /// Says what was found wrong with it while it was built.
    pub(super) fn check_use(&self) -> Result<()> {
        match &self.misuse {
            Some(misuse) => Err(Error::new(ErrorKind::Syntax, misuse.clone())),
            None => self.plain().map_or(Ok(()), |plain| {
                plain.check_present(&self.required)?;
                plain.check_conditions()?;
                plain.check_distinct_on(&self.order_by)?;
                plain.check_groups(&self.order_by)
            }),
        }
    }

    pub(super) fn render_body<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        match &self.body {
            Body::Plain(plain) => plain.render(w, labels),
            Body::Compound(compound) => compound.render(w, labels),
        }
    }
}

fn both(present: &mut Option<Expr>, condition: Expr) {
    *present = Some(match present.take() {
        Some(present) => present.and(condition),
        None => condition,
    });
}
