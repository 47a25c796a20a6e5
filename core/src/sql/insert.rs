//! INSERT.

use super::{Compiled, SqlWriter, TableRef, Verb};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::Table;
use crate::types::ValueRef;

/// An INSERT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// Into which table.
    pub table: &'static Table,
    /// Into which columns, by their place in the table.
    pub columns: Vec<u16>,
    /// Which rows.
    pub rows: Rows,
    /// Which columns come back, by their place in the table; none where the statement returns no rows.
    pub returning: Vec<u16>,
}

/// The rows of an INSERT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// So many rows, whose values come from a [`BindSource`]: they stay where they are and are not copied into the tree.
    Bound(usize),
    /// One row of nothing but defaults.
    Default,
}

/// Where the values of rows come from.
pub trait BindSource: Sync {
    /// The value of a column, by its place in the table, in a row.
    fn value(&self, row: usize, column: u16) -> ValueRef<'_>;
}

impl Insert {
    /// The statement in a dialect's SQL, with the values of `source`.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit; what can't be said
    /// in this dialect.
    pub fn compile<'a>(&'a self, dialect: &'a dyn Dialect, source: &'a dyn BindSource) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        w.enter_table(TableRef::new(self.table));
        w.push("INSERT INTO ").table(self.table);
        match self.rows {
            Rows::Default => dialect.insert_default_row(&mut w),
            Rows::Bound(rows) => self.render_rows(&mut w, source, rows)?,
        }
        dialect.returning(&mut w, self.table, &self.returning)?;
        w.finish(Verb::Insert, Some(self.table))
    }

    fn render_rows<'a>(&'a self, w: &mut SqlWriter<'a>, source: &'a dyn BindSource, rows: usize) -> Result<()> {
        w.push(" (");
        w.commas(self.table.column_names(&self.columns), |w, name| {
            w.ident(name);
            Ok(())
        })?;
        w.push(") VALUES ");
        w.commas(0..rows, |w, row| {
            w.push("(");
            w.commas(&self.columns, |w, &column| w.store(self.table, column, source.value(row, column)))?;
            w.push(")");
            Ok(())
        })
    }
}
