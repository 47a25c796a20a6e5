//! A table as a statement names it.

use super::marks::{Mark, render_bare_marks};
use crate::dialect::Support;
use crate::error::Result;
use crate::schema::Table;
use crate::sql::expr::ColumnRef;
use crate::sql::render::SqlWriter;

/// A table in a statement, perhaps under another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableRef {
    /// The table.
    pub table: &'static Table,
    /// The name it has in the statement, if not its own.
    pub alias: Option<&'static str>,
}

impl TableRef {
    /// The table under its own name.
    pub fn new(table: &'static Table) -> TableRef {
        TableRef { table, alias: None }
    }

    /// The name by which columns refer to it.
    pub fn name(&self) -> &'static str {
        self.alias.unwrap_or(self.table.name)
    }

    /// Whether both are one source of a statement: one table under one name, whichever models describe it.
    pub fn is_same_source(&self, other: TableRef) -> bool {
        self.alias == other.alias && self.table.is_same_table(other.table)
    }

    /// The index here of a column of a statement, where it is one of this source.
    pub fn place_of(&self, column: ColumnRef) -> Option<u16> {
        if !self.is_same_source(column.table) {
            return None;
        }
        self.table.place_of(column.index, column.table.table)
    }

    /// The indexes of its columns.
    pub fn places(&self) -> std::ops::Range<u16> {
        0..u16::try_from(self.table.columns.len()).unwrap_or(u16::MAX)
    }

    /// Writes it as a source of rows. Where the statement changes the table, and the database does not read it in every kind of
    /// subquery, it does in a subquery inside that. With conditions, it is a subquery of the rows for which they hold.
    pub(super) fn render_source(&self, w: &mut SqlWriter<'_>, marks: &[Mark]) -> Result<()> {
        let needs_own = w.reads_changed(*self) && w.dialect().capabilities().reads_changed_table != Support::Native;
        if marks.is_empty() && !needs_own {
            self.render(w);
            return Ok(());
        }
        w.push("(SELECT * FROM ").table(self.table);
        render_bare_marks(w, marks)?;
        w.push(") AS ").ident(self.name());
        Ok(())
    }

    /// `"users"`, `"users" AS "u"`
    pub(in crate::sql) fn render(&self, w: &mut SqlWriter<'_>) {
        w.table(self.table);
        if let Some(alias) = self.alias {
            w.push(" AS ").ident(alias);
        }
    }
}
