//! SELECT.

use std::borrow::Cow;

use super::compound::{Compound, SetOp};
use super::cte::Cte;
use super::deleted::DeletedRows;
use super::limit::{Count, Limit};
use super::lock::Lock;
use super::misuse::Misuse;
use super::order::OrderTerm;
use super::select_core::Labels;
use super::select_core::{Item, Plain};
use super::source::{Join, Source, Wrapper};
use super::table::TableRef;
use super::{cte, order};
use crate::error::Result;
use crate::schema::Table;
use crate::sql::check::SelectUse;
use crate::sql::expr::{Expr, Repeats};
use crate::sql::render::SqlWriter;

/// A SELECT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// Subqueries that it names before it uses them.
    pub(in crate::sql) with: Vec<Cte>,
    /// What is selected from where.
    pub(in crate::sql) body: Body,
    /// In which order.
    pub(in crate::sql) order_by: Vec<OrderTerm>,
    /// How many.
    pub(in crate::sql) limit: Limit,
    /// Which rows are locked.
    pub(in crate::sql) lock: Option<Lock>,
    /// The sources of which each row must have one, because what is read from it can't be NULL.
    pub(in crate::sql) required: Cow<'static, [&'static str]>,
    /// Whether it reads on where an earlier one ended.
    pub(in crate::sql) goes_on: bool,
    /// What is wrong with it, found while it was built; it is said when the statement is rendered.
    pub(in crate::sql) misuse: Option<Misuse>,
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
            deleted: DeletedRows::Hidden,
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
            goes_on: false,
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

    /// The names of the columns of the rows, as far as the tree gives them any: a column's own, and labels.
    pub fn names(&self) -> Vec<Option<&'static str>> {
        self.items().iter().flat_map(Item::names).collect()
    }

    /// Rows come from here.
    pub fn set_from(&mut self, source: Source) {
        self.outer().from = Some(source);
    }

    /// Selects these, whatever was selected before.
    pub fn set_items(&mut self, items: Vec<Item>) {
        self.outer().items = items;
    }

    /// Rows that are equal in everything selected count once.
    pub fn set_distinct(&mut self) {
        self.outer().repeats = Repeats::Dropped;
    }

    /// At most this many rows.
    pub fn set_limit(&mut self, rows: Count) {
        self.outer();
        self.limit.limit = Some(rows);
    }

    /// Without this many of the first rows.
    pub fn set_offset(&mut self, rows: u64) {
        self.outer();
        self.limit.offset = Some(rows);
    }

    /// No more than this many rows, and no more than were asked for before.
    pub fn set_at_most(&mut self, rows: u64) {
        self.outer();
        self.limit.at_most(rows);
    }

    /// Is about these of the rows that are marked as deleted. What is put together from several SELECTs says it of each of them.
    pub fn set_deleted(&mut self, rows: DeletedRows) {
        match &mut self.body {
            Body::Compound(compound) => compound.arms.iter_mut().for_each(|arm| arm.set_deleted(rows)),
            Body::Plain(plain) => match &mut plain.from {
                Some(Source::Select { select, by: Wrapper::Creole, .. }) => {
                    select.set_deleted(rows);
                    plain.deleted = select.rows_of_joined();
                }
                _ => plain.deleted = rows,
            },
        }
    }

    /// Which rows that are marked as deleted it is about.
    pub(in crate::sql) fn deleted(&self) -> DeletedRows {
        self.plain().map_or(DeletedRows::AsAround, |plain| plain.deleted)
    }

    /// The same of this source, where its rows are joined to those of another SELECT.
    pub(crate) fn deleted_as(&self, joined: TableRef) -> DeletedRows {
        match self.deleted() {
            DeletedRows::Only(_) => DeletedRows::Only(Some(joined)),
            rows => rows,
        }
    }

    /// Which rows of what is joined to its rows are meant.
    pub(super) fn rows_of_joined(&self) -> DeletedRows {
        match &self.body {
            Body::Plain(Plain { deleted: DeletedRows::Only(_), .. }) => DeletedRows::Shown,
            Body::Plain(plain) => plain.deleted,
            Body::Compound(compound) => compound.arms.first().map_or(DeletedRows::Hidden, Select::rows_of_joined),
        }
    }

    /// Locks the rows. What is put together from several SELECTs stays so, and the lock is refused.
    pub fn set_lock(&mut self, lock: Lock) {
        self.lock = Some(lock);
    }

    /// The sources of which each row must have one.
    pub(crate) fn required(&self) -> &Cow<'static, [&'static str]> {
        &self.required
    }

    /// The sources of which each row must have one, because what is read from it can't be NULL.
    pub fn set_required(&mut self, sources: Cow<'static, [&'static str]>) {
        self.required = sources;
    }

    /// Names a subquery before it is used.
    pub fn add_cte(&mut self, cte: Cte) {
        self.with.push(cte);
    }

    /// Whether it has LIMIT or OFFSET.
    pub fn is_limited(&self) -> bool {
        !self.limit.is_empty()
    }

    /// How many rows there are at most, where that is limited.
    pub(crate) fn row_limit(&self) -> Option<u64> {
        self.limit.limit.map(|(Count::Fixed(rows) | Count::Bound(rows))| rows)
    }

    /// The first rows too, where some were left out.
    pub(crate) fn clear_offset(&mut self) {
        self.limit.offset = None;
    }

    /// What is wrong with another SELECT, of which this one has a part, is wrong with it too.
    pub(crate) fn take_misuse(&mut self, of: &Select) {
        if self.misuse.is_none() {
            self.misuse.clone_from(&of.misuse);
        }
    }

    /// Puts joins before those that there are, as what they are joined to.
    pub(crate) fn join_first(&mut self, joins: Vec<Join>) {
        self.outer().joins.splice(0..0, joins);
    }

    /// What its rows are filtered by.
    pub(crate) fn filter(&self) -> Option<&Expr> {
        self.plain()?.filter.as_ref()
    }

    /// Whether its rows are those of its tables, each by itself: no groups, nothing different, and not of several SELECTs.
    pub(crate) fn is_of_single_rows(&self) -> bool {
        self.plain().is_some_and(|plain| {
            plain.group_by.is_empty() && plain.distinct_on.is_empty() && plain.repeats == Repeats::Kept
        })
    }

    /// Whether rows that are equal come once.
    pub(crate) fn is_distinct(&self) -> bool {
        self.plain().is_some_and(|plain| plain.repeats == Repeats::Dropped)
    }

    /// Whether only the first of rows that are equal in something are wanted.
    pub(crate) fn has_distinct_on(&self) -> bool {
        self.plain().is_some_and(|plain| !plain.distinct_on.is_empty())
    }

    /// Whether a row of its table may come several times: by a join, or out of another SELECT.
    pub(crate) fn may_repeat(&self) -> bool {
        match &self.body {
            Body::Plain(plain) => plain.may_repeat(),
            Body::Compound(compound) => compound.repeats == Repeats::Kept,
        }
    }

    /// Whether it reads on where an earlier one ended.
    pub(crate) fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// Reads on where an earlier one ended.
    pub(crate) fn set_goes_on(&mut self) {
        self.goes_on = true;
    }

    /// By what it is sorted.
    pub fn order(&self) -> &[OrderTerm] {
        &self.order_by
    }

    /// Which rows are locked.
    pub fn lock(&self) -> Option<&Lock> {
        self.lock.as_ref()
    }

    /// The same to change.
    pub fn lock_mut(&mut self) -> Option<&mut Lock> {
        self.lock.as_mut()
    }

    /// Joins another source.
    pub fn add_join(&mut self, join: Join) {
        self.outer().joins.push(join);
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
        self.misuse.get_or_insert(Misuse::syntax(how));
    }

    /// Narrows the rows down: this condition must hold as well.
    pub fn add_filter(&mut self, condition: Expr) {
        let condition = self.seen_from_here(condition);
        both(&mut self.outer().filter, condition);
    }

    /// Narrows the groups down: this condition must hold as well.
    pub fn add_having(&mut self, condition: Expr) {
        let condition = self.seen_from_here(condition);
        both(&mut self.outer().having, condition);
    }

    /// Makes rows that are equal in these as well one group.
    pub fn add_groups(&mut self, groups: Vec<Expr>) {
        let groups: Vec<Expr> = groups.into_iter().map(|group| self.seen_from_here(group)).collect();
        self.outer().group_by.extend(groups);
    }

    /// Of the rows that are equal in these, only the first one counts.
    pub fn add_distinct_on(&mut self, equal: Vec<Expr>) {
        let equal: Vec<Expr> = equal.into_iter().map(|expr| self.seen_from_here(expr)).collect();
        self.outer().distinct_on.extend(equal);
    }

    /// Sorts by this alone, and no longer by what was given before.
    pub fn set_order(&mut self, terms: Vec<OrderTerm>) {
        self.order_by.clear();
        self.add_order(terms);
    }

    /// Sorts by this as well.
    pub fn add_order(&mut self, terms: Vec<OrderTerm>) {
        for term in terms {
            let expr = self.seen_from_here(term.expr);
            self.outer();
            self.order_by.push(OrderTerm { expr, ..term });
        }
    }

    /// The arms of a SELECT that is put together in this way, and has no clauses of its own.
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

    /// Whether it is only rows of some sources.
    pub(super) fn is_bare(&self) -> bool {
        self.with.is_empty()
            && matches!(self.body, Body::Plain(_))
            && self.order_by.is_empty()
            && self.limit.is_empty()
            && self.lock.is_none()
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
        self.check(SelectUse::Part)?;
        w.open_scope();
        self.render(w, labels)?;
        w.close_scope();
        Ok(())
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        cte::render(w, &self.with)?;
        w.hiding(&self.with, |w| match &self.lock {
            Some(lock) => w.locking(|w| {
                self.render_query(w, labels)?;
                w.syntax().lock(w, lock)
            }),
            None => self.render_query(w, labels),
        })
    }

    fn render_query<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        w.about(self.deleted(), |w| self.render_clauses(w, labels))
    }

    fn render_clauses<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        // A bare name after ORDER BY, and on some databases after GROUP BY and HAVING, could be taken for a label.
        let has_labels = labels == Labels::None && self.has_labels();
        if has_labels {
            w.begin_qualified();
        }
        self.render_body(w, labels)?;
        order::render(w, &self.order_by)?;
        if has_labels {
            w.end_qualified();
        }
        w.syntax().limit(w, &self.limit)
    }

    fn has_labels(&self) -> bool {
        self.items().iter().any(|item| matches!(item, Item::Labelled(..)))
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
