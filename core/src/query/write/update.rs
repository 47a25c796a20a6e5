//! [`update`].

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::Returned;
use super::returned::Change;
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::query::expr::Condition;
use crate::query::json::UpdateTarget;
use crate::query::run::Execute;
use crate::query::select::{JoinTarget, Selection, Subquery};
use crate::sql::{self, Assignment, JoinKind, Matched};

/// Changes rows of a table without loading them.
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn update<M: Model>() -> Update<M> {
    let tree = sql::Update::new(Matched::of(M::table(), None), Vec::new());
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
    /// Writes a value to a column, or to a place in the documents of one. A column on the right is that column's value
    /// before the update.
    ///
    /// Columns with `#[model(on_update = …)]` are written too, where the statement does not set them itself.
    pub fn set<V>(mut self, target: impl UpdateTarget<M, V>, value: V) -> Update<M> {
        target.assign(value, self.assignments());
        self
    }

    /// What is written so far: at first, what every UPDATE writes.
    pub(in crate::query) fn assignments(&mut self) -> &mut Vec<Assignment> {
        if self.tree.assignments.is_empty() {
            self.tree.assignments = Assignment::defaults(M::table());
        }
        &mut self.tree.assignments
    }

    /// Together with the rows of another source that belong to each: a relation, a table on its foreign key, or anything on a
    /// condition. Rows without a partner are left alone.
    ///
    /// Values may be made from it where at most one of its rows belongs to each row that is written: it is joined by a key, by
    /// what a subquery groups by, or by a column of [`values`](crate::query::values) in which none is there twice. Else databases would not agree whose values count, and running the statement is an error
    /// of kind [`Syntax`](crate::ErrorKind::Syntax). Each row is written, and counted, once.
    pub fn join(mut self, target: impl JoinTarget) -> Update<M> {
        self.tree.rows.add_joins(|select| target.join(select, JoinKind::Inner));
        self
    }

    /// As [`join`](Update::join); rows without a partner are meant too, with NULLs for the other source.
    pub fn left_join(mut self, target: impl JoinTarget) -> Update<M> {
        self.tree.rows.add_joins(|select| target.join(select, JoinKind::Left));
        self
    }

    /// With a common table expression, which the statement may then use as a source.
    pub fn with_cte<S>(mut self, cte: &Subquery<S>) -> Update<M> {
        match cte.clone().into_cte() {
            Some(cte) => self.tree.rows.with.push(cte),
            None => self.tree.rows.misused("`with_cte` takes what `cte` or `recursive` makes".into()),
        }
        self
    }

    /// Only rows for which this holds. Several filters must all hold. The table itself may stand in a subquery.
    pub fn filter(mut self, condition: impl Condition) -> Update<M> {
        self.tree.rows.add_filter(condition.condition());
        self
    }

    /// Only rows for which `condition` holds, where there is a value to make it from; else as it was. What is left without any
    /// filter is refused.
    pub fn filter_some<V, C: Condition>(self, value: Option<V>, condition: impl FnOnce(V) -> C) -> Update<M> {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// Every row of the table, and not by mistake.
    pub fn all_rows(mut self) -> Update<M> {
        self.rows = Rows::All;
        self
    }

    /// Returns the rows as they are after the update.
    pub fn returning(self) -> Returned<M> {
        self.returning_of(M::ALL)
    }

    /// Returns something of each row, as it is after the update: columns, expressions over them, or a tuple of these.
    pub fn returning_of<S: Selection>(mut self, selection: S) -> Returned<S::Row> {
        selection.items(&mut self.tree.returning);
        Returned::new(Change::Update(self.tree), self.rows, self.timeout, S::decode)
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
        check_update(&self.tree, self.rows)?;
        self.tree.compile(dialect).map(|statement| statement.within(self.timeout))
    }
}

/// Refuses an UPDATE that says too little.
pub(super) fn check_update(tree: &sql::Update, rows: Rows) -> Result<()> {
    if tree.assignments.is_empty() {
        return Err(Error::new(ErrorKind::Syntax, "the update sets nothing: add `.set(column, value)`")
            .with_table(tree.rows.table.name));
    }
    check_rows("update", rows, &tree.rows)
}

/// Refuses a statement that would touch every row because somebody forgot a filter.
pub(super) fn check_rows(verb: &str, rows: Rows, matched: &Matched) -> Result<()> {
    if matched.filter.is_some() || rows == Rows::All {
        return Ok(());
    }
    let message = format!("the {verb} has no filter: add `.filter(…)`, or `.all_rows()` where every row is meant");
    Err(Error::new(ErrorKind::Syntax, message).with_table(matched.table.name))
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
