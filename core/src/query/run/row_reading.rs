//! Which columns of a row are read: found once for a whole result.

use std::borrow::Cow;

use super::query::Decode;
use super::query::Query;
use crate::driver::{Row, RowReader};
use crate::error::{Error, ErrorKind, Result};

/// Which columns of a row are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Columns {
    /// From the first one on, in their order.
    InOrder,
    /// The same, and there must be exactly this many.
    Exactly(usize),
    /// Those with these names, in this order.
    Named(Vec<Cow<'static, str>>),
    /// Those at these indexes, in this order.
    At(Vec<usize>),
}

/// Reads rows, one result's after the other.
pub(in crate::query) struct Reading<R> {
    decode: Decode<R>,
    columns: Columns,
}

impl<R> Reading<R> {
    /// Reads columns from the first one on.
    pub(super) fn in_order(decode: Decode<R>) -> Reading<R> {
        Reading { decode, columns: Columns::InOrder }
    }

    /// Reads what a query selects.
    pub(in crate::query) fn of<Q: Query<Row = R>>(query: &Q) -> Reading<R> {
        Reading { decode: query.decode(), columns: query.columns() }
    }

    #[inline]
    pub(in crate::query) fn read(&mut self, row: &dyn Row) -> Result<R> {
        if self.columns == Columns::InOrder {
            return (self.decode)(&mut RowReader::new(row));
        }
        self.read_found(row)
    }

    /// Names are looked up in the first row.
    fn read_found(&mut self, row: &dyn Row) -> Result<R> {
        match &self.columns {
            Columns::InOrder => {}
            Columns::Exactly(count) => {
                check_count(row, *count)?;
                self.columns = Columns::InOrder;
            }
            Columns::Named(wanted) => {
                let names: Vec<_> = (0..row.len()).map(|index| Some(row.name(index))).collect();
                self.columns = Columns::At(places(&names, wanted).map_err(|missing| missing.into_error())?);
            }
            Columns::At(_) => {}
        }
        match &self.columns {
            Columns::At(places) => (self.decode)(&mut RowReader::at(row, places)),
            _ => (self.decode)(&mut RowReader::new(row)),
        }
    }
}

fn check_count(row: &dyn Row, count: usize) -> Result<()> {
    if row.len() == count {
        return Ok(());
    }
    let message = format!("the rows have {} columns, and what they are read as has {count}", row.len());
    Err(Error::new(ErrorKind::Decode, message))
}

/// Why a column was not found.
pub(in crate::query) struct Missing {
    column: Cow<'static, str>,
    reason: String,
}

impl Missing {
    fn into_error(self) -> Error {
        Error::new(ErrorKind::Decode, self.reason).with_columns([self.column])
    }
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

/// The indexes of the columns with these names. Where there is none, capitals do not matter: databases do not agree on those
/// of names without quotes.
pub(in crate::query) fn places(names: &[Option<&str>], wanted: &[Cow<'static, str>]) -> Result<Vec<usize>, Missing> {
    wanted.iter().map(|column| place(names, column.clone())).collect()
}

fn place(names: &[Option<&str>], column: Cow<'static, str>) -> Result<usize, Missing> {
    let all = |matches: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let places = names.iter().enumerate().filter(|(_, name)| name.is_some_and(matches));
        places.map(|(place, _)| place).collect()
    };
    let mut found = all(&|name| name == column);
    if found.is_empty() {
        found = all(&|name| name.eq_ignore_ascii_case(&column));
    }
    match found.as_slice() {
        [place] => Ok(*place),
        [] => {
            let known: Vec<&str> = names.iter().flatten().copied().collect();
            let reason = format!("no column is called {column}; there are {}", known.join(", "));
            Err(Missing { column, reason })
        }
        _ => {
            let reason = format!("several columns are called {column}");
            Err(Missing { column, reason })
        }
    }
}
