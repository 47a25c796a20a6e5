//! [`Shape`]: what an INSERT writes, but for the rows.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::query::write::stale::sets_version;
use crate::schema::{Generated, Table};
use crate::sql::{self, Assignment, BindSource, ConflictAction, OnConflict, Returning, Select};

/// What an INSERT writes, but for the rows: no model's type is known here any more.
#[derive(Debug, Clone)]
pub(in crate::query::write) struct Shape {
    pub(in crate::query::write) table: &'static Table,
    pub(in crate::query::write) given: Given,
    /// Columns that are left to the database.
    pub(in crate::query::write) omitted: Vec<u16>,
    /// Columns that an expression is written to.
    pub(in crate::query::write) computed: Vec<Assignment>,
    pub(in crate::query::write) conflict: Option<OnConflict>,
    pub(in crate::query::write) timeout: Option<Duration>,
    /// What is wrong with it, found while it was built; it is said when the statement is rendered.
    pub(in crate::query::write) misuse: Option<String>,
}

/// What rows a statement is given.
#[derive(Debug, Clone)]
pub(in crate::query::write) enum Given {
    /// One.
    One,
    /// A list, in which each has its position.
    Many,
    /// Those that a SELECT yields, for these columns.
    Select { columns: Vec<u16>, select: Box<Select> },
}

impl Shape {
    pub(in crate::query::write) fn new(table: &'static Table, given: Given) -> Shape {
        Shape { table, given, omitted: Vec::new(), computed: Vec::new(), conflict: None, timeout: None, misuse: None }
    }

    /// Every column of the table.
    pub(in crate::query::write) fn all_columns(&self) -> Vec<u16> {
        (0..u16::try_from(self.table.columns.len()).unwrap_or(u16::MAX)).collect()
    }

    /// Leaves a column to the database.
    pub(super) fn omit(&mut self, column: u16) {
        self.computed.retain(|assignment| assignment.column != column);
        self.omitted.push(column);
    }

    /// Writes an expression to a column.
    pub(super) fn set(&mut self, assignment: Assignment) {
        self.omitted.retain(|&column| column != assignment.column);
        self.computed.retain(|earlier| earlier.column != assignment.column);
        self.computed.push(assignment);
    }

    /// Notes the first thing that is wrong with it.
    pub(in crate::query::write) fn misused(&mut self, how: impl Into<String>) {
        self.misuse.get_or_insert(how.into());
    }

    /// Says what is wrong with it.
    pub(in crate::query::write) fn check(&self) -> Result<()> {
        match &self.misuse {
            None => self.check_version().and_then(|()| self.check_key()),
            Some(misuse) => Err(Error::new(ErrorKind::Syntax, misuse.clone()).with_table(self.table.name)),
        }
    }

    /// Refuses an upsert that sets the version of the rows that are there.
    fn check_version(&self) -> Result<()> {
        let Some(OnConflict { action: ConflictAction::Update { assignments, .. }, .. }) = &self.conflict else {
            return Ok(());
        };
        match assignments.iter().find(|assignment| assignment.sets_version(self.table)) {
            None => Ok(()),
            Some(assignment) => Err(sets_version(self.table, assignment.column)),
        }
    }

    /// Refuses to leave a key to the database that it does not make. SQLite would number it, if it is an integer.
    fn check_key(&self) -> Result<()> {
        let is_made = |column: &u16| {
            self.table.column(*column).is_some_and(|column| column.generated != Generated::No || column.nullable)
        };
        // What a SELECT yields is written with the tenant; as one column of several it is no number that SQLite would give.
        let is_tenant = |column: &u16| {
            let is_selected = matches!(self.given, Given::Select { .. });
            is_selected && self.table.tenant == Some(*column) && self.table.primary_key.len() > 1
        };
        let is_missing = |column: &&u16| self.omits(**column) && !is_made(column) && !is_tenant(column);
        match self.table.primary_key.iter().find(is_missing) {
            None => Ok(()),
            Some(column) => {
                let message = "a key is left to the database, and the model says of no way in which it is made";
                let error = Error::new(ErrorKind::NotNullViolation, message).with_table(self.table.name);
                Err(error.with_columns(self.table.column(*column).map(|column| column.name)))
            }
        }
    }

    /// How many rows, from the first one on, the database is to number as it is the first: all of them, or none.
    pub(in crate::query::write) fn numbered_alike(&self, source: &dyn BindSource, count: usize) -> usize {
        let Some(auto) = self.table.auto_column().filter(|auto| !self.omitted.contains(auto)) else { return count };
        if self.computed.iter().any(|assignment| assignment.column == auto) {
            return count;
        }
        let is_numbered = |row| source.value(row, auto).is_unnumbered();
        let first = count > 1 && is_numbered(0);
        (1..count).find(|&row| is_numbered(row) != first).unwrap_or(count)
    }

    /// The column that the database numbers, where it is to do so in this row.
    pub(in crate::query::write) fn numbered(&self, source: &dyn BindSource, row: usize) -> Option<u16> {
        let auto = self.table.auto_column()?;
        if self.omitted.contains(&auto) {
            return Some(auto);
        }
        let is_computed = self.computed.iter().any(|assignment| assignment.column == auto);
        (!is_computed && source.value(row, auto).is_unnumbered()).then_some(auto)
    }

    /// Whether no value is given for a column.
    pub(in crate::query::write) fn omits(&self, column: u16) -> bool {
        match &self.given {
            Given::Select { columns, .. } => !columns.contains(&column),
            Given::One | Given::Many => self.omitted.contains(&column),
        }
    }

    /// The columns that a value is given for, where this one is left to the database.
    pub(super) fn columns(&self, numbered: Option<u16>) -> Vec<u16> {
        let places = 0..u16::try_from(self.table.columns.len()).unwrap_or(u16::MAX);
        places.filter(|column| Some(*column) != numbered && !self.omitted.contains(column)).collect()
    }

    /// Whether a subquery in what is written, or in the condition of an upsert, reads the table itself.
    pub(in crate::query::write) fn reads_itself(&self) -> bool {
        let mut computed = self.computed.iter();
        computed.any(|assignment| assignment.value.selects_from(self.table))
            || self.conflict.as_ref().is_some_and(|conflict| conflict.action.selects_from(self.table))
    }

    /// Whether a row's value for this column is known before it is written.
    pub(in crate::query::write) fn is_known(&self, column: u16) -> bool {
        !self.omitted.contains(&column) && !self.computed.iter().any(|assignment| assignment.column == column)
    }

    /// The statement for `rows` rows of these columns.
    pub(in crate::query::write) fn statement(
        &self,
        columns: Vec<u16>,
        rows: usize,
        returning: Returning,
    ) -> sql::Insert {
        self.complete(sql::Insert::new(self.table, columns, rows), returning)
    }

    /// The statement of what a SELECT yields.
    pub(super) fn of_select(&self, columns: &[u16], select: &Select) -> sql::Insert {
        self.complete(sql::Insert::of_select(self.table, columns.to_vec(), select.clone()), Returning::Nothing)
    }

    fn complete(&self, mut insert: sql::Insert, returning: Returning) -> sql::Insert {
        insert.set_computed(self.computed.clone());
        insert.set_returning(returning);
        if let Some(conflict) = &self.conflict {
            insert.set_conflict(conflict.clone());
        }
        insert
    }

    /// An error that knows a row of a statement, told the row's position in the list that the program gave.
    pub(super) fn locate(&self, error: Error, place: impl Fn(usize) -> usize) -> Error {
        match (&self.given, error.row()) {
            (Given::Many, Some(row)) => error.with_row(place(row)),
            _ => error.without_row(),
        }
    }
}
