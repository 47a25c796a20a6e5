//! An UPDATE of many rows, each with values of its own.

use super::assignment_order;
use super::deleted::DeletedRows;
use super::given_rows::GivenRows;
use super::marks::{Place, marks, render_marks};
use super::table::TableRef;
use super::update::Assignment;
use crate::dialect::JoinedWrites;
use crate::error::Result;
use crate::schema::Table;
use crate::sql::BindSource;
use crate::sql::check::check_rewritten;
use crate::sql::render::{Compiled, Destination, SqlWriter, Verb};

/// An UPDATE of many rows, each with values of its own, found by the primary key, and by the version where the table has one. The
/// values come from a [`BindSource`].
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateEach {
    /// Which table.
    pub table: &'static Table,
    /// Which columns each row has a value for, by their index in the table; none of the primary key, and not the version.
    pub columns: Vec<u16>,
    /// What is written to all rows alike.
    pub defaults: Vec<Assignment>,
    /// How many rows.
    pub rows: usize,
    /// Which rows that are marked as deleted are written.
    pub deleted: DeletedRows,
}

/// The name of the values, as a source.
const GIVEN: [&str; 2] = ["given", "given_rows"];

impl UpdateEach {
    /// The statement in a dialect's SQL, with the values of `source`.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
    pub fn compile<'a>(&'a self, to: impl Into<Destination<'a>>, source: &'a dyn BindSource) -> Result<Compiled<'a>> {
        check_rewritten(self.table, self.columns.iter().copied())?;
        self.compile_replacing(to, source)
    }

    /// The same for rows that take the place of others with their keys: columns that only the INSERT of a row writes are theirs.
    pub(crate) fn compile_replacing<'a>(
        &'a self,
        to: impl Into<Destination<'a>>,
        source: &'a dyn BindSource,
    ) -> Result<Compiled<'a>> {
        let to = to.into();
        self.check_tenant(&to, source)?;
        let table = self.table;
        let given = GIVEN.into_iter().find(|name| !name.eq_ignore_ascii_case(table.name)).unwrap_or("given");
        let rows = GivenRows { statement: self, source, name: given };
        let mut w = SqlWriter::new(to);
        let dialect = w.dialect();
        w.begin_write(table);
        w.enter_table(TableRef::new(table));
        w.push("UPDATE ");
        match dialect.capabilities().joined_writes {
            // An outer join, so that the database looks each row up by its key: where it read the table instead, as it likes to do
            // with few rows, it would lock all of them.
            JoinedWrites::Join => {
                dialect.syntax().given_rows(&mut w, &rows)?;
                w.push(" LEFT JOIN ").table(table);
                w.push(" ON ");
                self.render_keys(&mut w, given)?;
                w.qualify_targets(TableRef::new(table));
                self.render_assignments(&mut w, given)?;
            }
            JoinedWrites::FromClause => {
                w.table(table);
                self.render_assignments(&mut w, given)?;
                w.push(" FROM ");
                dialect.syntax().given_rows(&mut w, &rows)?;
                w.push(" WHERE ");
                self.render_keys(&mut w, given)?;
            }
        }
        w.finish(Verb::Update, Some(table))
    }

    /// The columns that come with each row, by their index in the table: first those by which it is found.
    pub fn given(&self) -> impl Iterator<Item = u16> {
        self.table.matched().chain(self.columns.iter().copied())
    }

    /// How many values one row has.
    pub fn width(&self) -> usize {
        self.given().count()
    }

    fn render_keys(&self, w: &mut SqlWriter<'_>, given: &'static str) -> Result<()> {
        let columns = self.table.matched().filter_map(|index| self.table.column(index));
        for (name, number) in columns.map(|column| column.name).zip(1..) {
            w.push(if number > 1 { " AND " } else { "" }).ident(self.table.name).push(".").ident(name);
            w.push(" = ").ident(given).push(".").ident(&c(number));
        }
        let marks = marks(w, self.deleted, TableRef::new(self.table), Place::First);
        w.begin_qualified();
        render_marks(w, &marks, " AND ")?;
        w.end_qualified();
        Ok(())
    }

    fn render_assignments<'a>(&'a self, w: &mut SqlWriter<'a>, given: &'static str) -> Result<()> {
        w.push(" SET ");
        let first = self.table.matched().count() + 1;
        w.commas(self.table.column_names(&self.columns).into_iter().zip(first..), |w, (column, number)| {
            w.target(column);
            w.push(" = ").ident(given).push(".").ident(&c(number));
            Ok(())
        })?;
        if !self.defaults.is_empty() && !self.columns.is_empty() {
            w.push(", ");
        }
        // The rows that are given may have a column of the same name.
        w.begin_qualified();
        assignment_order::as_given(w, self.table, &self.defaults)?;
        w.end_qualified();
        Ok(())
    }
}

/// The name of a column of the values.
fn c(number: usize) -> String {
    format!("c{number}")
}
