//! Connections, statements and sinks for tests.

use std::io::Write as _;
use std::ops::ControlFlow;

use creole_core::driver::{Bind, Compiled, Connection, Role, Row, RowSink};
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_core::{Error, Result};

/// The URL of the server, the first where several are named; without one the test says that it is ignored.
pub(crate) fn url() -> Option<String> {
    let named = std::env::var("CREOLE_TEST_POSTGRES").unwrap_or_default();
    match named.split_whitespace().next() {
        Some(url) => Some(url.to_owned()),
        None => {
            let _ = writeln!(std::io::stderr(), "ignored: postgres (set CREOLE_TEST_POSTGRES)");
            None
        }
    }
}

/// The server's URL with one more option.
pub(crate) fn url_with(option: &str) -> Option<String> {
    let url = url()?;
    let separator = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{separator}{option}"))
}

pub(crate) async fn connect_to(url: &str) -> Result<Box<dyn Connection>> {
    creole_postgres::open(url).await?.connect(Role::Writer).await
}

pub(crate) async fn connect() -> Option<Box<dyn Connection>> {
    Some(connect_to(&url()?).await.unwrap())
}

/// A statement of `sql` with these values.
pub(crate) fn statement<'a>(sql: &str, binds: &[(ValueRef<'a>, ColumnType)]) -> Compiled<'a> {
    let binds: Vec<_> = binds.iter().map(|&(value, ty)| Bind::new(value, ty)).collect();
    Compiled::from_text(sql, binds)
}

pub(crate) async fn execute(connection: &mut dyn Connection, sql: &str) -> Result<u64> {
    Ok(connection.execute(&statement(sql, &[])).await?.rows_affected)
}

/// The rows of `sql`, read as `types`.
pub(crate) async fn fetch(connection: &mut dyn Connection, sql: &str, types: &[ColumnType]) -> Result<Vec<Vec<Value>>> {
    let mut sink = Collect::new(types);
    connection.fetch(&statement(sql, &[]), &mut sink).await?;
    Ok(sink.rows)
}

/// The single number that `sql` returns.
pub(crate) async fn number(connection: &mut dyn Connection, sql: &str) -> i64 {
    let rows = fetch(connection, sql, &[ColumnType::I64]).await.unwrap();
    match rows.as_slice() {
        [row] => match row.as_slice() {
            [Value::I64(number)] => *number,
            other => panic!("{sql}: {other:?}"),
        },
        other => panic!("{sql}: {} rows", other.len()),
    }
}

/// Keeps every row, and breaks off or fails after some number of them.
pub(crate) struct Collect {
    types: Vec<ColumnType>,
    pub(crate) rows: Vec<Vec<Value>>,
    pub(crate) most: usize,
    pub(crate) fails: Option<Error>,
}

impl Collect {
    pub(crate) fn new(types: &[ColumnType]) -> Collect {
        Collect { types: types.to_vec(), rows: Vec::new(), most: usize::MAX, fails: None }
    }
}

impl RowSink for Collect {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        assert_eq!(row.len(), self.types.len());
        let values = self.types.iter().enumerate().map(|(index, &ty)| Ok(row.value(index, ty)?.to_owned()));
        self.rows.push(values.collect::<Result<_>>()?);
        if self.rows.len() < self.most {
            return Ok(ControlFlow::Continue(()));
        }
        match self.fails.take() {
            Some(error) => Err(error),
            None => Ok(ControlFlow::Break(())),
        }
    }
}

/// That none of the ways to show an error shows `canary`.
pub(crate) fn assert_hidden(error: &Error, canary: &str) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        shown.push_str(&format!(" {inner} {inner:?}"));
        source = inner.source();
    }
    assert!(!shown.contains(canary), "{shown}");
}
