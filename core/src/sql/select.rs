//! SELECT.

use super::{ColumnRef, Compiled, Expr, Limit, OrderTerm, Precedence, Repeats, SqlWriter, TableRef, Verb, order};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;

/// A SELECT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// What is selected.
    pub items: Vec<Item>,
    /// Whether equal rows count once.
    pub repeats: Repeats,
    /// From where.
    pub from: Option<TableRef>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// What makes rows one group.
    pub group_by: Vec<Expr>,
    /// Which groups.
    pub having: Option<Expr>,
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

/// How the items of a SELECT are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    /// As they are.
    None,
    /// Each under a name of its own, as a subquery must have them.
    Numbered,
}

impl Select {
    /// Every column and row of a table.
    pub fn all_of(table: TableRef) -> Select {
        Select { from: Some(table), ..Select::of(vec![Item::Table(table)]) }
    }

    /// Some items, from the table of the first column among them.
    pub fn of(items: Vec<Item>) -> Select {
        Select {
            from: items.iter().find_map(Item::table),
            items,
            repeats: Repeats::Kept,
            filter: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            limit: Limit::default(),
        }
    }

    /// The table that rows come from.
    pub fn table(&self) -> Option<&'static Table> {
        self.from.map(|from| from.table)
    }

    /// Narrows the rows down: this condition must hold as well.
    pub fn add_filter(&mut self, condition: Expr) {
        both(&mut self.filter, condition);
    }

    /// Narrows the groups down: this condition must hold as well.
    pub fn add_having(&mut self, condition: Expr) {
        both(&mut self.having, condition);
    }

    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// What can't be said in this dialect, or is not part of the statement.
    pub fn compile<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        self.write(dialect)?.finish(Verb::Select, self.table())
    }

    /// The text alone, without what a dialect adds for particular values.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub(crate) fn text(&self, dialect: &dyn Dialect) -> Result<String> {
        Ok(self.write(dialect)?.into_text())
    }

    /// The statement that counts the rows this one selects.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub fn compile_count<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        if self.is_plain() && self.limit.is_empty() {
            w.push("SELECT count(*)");
            self.open_scope(&mut w);
            self.render_source(&mut w)?;
            return w.finish(Verb::Select, self.table());
        }
        // A limit counts rows, and groups are rows: so there must be rows before they are counted.
        w.push("SELECT count(*) FROM (");
        self.render_rows(&mut w, Labels::Numbered)?;
        dialect.limit(&mut w, &self.limit)?;
        w.push(") AS ").ident("counted");
        w.finish(Verb::Select, self.table())
    }

    /// The statement that returns a row where this one selects any.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub fn compile_exists<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(dialect);
        if self.is_plain() {
            self.render_rows(&mut w, Labels::None)?;
            let mut limit = self.limit;
            limit.at_most(1);
            dialect.limit(&mut w, &limit)?;
            return w.finish(Verb::Select, self.table());
        }
        w.push("SELECT 1 FROM (");
        self.render_rows(&mut w, Labels::Numbered)?;
        dialect.limit(&mut w, &self.limit)?;
        w.push(") AS ").ident("counted");
        let mut limit = Limit::default();
        limit.at_most(1);
        dialect.limit(&mut w, &limit)?;
        w.finish(Verb::Select, self.table())
    }

    /// Whether each row of the source is one row of the result.
    fn is_plain(&self) -> bool {
        let aggregates = |item: &Item| match item {
            Item::Table(_) => false,
            Item::Expr(expr) => expr.any(&mut |part| matches!(part, Expr::Aggregate(_) | Expr::CountRows)),
        };
        self.repeats == Repeats::Kept
            && self.group_by.is_empty()
            && self.having.is_none()
            && !self.items.iter().any(aggregates)
    }

    /// The rows of which only the number matters: of plain ones, nothing is selected.
    fn render_rows<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        if !self.is_plain() {
            return self.render(w, labels);
        }
        w.push("SELECT 1");
        self.open_scope(w);
        self.render_source(w)
    }

    fn write<'a>(&'a self, dialect: &'a dyn Dialect) -> Result<SqlWriter<'a>> {
        let mut w = SqlWriter::new(dialect);
        self.render(&mut w, Labels::None)?;
        order::render(&mut w, &self.order_by)?;
        dialect.limit(&mut w, &self.limit)?;
        Ok(w)
    }

    fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        self.open_scope(w);
        w.push("SELECT ");
        if self.repeats == Repeats::Dropped {
            w.push("DISTINCT ");
        }
        let mut number = 0;
        w.commas(&self.items, |w, item| item.render(w, labels, &mut number))?;
        self.render_source(w)?;
        self.render_groups(w)
    }

    fn open_scope(&self, w: &mut SqlWriter<'_>) {
        if let Some(from) = self.from {
            w.open_scope(from);
        }
    }

    fn render_source<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let Some(from) = self.from else {
            let message = "the statement selects from no table: name one with `.from::<Model>()`";
            return Err(Error::new(ErrorKind::Syntax, message));
        };
        w.push(" FROM ");
        from.render(w);
        render_filter(w, self.filter.as_ref())
    }

    fn render_groups<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        if !self.group_by.is_empty() {
            w.push(" GROUP BY ");
            w.commas(&self.group_by, |w, group| self.render_group(w, group))?;
        }
        let Some(having) = &self.having else { return Ok(()) };
        w.push(" HAVING ");
        w.expr(having, Precedence::Lowest)
    }

    /// An expression with a bound value is named by its place among the items: written twice, it would have two
    /// placeholders, and PostgreSQL would not take them for the same.
    fn render_group<'a>(&'a self, w: &mut SqlWriter<'a>, group: &'a Expr) -> Result<()> {
        let has_value = group.any(&mut |part| matches!(part, Expr::Bind { .. }));
        let selected = |item: &Item| matches!(item, Item::Expr(expr) if expr == group);
        match self.items.iter().position(selected) {
            Some(place) if has_value => {
                let before: usize = self.items.iter().take(place).map(Item::columns).sum();
                w.number(before as u64 + 1);
                Ok(())
            }
            _ => w.expr(group, Precedence::Operand),
        }
    }
}

impl Item {
    /// The table that it, or the first column in it, belongs to.
    fn table(&self) -> Option<TableRef> {
        match self {
            Item::Table(table) => Some(*table),
            Item::Expr(expr) => {
                let mut found = None;
                expr.any(&mut |part| {
                    if let Expr::Column(column) = part {
                        found = Some(column.table);
                    }
                    found.is_some()
                });
                found
            }
        }
    }

    /// How many columns of the result it is.
    fn columns(&self) -> usize {
        match self {
            Item::Table(table) => table.table.columns.len(),
            Item::Expr(_) => 1,
        }
    }

    fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels, number: &mut u64) -> Result<()> {
        let mut label = |w: &mut SqlWriter<'a>| {
            *number += 1;
            if labels == Labels::Numbered {
                w.push(" AS ").ident(&format!("c{number}"));
            }
        };
        match self {
            Item::Table(table) => {
                let columns = 0..u16::try_from(table.table.columns.len()).unwrap_or(u16::MAX);
                w.commas(columns, |w, index| {
                    w.dialect().select_column(w, ColumnRef { table: *table, index })?;
                    label(w);
                    Ok(())
                })
            }
            Item::Expr(Expr::Column(column)) => {
                w.dialect().select_column(w, *column)?;
                label(w);
                Ok(())
            }
            Item::Expr(expr) => {
                w.expr(expr, Precedence::Lowest)?;
                label(w);
                Ok(())
            }
        }
    }
}

/// ` WHERE …`
pub(super) fn render_filter<'a>(w: &mut SqlWriter<'a>, filter: Option<&'a Expr>) -> Result<()> {
    let Some(filter) = filter else { return Ok(()) };
    w.push(" WHERE ");
    w.expr(filter, Precedence::Lowest)
}

fn both(present: &mut Option<Expr>, condition: Expr) {
    *present = Some(match present.take() {
        Some(present) => present.and(condition),
        None => condition,
    });
}
