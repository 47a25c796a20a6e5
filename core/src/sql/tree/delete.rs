//! DELETE.

use super::returning;
use super::select_core::Item;
use super::target::Target;
use crate::dialect::JoinedWrites;
use crate::error::Result;
use crate::sql::render::{Compiled, Destination, SqlWriter, Verb};

/// A DELETE statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// Which rows of which table.
    pub(in crate::sql) rows: Target,
    /// What comes back of each row, as it was; `None` where the statement returns no rows.
    pub(in crate::sql) returning: Vec<Item>,
}

impl Delete {
    /// A DELETE that returns nothing.
    pub fn new(rows: Target) -> Delete {
        Delete { rows, returning: Vec::new() }
    }

    /// Which rows of which table.
    pub fn target(&self) -> &Target {
        &self.rows
    }

    /// The same, to be narrowed down.
    pub fn target_mut(&mut self) -> &mut Target {
        &mut self.rows
    }

    /// What comes back of each row.
    pub fn returning(&self) -> &[Item] {
        &self.returning
    }

    /// Returns this of each row.
    pub fn set_returning(&mut self, items: Vec<Item>) {
        self.returning = items;
    }

    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// What can't be said in this dialect, or is not part of the statement.
    pub fn compile<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        let rows = &self.rows;
        rows.check()?;
        let mut w = SqlWriter::new(to);
        let dialect = w.dialect();
        w.begin_write(rows.table);
        w.begin_about(rows.deleted);
        rows.render_with(&mut w)?;
        w.enter_table(rows.table_ref());
        // A DELETE with joins returns nothing, where there is one.
        let joins = dialect.capabilities().joined_writes == JoinedWrites::Join && self.returning.is_empty();
        if joins && !rows.joins.is_empty() {
            rows.enter_joined(&mut w)?;
            w.push("DELETE ").table(rows.table).push(" FROM ");
            rows.render_with_joins(&mut w)?;
            rows.render_filter(&mut w)?;
        } else {
            w.push("DELETE FROM ").table(rows.table);
            rows.render_where(&mut w)?;
        }
        returning::render(&mut w, rows, &self.returning, dialect.capabilities().delete_returning)?;
        w.finish(Verb::Delete, Some(rows.table))
    }
}
