//! UPDATE.

use super::plain::render_filter;
use super::writer::{check_stored, no_such_column};
use super::{Compiled, Expr, SqlWriter, TableRef, Verb};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::Table;

/// An UPDATE statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Which table.
    pub table: &'static Table,
    /// What is written. Every value sees the row as it was.
    pub assignments: Vec<Assignment>,
    /// Which rows.
    pub filter: Option<Expr>,
}

/// A column and what is written to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The column, by its place in the table.
    pub column: u16,
    /// The value.
    pub value: Expr,
}

impl Update {
    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit; what can't be said
    /// in this dialect.
    pub fn compile<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        w.enter_table(TableRef::new(self.table));
        w.push("UPDATE ").table(self.table).push(" SET ");
        dialect.assignments(&mut w, self.table, &self.assignments)?;
        render_filter(&mut w, self.filter.as_ref())?;
        w.finish(Verb::Update, Some(self.table))
    }
}

impl Assignment {
    /// What every UPDATE of a table writes, made now.
    pub fn defaults(table: &'static Table) -> Vec<Assignment> {
        let stored =
            |(column, value)| Some(Assignment { column, value: Expr::stored(value, table.column(column)?.ty) });
        table.update_defaults().filter_map(stored).collect()
    }

    /// `"price" = …`
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit.
    pub fn render<'a>(&'a self, w: &mut SqlWriter<'a>, table: &'static Table) -> Result<()> {
        let column = table.column(self.column).ok_or_else(|| no_such_column(table, self.column))?;
        w.ident(column.name).push(" = ");
        self.render_value(w, table)
    }

    /// The value alone, as the column takes it.
    ///
    /// # Errors
    /// As [`render`](Assignment::render).
    pub fn render_value<'a>(&'a self, w: &mut SqlWriter<'a>, table: &'static Table) -> Result<()> {
        if let Expr::Bind { value, .. } = &self.value {
            check_stored(w.dialect(), table, self.column, value)?;
        }
        let column = table.column(self.column).ok_or_else(|| no_such_column(table, self.column))?;
        w.dialect().assigned(w, column, &self.value)
    }

    /// Whether the value reads a column, by its place in `table`.
    pub fn reads(&self, table: &'static Table, column: u16) -> bool {
        self.value
            .any(&mut |expr| matches!(expr, Expr::Column(read) if read.index == column && read.table.table == table))
    }
}
