//! SELECT.

use super::{ColumnRef, Compiled, Expr, Limit, OrderTerm, Precedence, SqlWriter, TableRef, Verb, order};
use crate::dialect::Dialect;
use crate::error::Result;

/// A SELECT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// What is selected.
    pub items: Vec<Item>,
    /// From where.
    pub from: TableRef,
    /// Which rows.
    pub filter: Option<Expr>,
    /// In which order.
    pub order_by: Vec<OrderTerm>,
    /// How many.
    pub limit: Limit,
}

/// Something selected.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Every column of a table's model, in its order.
    Table(TableRef),
    /// An expression.
    Expr(Expr),
}

impl Select {
    /// Every column and row of a table.
    pub fn all_of(table: TableRef) -> Select {
        Select {
            items: vec![Item::Table(table)],
            from: table,
            filter: None,
            order_by: Vec::new(),
            limit: Limit::default(),
        }
    }

    /// Narrows the rows down: this condition must hold as well.
    pub fn add_filter(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
    }

    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// What can't be said in this dialect, or is not part of the statement.
    pub fn compile<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        self.render(&mut w)?;
        w.finish(Verb::Select, Some(self.from.table))
    }

    /// The statement that counts the rows this one selects.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub fn compile_count<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        if self.limit.is_empty() {
            w.push("SELECT count(*)");
            self.render_source(&mut w)?;
        } else {
            // The limit counts rows, so the rows are limited first and then counted.
            w.push("SELECT count(*) FROM (SELECT 1");
            self.render_source(&mut w)?;
            w.dialect().limit(&mut w, &self.limit)?;
            w.push(") AS ").ident("counted");
        }
        w.finish(Verb::Select, Some(self.from.table))
    }

    /// The statement that returns a row where this one selects any.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub fn compile_exists<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        w.push("SELECT 1");
        self.render_source(&mut w)?;
        let mut limit = self.limit;
        limit.at_most(1);
        w.dialect().limit(&mut w, &limit)?;
        w.finish(Verb::Select, Some(self.from.table))
    }

    fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.push("SELECT ");
        w.open_scope(self.from);
        w.commas(&self.items, |w, item| item.render(w))?;
        self.render_from(w)?;
        order::render(w, &self.order_by)?;
        w.dialect().limit(w, &self.limit)
    }

    fn render_source<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.open_scope(self.from);
        self.render_from(w)
    }

    fn render_from<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.push(" FROM ");
        self.from.render(w);
        render_filter(w, self.filter.as_ref())
    }
}

impl Item {
    fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self {
            Item::Table(table) => {
                let columns = 0..u16::try_from(table.table.columns.len()).unwrap_or(u16::MAX);
                w.commas(columns, |w, index| {
                    let column = ColumnRef { table: *table, index };
                    w.dialect().select_column(w, column)
                })
            }
            Item::Expr(expr) => w.expr(expr, Precedence::Lowest),
        }
    }
}

/// ` WHERE …`
pub(super) fn render_filter<'a>(w: &mut SqlWriter<'a>, filter: Option<&'a Expr>) -> Result<()> {
    let Some(filter) = filter else { return Ok(()) };
    w.push(" WHERE ");
    w.expr(filter, Precedence::Lowest)
}
