//! [`insert`].

use futures_core::future::BoxFuture;

use super::Returning;
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::model::Model;
use crate::pool::Access;
use crate::session::{Executor, is_zero};
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
    Insert { tree: sql::Insert { table, columns, rows, returning: Vec::new() }, source: Row(row) }
}

/// An INSERT of one row, which stays where it is until the statement is run.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Insert<'a, M> {
    pub(super) tree: sql::Insert,
    pub(super) source: Row<'a, M>,
}

impl<'a, M: Model> Insert<'a, M> {
    /// Returns the row as the database has it, generated key included.
    pub fn returning(self) -> Returning<'a, M> {
        Returning::new(self)
    }

    /// The statement in a dialect's SQL, with its values.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit.
    pub fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        self.tree.compile(dialect, &self.source)
    }

    /// The SQL text for a dialect, without a connection.
    ///
    /// # Errors
    /// As [`compile`](Insert::compile).
    pub fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        self.compile(dialect).map(|statement| statement.sql)
    }

    /// Runs it; the number of rows inserted comes back.
    ///
    /// # Errors
    /// As [`compile`](Insert::compile), and what the database answers:
    /// [`UniqueViolation`](crate::ErrorKind::UniqueViolation) and its like.
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        'a: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let statement = self.compile(db.dialect())?;
            let done = db.connection(Access::Write).await?.execute(&statement).await?;
            Ok(done.rows_affected)
        })
    }
}

/// The values of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a, M>(pub(super) &'a M);

impl<M: Model> BindSource for Row<'_, M> {
    fn value(&self, _row: usize, column: u16) -> ValueRef<'_> {
        self.0.bind(column)
    }
}
