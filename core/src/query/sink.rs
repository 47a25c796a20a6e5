//! Where rows go.

use std::ops::ControlFlow;

use super::query::Decode;
use crate::driver::{Row, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Table;

/// Collects every row.
pub(crate) struct Collect<R> {
    decode: Decode<R>,
    rows: Vec<R>,
}

impl<R> Collect<R> {
    pub(crate) fn new(decode: Decode<R>) -> Collect<R> {
        Collect { decode, rows: Vec::new() }
    }

    pub(crate) fn into_rows(self) -> Vec<R> {
        self.rows
    }
}

impl<R: Send> RowSink for Collect<R> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.rows.push((self.decode)(&mut RowReader::new(row))?);
        Ok(ControlFlow::Continue(()))
    }
}

/// The row, if there is one and no more.
pub(super) fn at_most_one<R>(rows: Vec<R>, table: &'static Table) -> Result<Option<R>> {
    let mut rows = rows.into_iter();
    let row = rows.next();
    match rows.next() {
        None => Ok(row),
        Some(_) => Err(Error::new(
            ErrorKind::MultipleFound,
            "more than one row was found where one was asked for; use `first` or `all`",
        )
        .with_table(table.name)),
    }
}
