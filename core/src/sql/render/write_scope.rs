//! What is different about the parts of a statement that writes.

use super::writer::SqlWriter;
use crate::error::Result;
use crate::schema::Table;
use crate::sql::tree::{Cte, DeletedRows, TableRef};

/// What is different about the parts of a statement that writes.
#[derive(Default)]
pub(in crate::sql) struct Writing<'a> {
    /// The table whose rows it changes.
    changed: Option<&'static Table>,
    /// Subqueries that are written where they are used, because the statement can't name them first.
    inlined: &'a [Cte],
    /// The names of those that mean something else in the subquery that is being written.
    hidden: Vec<&'static str>,
    /// A table of which values are read from a copy, and the copy's name.
    copy: Option<(TableRef, &'static str)>,
    /// The table before the name of each column that is set, where other sources may have one of that name.
    target: Option<TableRef>,
    /// Inside how many subqueries that lock rows.
    locking: usize,
    /// Whether the row that an upsert would insert is one of a source.
    proposed: bool,
    /// Which rows that are marked as deleted the statement, or the subquery that is being written, is about.
    deleted: DeletedRows,
}

impl<'a> SqlWriter<'a> {
    /// Says that the statement changes rows of this table.
    pub(in crate::sql) fn begin_write(&mut self, table: &'static Table) {
        self.writing.changed = Some(table);
    }

    /// Whether the conditions that are being written say which rows an UPDATE or a DELETE changes, and stand in no subquery.
    pub fn finds_rows_to_write(&self) -> bool {
        self.writing.changed.is_some() && !self.is_nested()
    }

    /// These are written where they are used.
    pub(in crate::sql) fn inline(&mut self, ctes: &'a [Cte]) {
        self.writing.inlined = ctes;
    }

    /// The subqueries that must be named before one that is written where it is used: those up to it.
    fn inlined(&self, name: &str) -> Option<&'a [Cte]> {
        if self.writing.hidden.contains(&name) {
            return None;
        }
        let index = self.writing.inlined.iter().position(|cte| cte.name == name)?;
        self.writing.inlined.get(..=index)
    }

    /// Hides, in what `write` writes, those of the statement's subqueries whose names others have there.
    pub(in crate::sql) fn hiding(&mut self, ctes: &[Cte], write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let before = self.writing.hidden.len();
        if !self.writing.inlined.is_empty() {
            self.writing.hidden.extend(ctes.iter().map(|cte| cte.name));
        }
        write(self)?;
        self.writing.hidden.truncate(before);
        Ok(())
    }

    /// Writes a subquery that has a name, as a source.
    pub(in crate::sql) fn cte(&mut self, name: &'static str) -> Result<()> {
        let Some(ctes) = self.inlined(name) else {
            self.ident(name);
            return Ok(());
        };
        let all = std::mem::take(&mut self.writing.inlined);
        self.push("(");
        crate::sql::tree::cte::render(self, ctes)?;
        self.push("SELECT * FROM ").ident(name).push(") AS ").ident(name);
        self.writing.inlined = all;
        Ok(())
    }

    /// Whether this is the table that the statement changes, in a subquery that only reads it.
    pub(in crate::sql) fn reads_changed(&self, table: TableRef) -> bool {
        self.writing.locking == 0
            && self.is_nested()
            && self.writing.changed.is_some_and(|changed| changed.is_same_table(table.table))
    }

    /// What `write` writes locks the rows that it finds.
    pub(in crate::sql) fn locking(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.writing.locking += 1;
        write(self)?;
        self.writing.locking -= 1;
        Ok(())
    }

    /// In what `write` writes, the row that an upsert would insert is one of a source that is called `excluded`.
    ///
    /// # Errors
    /// What `write` says.
    pub fn proposing(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.writing.proposed = true;
        write(self)?;
        self.writing.proposed = false;
        Ok(())
    }

    /// Whether the row that an upsert would insert is one of a source, for a database that has another way to name it.
    pub fn is_proposing(&self) -> bool {
        self.writing.proposed
    }

    /// What `write` writes is about these rows.
    pub(in crate::sql) fn about(
        &mut self,
        rows: DeletedRows,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let around = self.begin_about(rows);
        write(self)?;
        self.writing.deleted = around;
        Ok(())
    }

    /// What follows is about these rows. Returns what the statement was about before.
    pub(in crate::sql) fn begin_about(&mut self, rows: DeletedRows) -> DeletedRows {
        let own = rows.within(self.writing.deleted);
        std::mem::replace(&mut self.writing.deleted, own)
    }

    /// Which rows that are marked as deleted the statement that is being written is about.
    pub(in crate::sql) fn deleted_rows(&self) -> DeletedRows {
        self.writing.deleted
    }

    /// In what `write` writes, columns of `table` are those of its copy.
    pub(in crate::sql) fn reading_copy(
        &mut self,
        table: TableRef,
        copy: &'static str,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.writing.copy = Some((table, copy));
        write(self)?;
        self.writing.copy = None;
        Ok(())
    }

    /// The name before a column of this table.
    pub(super) fn name_of(&self, table: TableRef) -> &'static str {
        match self.writing.copy {
            Some((copied, copy)) if copied.is_same_source(table) => copy,
            _ => table.name(),
        }
    }

    /// From here on the columns that are set have their table before them.
    pub(in crate::sql) fn qualify_targets(&mut self, table: TableRef) {
        self.writing.target = Some(table);
    }

    /// Writes the name of a column that is set.
    pub(in crate::sql) fn target(&mut self, column: &str) {
        if let Some(table) = self.writing.target {
            self.ident(table.name()).push(".");
        }
        self.ident(column);
    }
}
