//! Rows of some sources: the body of a plain SELECT.

use super::deleted::DeletedRows;
use super::marks::{Mark, Place, marks, render_marks};
use super::source::{Join, JoinKind, Source};
use super::table::TableRef;
use crate::dialect::Support;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::{ColumnRef, Expr, Precedence, Repeats};
use crate::sql::render::{SqlWriter, write_sql};

/// Rows of some sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Plain {
    /// What is selected.
    pub(in crate::sql) items: Vec<Item>,
    /// Whether equal rows count once.
    pub(in crate::sql) repeats: Repeats,
    /// What rows are equal in that count once, however they differ in the rest.
    pub(in crate::sql) distinct_on: Vec<Expr>,
    /// From where.
    pub(in crate::sql) from: Option<Source>,
    /// And from where else.
    pub(in crate::sql) joins: Vec<Join>,
    /// Which rows.
    pub(in crate::sql) filter: Option<Expr>,
    /// What makes rows one group.
    pub(in crate::sql) group_by: Vec<Expr>,
    /// Which groups.
    pub(in crate::sql) having: Option<Expr>,
    /// Which rows that are marked as deleted it is about.
    pub(in crate::sql) deleted: DeletedRows,
}

/// Something selected.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Every column of a table's model, in its order.
    Table(TableRef),
    /// An expression.
    Expr(Expr),
    /// An expression under a name, by which the result is read, and to which the statement does not refer.
    Labelled(Expr, &'static str),
}

/// How the items of a SELECT are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Labels {
    /// As they are.
    None,
    /// Each under a name of its own, `c1`, `c2`, …, as a subquery's must have them.
    Numbered,
}

impl Plain {
    /// Whether each row of the sources is one row of the result.
    pub(super) fn is_row_by_row(&self) -> bool {
        self.repeats == Repeats::Kept
            && self.distinct_on.is_empty()
            && self.group_by.is_empty()
            && self.having.is_none()
            && !self.items.iter().filter_map(Item::expr).any(Expr::may_aggregate)
    }

    /// Whether a row of its table may come several times.
    pub(super) fn may_repeat(&self) -> bool {
        let is_of_one_table = self.joins.is_empty() && matches!(self.from, Some(Source::Table(_)));
        self.repeats == Repeats::Kept && !is_of_one_table
    }

    /// Whether it is only the number of its sources' rows.
    pub(super) fn counts_all(&self) -> bool {
        let [Item::Expr(Expr::Aggregate(only)) | Item::Labelled(Expr::Aggregate(only), _)] = self.items.as_slice()
        else {
            return false;
        };
        only.counts_all() && self.group_by.is_empty() && self.having.is_none()
    }

    /// What rows come from: the first source, and those that are joined to it.
    pub(in crate::sql) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.from.iter().chain(self.joins.iter().map(|join| &join.source))
    }

    /// Whether an outer join may leave the source of this name without a row.
    pub(in crate::sql) fn may_be_absent(&self, name: &str) -> bool {
        let mut absent = false;
        let mut is_before = self.from.as_ref().is_some_and(|from| from.name() == name);
        for join in &self.joins {
            if join.source.name() == name {
                is_before = true;
                absent = matches!(join.kind, JoinKind::Left | JoinKind::Full);
            } else if is_before {
                absent |= matches!(join.kind, JoinKind::Right | JoinKind::Full);
            }
        }
        absent
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        self.enter(w)?;
        w.push("SELECT ");
        if self.repeats == Repeats::Dropped {
            w.push("DISTINCT ");
        }
        self.render_distinct_on(w)?;
        let mut number = 0;
        w.commas(&self.items, |w, item| item.render(w, labels, &mut number))?;
        self.render_rows(w)?;
        self.render_groups(w)
    }

    fn render_distinct_on<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        if self.distinct_on.is_empty() {
            return Ok(());
        }
        if w.dialect().capabilities().distinct_on == Support::Absent {
            let way_out = "number the rows by `row_number().over(window().partition_by(…).order_by(…))` in a subquery, and filter by 1";
            return Err(Error::unsupported(w.dialect().name(), "DISTINCT ON", way_out));
        }
        write_sql!(w, "DISTINCT ON (", w.commas(&self.distinct_on, |w, expr| w.write(expr)), ") ")
    }

    /// Makes the sources' names known, which the items use before the sources are written.
    pub(super) fn enter(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        let from = self.from.iter().map(|source| (None, source));
        for (kind, source) in from.chain(self.joins.iter().map(|join| (Some(join.kind), &join.source))) {
            w.enter(source, kind)?;
        }
        Ok(())
    }

    pub(super) fn render_rows<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let rows = w.deleted_rows();
        rows.check(self.from.as_ref())?;
        let table = self.from.as_ref().and_then(Source::table_ref);
        let mut waiting = table.map_or_else(Vec::new, |table| marks(w, rows, table, Place::First));
        if self.joins.iter().any(|join| join.kind == JoinKind::Full) {
            self.render_from(w, &waiting)?;
            self.joins.iter().try_for_each(|join| join.render_full(w))?;
            return render_filter(w, self.filter.as_ref(), &[]);
        }
        self.render_from(w, &[])?;
        self.joins.iter().try_for_each(|join| join.render(w, &mut waiting))?;
        render_filter(w, self.filter.as_ref(), &waiting)
    }

    /// The first source; where there are conditions, a subquery of the rows for which they hold.
    fn render_from<'a>(&'a self, w: &mut SqlWriter<'a>, marks: &[Mark]) -> Result<()> {
        let Some(from) = &self.from else {
            self.check_no_source()?;
            w.push(w.dialect().capabilities().words.no_source);
            return Ok(());
        };
        w.push(" FROM ");
        from.render_marked(w, marks)
    }

    /// Without a table there is one row, which can't be joined or counted: who does so has forgotten
    /// to name the table.
    fn check_no_source(&self) -> Result<()> {
        let aggregates = self.items.iter().filter_map(Item::expr).any(Expr::aggregates);
        if self.joins.is_empty() && self.group_by.is_empty() && self.having.is_none() && !aggregates {
            return Ok(());
        }
        let message = "the statement selects from no table: name one with `.from(table::<Model>())`";
        Err(Error::new(ErrorKind::Syntax, message))
    }

    fn render_groups<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        if !self.group_by.is_empty() {
            w.push(" GROUP BY ");
            w.commas(&self.group_by, |w, group| self.render_group(w, group))?;
        }
        let Some(having) = &self.having else { return Ok(()) };
        w.push(" HAVING ");
        w.expr(having, Precedence::Lowest)
    }

    /// An expression with a bound value is named by its position among the items: written twice, it would have two
    /// placeholders, and PostgreSQL would not take them for the same.
    fn render_group<'a>(&'a self, w: &mut SqlWriter<'a>, group: &'a Expr) -> Result<()> {
        let has_value = group.any(&mut |part| match part {
            Expr::Bind { .. } => true,
            Expr::Json(json) => json.has_value(),
            _ => false,
        });
        let selected = |item: &Item| item.expr() == Some(group);
        match self.items.iter().position(selected) {
            Some(place) if has_value => {
                let before: usize = self.items.iter().take(place).map(Item::columns).sum();
                w.number(before as u64 + 1);
                Ok(())
            }
            _ => w.expr(group, Precedence::Operand),
        }
    }
}

impl Item {
    /// Where it, or the first column in it, comes from.
    pub(super) fn source(&self) -> Option<Source> {
        match self {
            Item::Table(table) => Some(Source::Table(*table)),
            Item::Expr(expr) | Item::Labelled(expr, _) => {
                let mut found = None;
                expr.any(&mut |part| {
                    if let Expr::Column(column) = part {
                        found = Some(Source::Table(column.table));
                    }
                    found.is_some()
                });
                found
            }
        }
    }

    /// How many columns of the result it is.
    pub fn columns(&self) -> usize {
        match self {
            Item::Table(table) => table.table.columns.len(),
            Item::Expr(_) | Item::Labelled(..) => 1,
        }
    }

    /// The expression, where it is one and no table.
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Item::Table(_) => None,
            Item::Expr(expr) | Item::Labelled(expr, _) => Some(expr),
        }
    }

    /// The names of its columns in the result, as far as the tree gives them any.
    pub(super) fn names(&self) -> Vec<Option<&'static str>> {
        match self {
            Item::Table(table) => table.table.columns.iter().map(|column| Some(column.name)).collect(),
            Item::Expr(Expr::Column(column)) => vec![column.definition().map(|definition| definition.name)],
            Item::Expr(_) => vec![None],
            Item::Labelled(_, label) => vec![Some(label)],
        }
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels, number: &mut u64) -> Result<()> {
        let mut label = |w: &mut SqlWriter<'a>| {
            *number += 1;
            match (labels, self) {
                (Labels::Numbered, _) => _ = w.push(" AS ").ident(&format!("c{number}")),
                (Labels::None, Item::Labelled(_, label)) => _ = w.push(" AS ").ident(label),
                (Labels::None, _) => {}
            }
        };
        match self {
            Item::Table(table) => w.commas(table.places(), |w, index| {
                w.syntax().select_column(w, ColumnRef { table: *table, index })?;
                label(w);
                Ok(())
            }),
            Item::Expr(Expr::Column(column)) | Item::Labelled(Expr::Column(column), _) => {
                w.syntax().select_column(w, *column)?;
                label(w);
                Ok(())
            }
            Item::Expr(expr) | Item::Labelled(expr, _) => {
                w.expr(expr, Precedence::Lowest)?;
                label(w);
                Ok(())
            }
        }
    }
}

/// ` WHERE …`
pub(super) fn render_filter<'a>(w: &mut SqlWriter<'a>, filter: Option<&'a Expr>, marks: &[Mark]) -> Result<()> {
    let Some(filter) = filter else { return render_marks(w, marks, " WHERE ") };
    w.push(" WHERE ");
    filter.render_condition(w, if marks.is_empty() { Precedence::Lowest } else { Precedence::And })?;
    render_marks(w, marks, " AND ")
}
