//! DELETE.

use super::plain::render_filter;
use super::{Compiled, Expr, SqlWriter, TableRef, Verb};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::Table;

/// A DELETE statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// From which table.
    pub table: &'static Table,
    /// Which rows.
    pub filter: Option<Expr>,
}

impl Delete {
    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// What can't be said in this dialect, or is not part of the statement.
    pub fn compile<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        w.enter_table(TableRef::new(self.table));
        w.push("DELETE FROM ").table(self.table);
        render_filter(&mut w, self.filter.as_ref())?;
        w.finish(Verb::Delete, Some(self.table))
    }
}
