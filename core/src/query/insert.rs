//! [`insert`].

use std::fmt;
use std::time::Duration;

use super::{Execute, Returning};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::model::Model;
use crate::session::is_zero;
use crate::sql::{self, BindSource, Rows};
use crate::types::ValueRef;

/// Inserts a row. An automatic key that is 0 is left to the database.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn insert<M: Model>(row: &M) -> Insert<'_, M> {
    let table = M::table();
    let auto = table.auto_column().filter(|&column| is_zero(row.bind(column)));
    let places = 0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    let columns: Vec<u16> = places.filter(|&column| Some(column) != auto).collect();
    let rows = if columns.is_empty() { Rows::Default } else { Rows::Bound(1) };
    Insert { tree: sql::Insert { table, columns, rows, returning: Vec::new() }, source: Row(row), timeout: None }
}

/// An INSERT of one row, which stays where it is until the statement is run.
#[derive(Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Insert<'a, M> {
    pub(super) tree: sql::Insert,
    pub(super) source: Row<'a, M>,
    pub(super) timeout: Option<Duration>,
}

impl<'a, M: Model> Insert<'a, M> {
    /// Returns the row as the database has it, generated key included.
    pub fn returning(self) -> Returning<'a, M> {
        Returning::new(self)
    }

    /// The statement may run for so long. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
    /// error says that nobody knows.
    ///
    /// The time is the statement's own; waiting for a connection has a limit of its own,
    /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
    pub fn timeout(mut self, limit: Duration) -> Insert<'a, M> {
        self.timeout = Some(limit);
        self
    }
}

impl<M: Model> Execute for Insert<'_, M> {
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        self.tree.compile(dialect, &self.source).map(|statement| statement.within(self.timeout))
    }
}

/// The values of one row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a, M>(pub(super) &'a M);

impl<M: Model> BindSource for Row<'_, M> {
    fn value(&self, _row: usize, column: u16) -> ValueRef<'_> {
        self.0.bind(column)
    }
}

/// Shows what is inserted where, and none of the row's values.
impl<M> fmt::Debug for Insert<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
