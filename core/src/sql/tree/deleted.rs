//! Rows that are marked as deleted: whether a statement is about them, and the conditions that say so.
//!
//! No SELECT, UPDATE or DELETE writes a table as one of its sources without asking here for the condition that belongs to it, so none
//! can forget it.

use super::source::{Join, JoinKind, Source};
use super::table::TableRef;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{SoftDelete, Table};
use crate::sql::check::no_such_column;
use crate::sql::render::SqlWriter;

/// Which of the rows that are marked as deleted a statement is about; see [`SoftDelete`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeletedRows {
    /// None: they are left out of every source.
    #[default]
    Hidden,
    /// All: they are rows like others.
    Shown,
    /// All of its own sources, because their rows are found by keys; none of what conditions on related rows are about.
    Found,
    /// Only they, of this source, or of the first one where none is said. Of others, all rows.
    Only(Option<TableRef>),
    /// Those that the statement around it is about: for a condition on related rows.
    AsAround,
}

/// That the rows of a source are not marked as deleted, or that they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    table: TableRef,
    soft: SoftDelete,
    rows: MarkedRows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkedRows {
    Deleted,
    Others,
}

/// Whether a source is the first one of its statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Joined,
}

impl DeletedRows {
    /// What is meant inside a statement that is about `around`.
    pub(in crate::sql) fn within(self, around: DeletedRows) -> DeletedRows {
        match (self, around) {
            (DeletedRows::AsAround, DeletedRows::Hidden | DeletedRows::Found) => DeletedRows::Hidden,
            (DeletedRows::AsAround, _) => DeletedRows::Shown,
            (own, _) => own,
        }
    }

    /// What a statement is about that finds rows again by their keys which one about these rows has found.
    pub fn found_again(self) -> DeletedRows {
        match self {
            DeletedRows::Hidden => DeletedRows::Found,
            DeletedRows::Found | DeletedRows::AsAround => self,
            DeletedRows::Shown | DeletedRows::Only(_) => DeletedRows::Shown,
        }
    }

    /// The condition that belongs to a source, if it takes one.
    pub(super) fn mark(self, source: TableRef, place: Place) -> Option<Mark> {
        let soft = source.table.soft_delete?;
        let rows = match self {
            DeletedRows::Hidden => MarkedRows::Others,
            DeletedRows::Only(None) if place == Place::First => MarkedRows::Deleted,
            DeletedRows::Only(Some(table)) if table.is_same_source(source) => MarkedRows::Deleted,
            DeletedRows::Only(_) | DeletedRows::Shown | DeletedRows::Found | DeletedRows::AsAround => return None,
        };
        Some(Mark { table: source, soft, rows })
    }

    /// Refuses to find only deleted rows where none is ever marked.
    pub(super) fn check(self, first: Option<&Source>) -> Result<()> {
        let DeletedRows::Only(table) = self else { return Ok(()) };
        match table.or_else(|| first.and_then(Source::table_ref)) {
            Some(table) if table.table.soft_delete.is_some() => Ok(()),
            Some(table) => Err(never_marked(table.table)),
            None => {
                let message = "`only_deleted` is about the rows of a model's table, and the statement selects from something else: say it where the table is selected from";
                Err(Error::new(ErrorKind::Syntax, message))
            }
        }
    }
}

impl Mark {
    /// `"users"."deleted_at" IS NULL`
    pub(super) fn render(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.column(self.table, self.soft.column)?;
        self.render_state(w)
    }

    /// The same in a subquery of this table alone.
    pub(super) fn render_bare(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        let (table, column) = (self.table.table, self.soft.column);
        w.ident(table.column(column).ok_or_else(|| no_such_column(table, column))?.name);
        self.render_state(w)
    }

    fn render_state(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        let (table, column) = (self.table.table, self.soft.column);
        let may_be_null = table.column(column).ok_or_else(|| no_such_column(table, column))?.nullable;
        w.push(match (may_be_null, self.rows) {
            (true, MarkedRows::Others) => " IS NULL",
            (true, MarkedRows::Deleted) => " IS NOT NULL",
            (false, MarkedRows::Others) => " = FALSE",
            (false, MarkedRows::Deleted) => " = TRUE",
        });
        Ok(())
    }
}

impl Join {
    /// The condition that belongs to the joined source in a statement about these rows.
    pub(super) fn mark(&self, rows: DeletedRows) -> Option<Mark> {
        let own = match self.deleted {
            DeletedRows::AsAround => rows,
            own => own,
        };
        own.mark(self.source.table_ref()?, Place::Joined)
    }
}

/// The conditions of some sources that must hold before those of `join` are joined by it; `waiting` are those before it.
///
/// An outer join makes rows without one side or the other, and what is left out must be left out before that: so the condition of what
/// may be absent is part of the join's own, and that of the rows that stay waits for the next such join, or WHERE.
pub(super) fn on_join(kind: JoinKind, own: Option<Mark>, waiting: &mut Vec<Mark>) -> Vec<Mark> {
    match kind {
        JoinKind::Inner | JoinKind::Left => own.into_iter().collect(),
        JoinKind::Right => std::mem::replace(waiting, own.into_iter().collect()),
        // Either side may be absent: no condition that comes with the join or after it would do.
        JoinKind::Full => Vec::new(),
    }
}

/// Writes conditions, each after an AND but the first where nothing stands before it.
pub(super) fn render_marks(w: &mut SqlWriter<'_>, marks: &[Mark], mut before: &'static str) -> Result<()> {
    for mark in marks {
        w.push(before);
        mark.render(w)?;
        before = " AND ";
    }
    Ok(())
}

fn never_marked(table: &'static Table) -> Error {
    let message = format!(
        "{table} never marks rows as deleted, so there is nothing for `only_deleted` to find: give its model a column with \
         `#[model(soft_delete)]`, or leave it off"
    );
    Error::new(ErrorKind::Syntax, message).with_table(table.name)
}
