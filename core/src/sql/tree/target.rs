//! The rows that an UPDATE or a DELETE is about.

use super::cte;
use super::cte::Cte;
use super::deleted::DeletedRows;
use super::lock::{Lock, LockStrength, LockWait};
use super::marks::{Mark, Place, marks, render_marks};
use super::misuse::Misuse;
use super::select::Select;
use super::select_core::Item;
use super::select_core::render_filter;
use super::source::{Join, JoinKind, Source};
use super::table::TableRef;
use crate::dialect::Support;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;
use crate::sql::check::group_by;
use crate::sql::expr::Expr;
use crate::sql::expr::render_conditions;
use crate::sql::render::{Ident, SqlWriter, called_alike, write_sql};

/// The rows of a table that an UPDATE or a DELETE is about, and what it reads beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The table.
    pub(in crate::sql) table: &'static Table,
    /// Subqueries that the statement names before it uses them.
    pub(in crate::sql) with: Vec<Cte>,
    /// Other sources, and which of their rows go with which; inner and left joins only.
    pub(in crate::sql) joins: Vec<Join>,
    /// Which rows.
    pub(in crate::sql) filter: Option<Expr>,
    /// Which rows that are marked as deleted it is about.
    pub(in crate::sql) deleted: DeletedRows,
    /// What is wrong with it, found while it was built; it is said when the statement is rendered.
    pub(in crate::sql) misuse: Option<Misuse>,
}

/// The names of a subquery of one row, to which outer joins are made where the row that is written can't stand. The first that is
/// no other source's is taken.
const ONES: [&str; 2] = ["creole_one", "creole_one_row"];

impl Target {
    /// Rows of a table; every one where there is no filter.
    pub fn of(table: &'static Table, filter: Option<Expr>) -> Target {
        Target { table, with: Vec::new(), joins: Vec::new(), filter, deleted: DeletedRows::Hidden, misuse: None }
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// Whether it is about some rows, and not about every one.
    pub fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// The table as the statement names it.
    pub(in crate::sql) fn table_ref(&self) -> TableRef {
        TableRef::new(self.table)
    }

    /// Names a subquery before the statement, which may then use it.
    pub fn add_cte(&mut self, cte: Cte) {
        self.with.push(cte);
    }

    /// Narrows the rows down: this condition must hold as well.
    pub fn add_filter(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
    }

    /// Is about these of the rows that are marked as deleted.
    pub fn set_deleted(&mut self, rows: DeletedRows) {
        self.deleted = rows;
    }

    /// Which rows that are marked as deleted it is about.
    pub fn deleted(&self) -> DeletedRows {
        self.deleted
    }

    /// Adds what `join` joins to a SELECT of these rows.
    pub fn add_joins(&mut self, join: impl FnOnce(&mut Select)) {
        let mut select = Select::all_of(self.table_ref());
        select.outer().joins = std::mem::take(&mut self.joins);
        join(&mut select);
        self.joins = std::mem::take(&mut select.outer().joins);
        if let Some(misuse) = select.misuse {
            self.misuse.get_or_insert(misuse);
        }
    }

    /// Notes the first thing that is wrong with it.
    pub fn misused(&mut self, how: String) {
        self.misuse.get_or_insert(Misuse::syntax(how));
    }

    /// Says what was found wrong while it was built, and refuses joins that leave no row of the table to write to.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::new(ErrorKind::Syntax, message).with_table(self.table.name));
        if let Some(misuse) = &self.misuse {
            return Err(misuse.error().with_table(self.table.name));
        }
        self.deleted.check(Some(&Source::Table(self.table_ref())))?;
        self.filter.iter().try_for_each(|filter| group_by::check_condition(filter, "`filter`"))?;
        for (index, join) in self.joins.iter().enumerate() {
            let name = join.source.name();
            let earlier = self.joins.iter().take(index).map(|earlier| earlier.source.name());
            let mut names = std::iter::once(self.table.name).chain(earlier);
            if let Some(other) = names.find(|other| other.eq_ignore_ascii_case(name)) {
                return refuse(called_alike(other, name));
            }
            if !matches!(join.kind, JoinKind::Inner | JoinKind::Left) {
                return refuse(format!(
                    "{} leaves rows of {} out: use `join` or `left_join`",
                    join.kind.sql(),
                    self.table
                ));
            }
        }
        Ok(())
    }

    /// Whether an expression reads anything of what is joined, in subqueries too.
    pub fn reads_joined(&self, expr: &Expr) -> bool {
        !self.joins.is_empty() && self.joins.iter().any(|join| join.source.is_read_by(expr))
    }

    /// The subqueries named before the statement; where the database takes none there, they are written where they are used.
    pub(super) fn render_with<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        match w.dialect().capabilities().with_in_writes {
            Support::Native => cte::render(w, &self.with),
            Support::Absent => {
                w.inline(&self.with);
                Ok(())
            }
        }
    }

    /// ` WHERE …`, in which what is joined stands in an EXISTS: a row is meant or not, however many rows belong to it.
    pub(super) fn render_where<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        if self.joins.is_empty() {
            return self.render_filter(w);
        }
        let (joined, own): (Vec<_>, Vec<_>) = self.conditions().partition(|part| self.reads_joined(part));
        let decides = !joined.is_empty() || self.joins.iter().any(|join| join.kind == JoinKind::Inner);
        let marks = self.marks(w);
        if own.is_empty() && marks.is_empty() && !decides {
            return Ok(());
        }
        w.push(" WHERE ");
        render_conditions(w, &own)?;
        render_marks(w, &marks, if own.is_empty() { "" } else { " AND " })?;
        if !decides {
            return Ok(());
        }
        write_sql!(
            w,
            if own.is_empty() && marks.is_empty() { "EXISTS (" } else { " AND EXISTS (" },
            self.render_joined(w, &joined, |w| w.write("1")),
            ")"
        )
    }

    /// ` WHERE …`, in which what is joined is known.
    pub(super) fn render_filter<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let marks = self.marks(w);
        render_filter(w, self.filter.as_ref(), &marks)
    }

    /// The conditions that belong to the table.
    fn marks(&self, w: &mut SqlWriter<'_>) -> Vec<Mark> {
        marks(w, self.deleted, self.table_ref(), Place::First)
    }

    /// `SELECT … FROM` what is joined, for the row that the statement is at.
    pub(super) fn render_joined<'a>(
        &'a self,
        w: &mut SqlWriter<'a>,
        conditions: &[&'a Expr],
        what: impl FnOnce(&mut SqlWriter<'a>) -> Result<()>,
    ) -> Result<()> {
        w.open_scope();
        self.enter_joined(w)?;
        w.push("SELECT ");
        what(w)?;
        w.push(" FROM ");
        let mut all: Vec<&Expr> = Vec::new();
        let mut marks = Vec::new();
        match self.joins.split_first() {
            Some((first, rest)) if self.joins_inner() => {
                first.source.render(w)?;
                marks = first.marks(w, self.deleted);
                rest.iter().try_for_each(|join| join.render(w, &mut Vec::new()))?;
                all.extend(&first.on);
            }
            _ => {
                write_sql!(
                    w,
                    "(SELECT 1 AS ",
                    Ident("c1"),
                    ") AS ",
                    Ident(self.one()),
                    self.joins.iter().try_for_each(|join| join.render(w, &mut Vec::new()))
                )?;
            }
        }
        all.extend(conditions);
        render_where(w, &all, &marks)?;
        w.close_scope();
        Ok(())
    }

    /// ` FROM "users", "cities" WHERE …`, after the assignments of an UPDATE.
    pub(super) fn render_from<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.push(" FROM ");
        w.commas(&self.joins, |w, join| join.source.render(w))?;
        let conditions: Vec<&Expr> =
            self.joins.iter().filter_map(|join| join.on.as_ref()).chain(self.conditions()).collect();
        let mut marks: Vec<Mark> = self.joins.iter().flat_map(|join| join.marks(w, self.deleted)).collect();
        marks.extend(self.marks(w));
        render_where(w, &conditions, &marks)
    }

    /// `"orders" JOIN "users" ON …`
    pub(super) fn render_with_joins<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.table_ref().render(w);
        self.joins.iter().try_for_each(|join| join.render(w, &mut Vec::new()))
    }

    /// Makes what is joined known, for what stands before it.
    pub(super) fn enter_joined(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        self.joins.iter().try_for_each(|join| w.enter(&join.source, Some(join.kind)))
    }

    /// A SELECT of these rows that locks them. With [`Locked::Joined`], also the rows that belong to them.
    pub(super) fn render_locking<'a>(&'a self, w: &mut SqlWriter<'a>, items: &'a [Item], locked: Locked) -> Result<()> {
        w.begin_about(self.deleted);
        cte::render(w, &self.with)?;
        w.enter_table(self.table_ref());
        if locked == Locked::Joined {
            self.enter_joined(w)?;
        }
        w.push("SELECT ");
        render_items(w, items)?;
        w.push(" FROM ");
        match locked {
            Locked::Alone => {
                self.table_ref().render(w);
                self.render_where(w)?;
            }
            Locked::Joined => {
                self.render_with_joins(w)?;
                self.render_filter(w)?;
            }
        }
        let lock = Lock { strength: LockStrength::Update, wait: LockWait::Wait, of: Vec::new() };
        w.syntax().lock(w, &lock)
    }

    fn one(&self) -> &'static str {
        let [first, ..] = ONES;
        let is_free =
            |name: &&str| self.table.name != *name && self.joins.iter().all(|join| join.source.name() != *name);
        ONES.into_iter().find(is_free).unwrap_or(first)
    }

    pub(super) fn joins_inner(&self) -> bool {
        self.joins.iter().all(|join| join.kind == JoinKind::Inner)
    }

    /// The parts of the filter, all of which must hold.
    pub(in crate::sql) fn conditions(&self) -> impl Iterator<Item = &Expr> {
        let parts = match &self.filter {
            Some(Expr::All(parts)) if !parts.is_empty() => parts.as_slice(),
            Some(other) => std::slice::from_ref(other),
            None => &[],
        };
        parts.iter()
    }
}

/// Which rows a SELECT locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// Those of the table alone.
    Alone,
    /// Those that belong to them too.
    Joined,
}

/// ` WHERE …`, where there is any condition.
fn render_where<'a>(w: &mut SqlWriter<'a>, conditions: &[&'a Expr], marks: &[Mark]) -> Result<()> {
    if conditions.is_empty() {
        return render_marks(w, marks, " WHERE ");
    }
    w.push(" WHERE ");
    render_conditions(w, conditions)?;
    render_marks(w, marks, " AND ")
}

/// What is selected, with commas between.
pub(super) fn render_items<'a>(w: &mut SqlWriter<'a>, items: &'a [Item]) -> Result<()> {
    let mut number = 0;
    w.commas(items, |w, item| item.render(w, super::select_core::Labels::None, &mut number))
}
