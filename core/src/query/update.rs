//! [`update`].

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::{Condition, Execute, Operand};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Column, Model};
use crate::sql::{self, Assignment};
use crate::types::{Fits, SqlType};

/// Changes rows of a table without loading them.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn update<M: Model>() -> Update<M> {
    let tree = sql::Update { table: M::table(), assignments: Vec::new(), filter: None };
    Update { tree, rows: Rows::Filtered, timeout: None, model: PhantomData }
}

/// An UPDATE. It needs a filter, or [`all_rows`](Update::all_rows).
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Update<M> {
    tree: sql::Update,
    rows: Rows,
    timeout: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

/// Which rows a statement is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Filtered,
    All,
}

impl<M: Model> Update<M> {
    /// Writes a value to a column. A column on the right is that column's value before the update.
    ///
    /// Columns with `#[model(on_update = …)]` are written too, where the statement does not set them itself.
    pub fn set<T: SqlType, V: Operand<T::Base>>(mut self, column: Column<M, T>, value: V) -> Update<M>
    where
        V::Null: Fits<T::Null>,
    {
        let target = sql::Expr::Column(column.column_ref());
        let assignment = Assignment { column: column.index(), value: value.operand().typed_like(&target) };
        if self.tree.assignments.is_empty() {
            self.tree.assignments = sql::Assignment::defaults(M::table());
        }
        self.tree.assignments.retain(|earlier| earlier.column != assignment.column);
        self.tree.assignments.push(assignment);
        self
    }

    /// Only rows for which this holds. Several filters must all hold.
    pub fn filter(mut self, condition: impl Condition) -> Update<M> {
        let condition = condition.condition();
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }

    /// Every row of the table, and not by mistake.
    pub fn all_rows(mut self) -> Update<M> {
        self.rows = Rows::All;
        self
    }

    /// The statement may run for so long. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
    /// error says that nobody knows.
    ///
    /// The time is the statement's own; waiting for a connection has a limit of its own,
    /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
    pub fn timeout(mut self, limit: Duration) -> Update<M> {
        self.timeout = Some(limit);
        self
    }
}

impl<M: Model> Execute for Update<M> {
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        if self.tree.assignments.is_empty() {
            return Err(Error::new(ErrorKind::Syntax, "the update sets nothing: add `.set(column, value)`")
                .with_table(M::table().name));
        }
        check_rows::<M>("update", self.rows, self.tree.filter.is_some())?;
        self.tree.compile(dialect).map(|statement| statement.within(self.timeout))
    }
}

/// Refuses a statement that would touch every row because somebody forgot a filter.
pub(super) fn check_rows<M: Model>(verb: &str, rows: Rows, is_filtered: bool) -> Result<()> {
    if is_filtered || rows == Rows::All {
        return Ok(());
    }
    let message = format!("the {verb} has no filter: add `.filter(…)`, or `.all_rows()` where every row is meant");
    Err(Error::new(ErrorKind::Syntax, message).with_table(M::table().name))
}

impl<M> Clone for Update<M> {
    fn clone(&self) -> Update<M> {
        Update { tree: self.tree.clone(), rows: self.rows, timeout: self.timeout, model: PhantomData }
    }
}

impl<M> fmt::Debug for Update<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
