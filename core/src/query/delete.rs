//! [`delete`].

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::update::{Rows, check_rows};
use super::{Condition, Execute};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::model::Model;
use crate::sql;

/// Deletes rows of a table without loading them.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn delete<M: Model>() -> Delete<M> {
    Delete {
        tree: sql::Delete { table: M::table(), filter: None },
        rows: Rows::Filtered,
        timeout: None,
        model: PhantomData,
    }
}

/// A DELETE. It needs a filter, or [`all_rows`](Delete::all_rows).
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Delete<M> {
    tree: sql::Delete,
    rows: Rows,
    timeout: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Delete<M> {
    /// Only rows for which this holds. Several filters must all hold.
    pub fn filter(mut self, condition: impl Condition) -> Delete<M> {
        let condition = condition.condition();
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }

    /// Every row of the table, and not by mistake.
    pub fn all_rows(mut self) -> Delete<M> {
        self.rows = Rows::All;
        self
    }

    /// The statement may run for so long. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
    /// error says that nobody knows.
    ///
    /// The time is the statement's own; waiting for a connection has a limit of its own,
    /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
    pub fn timeout(mut self, limit: Duration) -> Delete<M> {
        self.timeout = Some(limit);
        self
    }
}

impl<M: Model> Execute for Delete<M> {
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        check_rows::<M>("delete", self.rows, self.tree.filter.is_some())?;
        self.tree.compile(dialect).map(|statement| statement.within(self.timeout))
    }
}

impl<M> Clone for Delete<M> {
    fn clone(&self) -> Delete<M> {
        Delete { tree: self.tree.clone(), rows: self.rows, timeout: self.timeout, model: PhantomData }
    }
}

impl<M> fmt::Debug for Delete<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
