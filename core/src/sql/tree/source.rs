//! What a SELECT takes its rows from.

use super::deleted::DeletedRows;
use super::marks::{Mark, on_join, render_marks};
use super::select::Select;
use super::table::TableRef;
use super::values::Values;
use crate::dialect::Support;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;
use crate::sql::expr::{Expr, Precedence};
use crate::sql::json::JsonElements;
use crate::sql::render::{Ident, SqlWriter, write_sql};

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A model's table.
    Table(TableRef),
    /// What a subquery selects, under a name. Its columns are `c1`, `c2`, ….
    Select {
        /// The subquery.
        select: Box<Select>,
        /// Its name.
        name: &'static str,
        /// Whose subquery it is.
        by: Wrapper,
    },
    /// Rows of the program's own.
    Values(Box<Values>),
    /// The elements of arrays inside documents of the sources before it, a row each.
    Elements(Box<JsonElements>),
    /// What a common table expression of the statement selects.
    Cte {
        /// Its name.
        name: &'static str,
    },
}

/// Who has put a SELECT into a subquery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// The program, which speaks of its columns.
    Program,
    /// creole, so that the rows can be sorted or filtered from outside: the program speaks of what is selected inside.
    Creole,
}

/// Another source, and which of its rows go with which.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// What becomes of rows without a partner.
    pub kind: JoinKind,
    /// The source.
    pub source: Source,
    /// Which rows go together; none for every row with every row.
    pub on: Option<Expr>,
    /// Which of its rows that are marked as deleted are joined.
    pub deleted: DeletedRows,
}

/// What becomes of rows without a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinKind {
    /// They are left out.
    Inner,
    /// Those on the left stay, with NULLs on the right.
    Left,
    /// Those on the right stay, with NULLs on the left.
    Right,
    /// Those of either side stay.
    Full,
}

impl JoinKind {
    /// The standard spelling.
    pub fn sql(self) -> &'static str {
        match self {
            JoinKind::Inner => "JOIN",
            JoinKind::Left => "LEFT JOIN",
            JoinKind::Right => "RIGHT JOIN",
            JoinKind::Full => "FULL JOIN",
        }
    }
}

impl Source {
    /// The name by which columns refer to it.
    pub fn name(&self) -> &'static str {
        match self {
            Source::Table(table) => table.name(),
            Source::Values(values) => values.name,
            Source::Select { name, .. } | Source::Cte { name } => name,
            Source::Elements(elements) => elements.name,
        }
    }

    /// The model's table, where it is one.
    pub fn table(&self) -> Option<&'static Table> {
        self.table_ref().map(|table| table.table)
    }

    /// The model's table as the statement names it.
    pub fn table_ref(&self) -> Option<TableRef> {
        match self {
            Source::Table(table) => Some(*table),
            _ => None,
        }
    }

    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.render_marked(w, &[])
    }

    /// The same of those rows of a table for which conditions hold.
    pub(super) fn render_marked<'a>(&'a self, w: &mut SqlWriter<'a>, marks: &[Mark]) -> Result<()> {
        match self {
            Source::Table(table) => table.render_source(w, marks)?,
            Source::Select { select, name, .. } => {
                write_sql!(w, "(", select.render_source(w), ") AS ", Ident(name))?;
            }
            Source::Values(values) => w.syntax().values(w, values)?,
            Source::Cte { name } => w.cte(name)?,
            Source::Elements(elements) => return w.syntax().json_elements(w, elements),
        }
        Ok(())
    }
}

impl Join {
    /// A join in which the statement says which deleted rows it is about.
    pub fn new(kind: JoinKind, source: Source, on: Option<Expr>) -> Join {
        Join { kind, source, on, deleted: DeletedRows::AsAround }
    }

    /// Writes it in a statement whose other joins leave rows of both sides.
    pub(super) fn render_full<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let inside = self.marks(w, w.deleted_rows());
        self.render_with(w, &inside, &[])
    }

    /// Writes it. The conditions of the sources before it that are not written yet are `waiting`.
    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, waiting: &mut Vec<Mark>) -> Result<()> {
        let own = self.marks(w, w.deleted_rows());
        let marks = on_join(self.kind, own, waiting);
        self.render_with(w, &[], &marks)
    }

    fn render_with<'a>(&'a self, w: &mut SqlWriter<'a>, inside: &[Mark], marks: &[Mark]) -> Result<()> {
        if let (Source::Elements(_), JoinKind::Right | JoinKind::Full) = (&self.source, self.kind) {
            let message = "the elements of an array have no rows without that array's row: use `join` or `left_join`";
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        if self.kind == JoinKind::Full && w.dialect().capabilities().full_join == Support::Absent {
            let way_out = "put a left join and a right join together by `union`";
            return Err(Error::unsupported(w.dialect().name(), "FULL JOIN", way_out));
        }
        w.push(" ").push(self.kind.sql()).push(" ");
        self.source.render_marked(w, inside)?;
        self.deleted.check(Some(&self.source))?;
        w.push(" ON ");
        w.about(self.deleted, |w| self.render_on(w, marks))
    }

    fn render_on<'a>(&'a self, w: &mut SqlWriter<'a>, marks: &[Mark]) -> Result<()> {
        let Some(condition) = &self.on else {
            if marks.is_empty() {
                w.push("1 = 1");
            }
            return render_marks(w, marks, "");
        };
        let is_alternative = !marks.is_empty() && condition.precedence() < Precedence::And;
        w.push(if is_alternative { "(" } else { "" });
        match self.kind {
            JoinKind::Inner => w.expr(condition, Precedence::Lowest)?,
            _ => w.syntax().outer_join_condition(w, condition)?,
        }
        w.push(if is_alternative { ")" } else { "" });
        render_marks(w, marks, " AND ")
    }
}
