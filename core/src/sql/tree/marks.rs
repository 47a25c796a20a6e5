//! Conditions that belong to a source, whatever the statement says: that its rows are not marked as deleted, and whose they are.
//!
//! No SELECT, UPDATE or DELETE writes a table as one of its sources without asking here for the conditions that belong to it, so none
//! can forget them.

use super::deleted::DeletedRows;
use super::source::{Join, JoinKind};
use super::table::TableRef;
use crate::error::Result;
use crate::schema::SoftDelete;
use crate::sql::check::no_such_column;
use crate::sql::render::SqlWriter;

/// A condition that belongs to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    table: TableRef,
    kind: MarkKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    /// That its rows are marked as deleted, or that they are not.
    Deletion(SoftDelete, MarkedRows),
    /// That they are those of the tenant whom the statement is about; the column says whose a row is.
    Tenant(u16),
}

/// Which rows of those that a table marks as deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkedRows {
    /// Those that are marked.
    Deleted,
    /// Those that are not.
    Others,
}

/// Whether a source is the first one of its statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Joined,
}

/// The conditions that belong to a source in a statement about these rows.
pub(super) fn marks(w: &mut SqlWriter<'_>, rows: DeletedRows, source: TableRef, place: Place) -> Vec<Mark> {
    let tenant = w.tenant_column(source.table).map(|column| Mark { table: source, kind: MarkKind::Tenant(column) });
    let deletion = rows.marked(source, place);
    let deletion = deletion.map(|(soft, rows)| Mark { table: source, kind: MarkKind::Deletion(soft, rows) });
    tenant.into_iter().chain(deletion).collect()
}

impl Mark {
    /// `"users"."tenant_id" = $1`, `"users"."deleted_at" IS NULL`
    fn render(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.column(self.table, self.column())?;
        self.render_rest(w)
    }

    /// The same in a subquery of this table alone.
    fn render_bare(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        let (table, column) = (self.table.table, self.column());
        w.ident(table.column(column).ok_or_else(|| no_such_column(table, column))?.name);
        self.render_rest(w)
    }

    fn column(&self) -> u16 {
        match self.kind {
            MarkKind::Deletion(soft, _) => soft.column,
            MarkKind::Tenant(column) => column,
        }
    }

    fn render_rest(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        let (table, column) = (self.table.table, self.column());
        let MarkKind::Deletion(_, rows) = self.kind else {
            w.push(" = ");
            return w.tenant(table, column);
        };
        let may_be_null = table.column(column).ok_or_else(|| no_such_column(table, column))?.nullable;
        w.push(match (may_be_null, rows) {
            (true, MarkedRows::Others) => " IS NULL",
            (true, MarkedRows::Deleted) => " IS NOT NULL",
            (false, MarkedRows::Others) => " = FALSE",
            (false, MarkedRows::Deleted) => " = TRUE",
        });
        Ok(())
    }
}

impl Join {
    /// The conditions that belong to the joined source in a statement about these rows.
    pub(super) fn marks(&self, w: &mut SqlWriter<'_>, rows: DeletedRows) -> Vec<Mark> {
        let own = match self.deleted {
            DeletedRows::AsAround => rows,
            own => own,
        };
        self.source.table_ref().map_or_else(Vec::new, |table| marks(w, own, table, Place::Joined))
    }
}

/// The conditions of some sources that must hold before those of `join` are joined by it; `waiting` are those before it.
///
/// An outer join makes rows without one side or the other, and what is left out must be left out before that: so the conditions of what
/// may be absent are part of the join's own, and those of the rows that stay wait for the next such join, or WHERE.
pub(super) fn on_join(kind: JoinKind, own: Vec<Mark>, waiting: &mut Vec<Mark>) -> Vec<Mark> {
    match kind {
        JoinKind::Inner | JoinKind::Left => own,
        JoinKind::Right => std::mem::replace(waiting, own),
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

/// The same in a subquery of their table alone.
pub(super) fn render_bare_marks(w: &mut SqlWriter<'_>, marks: &[Mark]) -> Result<()> {
    let mut before = " WHERE ";
    for mark in marks {
        w.push(before);
        mark.render_bare(w)?;
        before = " AND ";
    }
    Ok(())
}
