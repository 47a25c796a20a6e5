//! Where rows go.

use std::ops::ControlFlow;

use super::query::Decode;
use super::row_reading::Reading;
use crate::driver::{Need, Row, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;

/// Collects every row.
pub(crate) struct Collect<R> {
    reading: Reading<R>,
    rows: Vec<R>,
}

impl<R> Collect<R> {
    pub(crate) fn new(decode: Decode<R>) -> Collect<R> {
        Collect::reading(Reading::in_order(decode))
    }

    pub(super) fn reading(reading: Reading<R>) -> Collect<R> {
        Collect { reading, rows: Vec::new() }
    }

    pub(crate) fn into_rows(self) -> Vec<R> {
        self.rows
    }
}

impl<R: Send> RowSink for Collect<R> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.rows.push(self.reading.read(row)?);
        Ok(ControlFlow::Continue(()))
    }
}

/// Keeps the first row and leaves the others alone.
pub(in crate::query) struct First<R> {
    reading: Reading<R>,
    row: Option<R>,
}

impl<R> First<R> {
    pub(in crate::query) fn new(decode: Decode<R>) -> First<R> {
        First::reading(Reading::in_order(decode))
    }

    pub(super) fn reading(reading: Reading<R>) -> First<R> {
        First { reading, row: None }
    }

    /// The first row, if there is any.
    pub(in crate::query) fn into_row(self) -> Option<R> {
        self.row
    }
}

impl<R: Send> RowSink for First<R> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        if self.row.is_none() {
            self.row = Some(self.reading.read(row)?);
        }
        Ok(ControlFlow::Continue(()))
    }

    fn need(&self) -> Need {
        Need::First
    }
}

/// Keeps the first row and counts the others.
pub(super) struct Only<R> {
    reading: Reading<R>,
    row: Option<R>,
    others: usize,
}

impl<R> Only<R> {
    pub(super) fn reading(reading: Reading<R>) -> Only<R> {
        Only { reading, row: None, others: 0 }
    }

    /// The row, if there is one and no more.
    pub(super) fn into_row(self, table: Option<&'static Table>) -> Result<Option<R>> {
        if self.others == 0 { Ok(self.row) } else { Err(more_than_one(table)) }
    }
}

impl<R: Send> RowSink for Only<R> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        match self.row {
            None => self.row = Some(self.reading.read(row)?),
            Some(_) => self.others += 1,
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// There are several rows where one was asked for.
#[cold]
pub(in crate::query) fn more_than_one(table: Option<&'static Table>) -> Error {
    let message = "more than one row was found where one was asked for; use `first` or `all`";
    let error = Error::new(ErrorKind::MultipleFound, message);
    match table {
        Some(table) => error.with_table(table.name),
        None => error,
    }
}
