//! Statements as they are sent: the rows of a SELECT, their number, whether there are any.

use super::limit::Limit;
use super::select::{Body, Select};
use super::select_core::Labels;
use super::source::Source;
use crate::error::Result;
use crate::sql::check::SelectUse;
use crate::sql::render::{Compiled, Destination, Ident, SqlWriter, Verb, write_sql};

/// The name of a subquery whose rows are counted.
const COUNTED: &str = "counted";

impl Select {
    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// What can't be said in this dialect, or is not part of the statement.
    pub fn compile<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        let mut compiled = self.write(to.into())?.finish(Verb::Select, self.table())?;
        compiled.locks = self.locked_tables();
        if let Body::Plain(plain) = &self.body {
            compiled.items = &plain.items;
            compiled.is_of_one_table = plain.joins.is_empty() && matches!(plain.from, Some(Source::Table(_)));
        }
        Ok(compiled)
    }

    /// The text alone, without what a dialect adds for particular values.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub(crate) fn text<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<String> {
        self.write(to.into())?.finish_text()
    }

    fn write<'a>(&'a self, to: Destination<'a>) -> Result<SqlWriter<'a>> {
        self.check(SelectUse::Statement)?;
        let mut w = SqlWriter::new(to);
        self.render(&mut w, Labels::None)?;
        Ok(w)
    }

    /// The statement that counts the rows this one selects.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub fn compile_count<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        self.check(SelectUse::Count)?;
        let mut w = SqlWriter::new(to);
        match &self.body {
            Body::Plain(plain) if plain.is_row_by_row() && self.limit.is_empty() => {
                super::cte::render(&mut w, &self.with)?;
                plain.enter(&mut w)?;
                w.push("SELECT count(*)");
                w.about(plain.deleted, |w| plain.render_rows(w))?;
            }
            _ => {
                // A limit counts rows, and groups are rows: so there must be rows before they are counted.
                write_sql!(w, "SELECT count(*) FROM (", self.render_rows(&mut w, self.limit), ") AS ", Ident(COUNTED))?;
            }
        }
        w.finish(Verb::Select, self.table())
    }

    /// The statement that returns a row where this one selects any.
    ///
    /// # Errors
    /// As [`compile`](Select::compile).
    pub fn compile_exists<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        self.check(SelectUse::Exists)?;
        let mut w = SqlWriter::new(to);
        let mut first = self.limit;
        first.at_most(1);
        match &self.body {
            Body::Plain(plain) if plain.is_row_by_row() => self.render_rows(&mut w, first)?,
            _ => {
                write_sql!(w, "SELECT 1 FROM (", self.render_rows(&mut w, self.limit), ") AS ", Ident(COUNTED))?;
                let mut first = Limit::default();
                first.at_most(1);
                w.syntax().limit(&mut w, &first)?;
            }
        }
        w.finish(Verb::Select, self.table())
    }

    /// The rows of which only matters whether there are any.
    pub(in crate::sql) fn render_any<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.check(SelectUse::Part)?;
        match &self.body {
            // An aggregate without groups is one row, however many there are: only an EXISTS of related rows is meant so.
            Body::Plain(plain) if plain.counts_all() => {
                w.open_scope();
                plain.enter(w)?;
                w.push("SELECT 1");
                w.about(plain.deleted, |w| plain.render_rows(w))?;
                w.close_scope();
                Ok(())
            }
            _ => self.render_rows(w, self.limit),
        }
    }

    /// The rows of which only the number matters: of plain ones, nothing is selected. The order does
    /// not matter either: a limit cuts off the same number in any.
    fn render_rows<'a>(&'a self, w: &mut SqlWriter<'a>, limit: Limit) -> Result<()> {
        w.open_scope();
        super::cte::render(w, &self.with)?;
        match &self.body {
            Body::Plain(plain) if plain.is_row_by_row() => {
                plain.enter(w)?;
                w.push("SELECT 1");
                w.about(plain.deleted, |w| plain.render_rows(w))?;
            }
            _ => w.about(self.deleted(), |w| self.render_body(w, Labels::Numbered))?,
        }
        w.syntax().limit(w, &limit)?;
        w.close_scope();
        Ok(())
    }
}
