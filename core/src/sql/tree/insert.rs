//! INSERT.

use std::fmt;
use std::sync::Arc;

use super::on_conflict::OnConflict;
use super::select::Select;
use super::table::TableRef;
use super::update::Assignment;
use crate::dialect::Support;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Table};
use crate::sql::check::{check_type, no_such_column, to_store};
use crate::sql::expr::ColumnRef;
use crate::sql::render::{Binds, Compiled, Destination, Ident, SqlWriter, Verb, write_sql};
use crate::types::{BindSource, ColumnType};

/// An INSERT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// Into which table.
    pub(in crate::sql) table: &'static Table,
    /// Into which columns, by their index in the table; none where the row is of nothing but defaults, and only there.
    pub(in crate::sql) columns: Vec<u16>,
    /// Which rows.
    pub(in crate::sql) rows: Rows,
    /// Columns among `columns` whose value is computed by the database, alike for every row.
    pub(in crate::sql) computed: Vec<Assignment>,
    /// What becomes of rows whose key is there already; an error without it.
    pub(in crate::sql) conflict: Option<OnConflict>,
    /// What comes back.
    pub(in crate::sql) returning: Returning,
}

/// The rows of an INSERT.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// So many rows, whose values come from a [`BindSource`]: they stay where they are and are not copied into the tree.
    Bound(usize),
    /// One row of defaults only.
    Default,
    /// The rows that a SELECT yields, whose columns are in the order of the INSERT's.
    Select(Box<Select>),
}

/// What an INSERT returns of each row that it wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Returning {
    /// Nothing.
    #[default]
    Nothing,
    /// These columns, by their index in the table.
    Columns(Vec<u16>),
    /// These columns, and after them whether the row is new, where the database can say it.
    Marked(Vec<u16>),
}

impl Insert {
    /// A number of rows of these columns, without any other clause. Without columns it is one row of nothing but defaults: databases
    /// have no statement of several.
    pub fn new(table: &'static Table, columns: Vec<u16>, rows: usize) -> Insert {
        let rows = if columns.is_empty() { Rows::Default } else { Rows::Bound(rows) };
        Insert { table, columns, rows, computed: Vec::new(), conflict: None, returning: Returning::Nothing }
    }

    /// The rows that a SELECT yields, for these columns in this order.
    pub fn of_select(table: &'static Table, columns: Vec<u16>, select: Select) -> Insert {
        Insert { rows: Rows::Select(Box::new(select)), ..Insert::new(table, columns, 0) }
    }

    /// Into which table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// Into which columns, by their index in the table; none where the row is of nothing but defaults, and only there.
    pub fn columns(&self) -> &[u16] {
        &self.columns
    }

    /// Which rows.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// What is written to those of the columns whose value the database computes, alike for every row.
    pub fn computed(&self) -> &[Assignment] {
        &self.computed
    }

    /// Has the database compute the values of some of the columns.
    pub fn set_computed(&mut self, computed: Vec<Assignment>) {
        self.computed = computed;
    }

    /// What becomes of rows whose key is there already; an error without it.
    pub fn conflict(&self) -> Option<&OnConflict> {
        self.conflict.as_ref()
    }

    /// Makes it an upsert, which does this about rows whose key is there already.
    pub fn set_conflict(&mut self, conflict: OnConflict) {
        self.conflict = Some(conflict);
    }

    /// What comes back of each row.
    pub fn returning(&self) -> &Returning {
        &self.returning
    }

    /// Returns this of each row.
    pub fn set_returning(&mut self, returning: Returning) {
        self.returning = returning;
    }

    /// The statement in a dialect's SQL, with the values of `source`.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit;
    /// [`Syntax`](crate::ErrorKind::Syntax) where it computes a column that is none of its own, or takes no column of a SELECT; what
    /// can't be said in this dialect.
    pub fn compile<'a>(&'a self, to: impl Into<Destination<'a>>, source: &'a dyn BindSource) -> Result<Compiled<'a>> {
        self.check()?;
        let to = to.into();
        self.check_tenant(&to, source)?;
        let mut w = SqlWriter::new(to);
        let dialect = w.dialect();
        w.push("INSERT INTO ").table(self.table);
        match &self.rows {
            Rows::Default => _ = w.push(dialect.capabilities().words.default_row),
            Rows::Bound(count) => {
                self.render_columns(&mut w)?;
                dialect.syntax().insert_rows(&mut w, &BoundRows { insert: self, source, count: *count })?;
            }
            Rows::Select(select) => {
                self.render_columns(&mut w)?;
                dialect.syntax().insert_select(&mut w, self, select)?;
            }
        }
        if let Some(conflict) = &self.conflict {
            self.render_conflict(&mut w, conflict)?;
        }
        w.enter_table(TableRef::new(self.table));
        self.returning.render(&mut w, self.table)?;
        w.finish(self.verb(), Some(self.table))
    }

    /// The types of a row's values, where the values of a compiled statement are those of its rows, row by row as in VALUES, and
    /// nothing else: its text is then that of any rows with values of these types.
    pub(in crate::sql) fn row_types(&self, compiled: &Compiled<'_>) -> Option<Vec<ColumnType>> {
        let Rows::Bound(rows) = self.rows else { return None };
        let types: Vec<ColumnType> = compiled.binds.types().take(self.columns.len()).collect();
        // What is computed replaces a value.
        let is_of_rows = self.computed.is_empty() && compiled.binds.len() == rows.saturating_mul(self.columns.len());
        let mut in_turn = compiled.binds.types().zip(types.iter().cycle());
        (is_of_rows && !compiled.own_text && in_turn.all(|(ty, first)| ty == *first)).then_some(types)
    }

    /// The statement with the text of an equal one whose rows have values of these types; `None` where these rows have others.
    ///
    /// # Errors
    /// As [`compile`](Insert::compile).
    pub(in crate::sql) fn compile_known<'a>(
        &self,
        to: Destination<'_>,
        source: &'a dyn BindSource,
        text: &Arc<str>,
        types: &[ColumnType],
    ) -> Result<Option<Compiled<'a>>> {
        let Rows::Bound(rows) = self.rows else { return Ok(None) };
        self.check_tenant(&to, source)?;
        let dialect = to.dialect();
        let definition = |(&index, &ty)| -> Result<(u16, &'static ColumnDef, ColumnType)> {
            let column = self.table.column(index).ok_or_else(|| no_such_column(self.table, index))?;
            check_type(dialect, column.ty)?;
            Ok((index, column, ty))
        };
        let columns = self.columns.iter().zip(types).map(definition).collect::<Result<Vec<_>>>()?;
        let mut binds = Binds::with_capacity(rows.saturating_mul(columns.len()));
        let mut long = Vec::new();
        for row in 0..rows {
            for &(index, column, ty) in &columns {
                match to_store(dialect, self.table, column, source.value(row, index)) {
                    Ok(bind) if bind.ty == ty => {
                        if bind.is_long() {
                            long.push((binds.len(), column));
                        }
                        binds.push(bind);
                    }
                    Ok(_) => return Ok(None),
                    Err(error) => return Err(error.with_row(row)),
                }
            }
        }
        let text = Arc::clone(text);
        let mut compiled =
            Compiled { table: Some(self.table), verb: self.verb(), long, ..Compiled::from_text(text, binds) };
        dialect.syntax().finish(&mut compiled);
        Ok(Some(compiled))
    }

    /// Refuses what would otherwise be left out.
    fn check(&self) -> Result<()> {
        if self.columns.is_empty() && self.rows != Rows::Default {
            return Err(misuse("the rows of a SELECT are inserted into no column".into(), self.table));
        }
        match self.computed.iter().find(|assignment| !self.columns.contains(&assignment.column)) {
            None => Ok(()),
            Some(assignment) => {
                let column = self.table.column(assignment.column).map_or("a column", |column| column.name);
                Err(misuse(format!("{column} is computed, and is no column of the INSERT"), self.table))
            }
        }
    }

    fn verb(&self) -> Verb {
        if self.conflict.is_some() { Verb::Upsert } else { Verb::Insert }
    }

    fn render_columns(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        write_sql!(w, " (", w.commas(self.table.column_names(&self.columns), |w, name| w.write(Ident(name))), ")")
    }

    /// A row of defaults only has a key of the database's making, which clashes with none.
    fn render_conflict<'a>(&'a self, w: &mut SqlWriter<'a>, conflict: &'a OnConflict) -> Result<()> {
        conflict.check(self)?;
        if self.rows == Rows::Default {
            return Ok(());
        }
        w.open_scope();
        w.syntax().on_conflict(w, self, conflict)?;
        w.close_scope();
        Ok(())
    }
}

/// The rows of an INSERT whose values a [`BindSource`] has, as a dialect writes them.
#[derive(Clone, Copy)]
pub struct BoundRows<'a> {
    /// The statement.
    pub insert: &'a Insert,
    /// Where the values are.
    pub source: &'a dyn BindSource,
    /// How many rows there are.
    pub count: usize,
}

impl<'a> BoundRows<'a> {
    /// Writes one row's value for a column: the one that the source has, or the expression that is the same for all.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where the value does not fit.
    pub fn value(&self, w: &mut SqlWriter<'a>, row: usize, column: u16) -> Result<()> {
        let table = self.insert.table;
        match self.computed(column) {
            Some(assignment) => assignment.render_value(w, table),
            None => {
                let stored = w.store(table, column, self.source.value(row, column));
                stored.map_err(|error| error.with_row(row))
            }
        }
    }

    /// What is assigned to this column in every row, where that is an expression.
    pub fn computed(&self, column: u16) -> Option<&'a Assignment> {
        self.insert.computed.iter().find(|assignment| assignment.column == column)
    }
}

impl Returning {
    /// Whether anything comes back.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Returning::Nothing)
    }

    fn render(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        let dialect = w.dialect();
        match self {
            Returning::Nothing => Ok(()),
            Returning::Columns(columns) => render_columns(w, table, columns),
            Returning::Marked(columns) => {
                render_columns(w, table, columns)?;
                let Some(mark) = dialect.capabilities().new_row_mark else {
                    let way_out = "look up which keys are there before the statement";
                    return Err(Error::unsupported(dialect.name(), "saying whether an upserted row is new", way_out));
                };
                w.push(", ").push(mark);
                Ok(())
            }
        }
    }
}

/// ` RETURNING "id", "name"`
fn render_columns(w: &mut SqlWriter<'_>, table: &'static Table, columns: &[u16]) -> Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    if w.dialect().capabilities().insert_returning == Support::Absent {
        let way_out = "select the rows by their keys afterwards";
        return Err(Error::unsupported(w.dialect().name(), "RETURNING", way_out));
    }
    w.push(" RETURNING ");
    let table = TableRef::new(table);
    w.commas(columns, |w, &index| w.syntax().select_column(w, ColumnRef { table, index }))
}

/// Where an expression stands that the statement has no value for.
pub(super) fn misuse(message: String, table: &'static Table) -> Error {
    Error::new(ErrorKind::Syntax, message).with_table(table.name)
}

impl fmt::Debug for BoundRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundRows").field("table", &self.insert.table.name).field("count", &self.count).finish()
    }
}
