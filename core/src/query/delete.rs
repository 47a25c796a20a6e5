//! [`delete`].

use std::fmt;
use std::marker::PhantomData;

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
    Delete { tree: sql::Delete { table: M::table(), filter: None }, rows: Rows::Filtered, model: PhantomData }
}

/// A DELETE. It needs a filter, or [`all_rows`](Delete::all_rows).
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Delete<M> {
    tree: sql::Delete,
    rows: Rows,
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
}

impl<M: Model> Execute for Delete<M> {
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        check_rows::<M>("delete", self.rows, self.tree.filter.is_some())?;
        self.tree.compile(dialect)
    }
}

impl<M> Clone for Delete<M> {
    fn clone(&self) -> Delete<M> {
        Delete { tree: self.tree.clone(), rows: self.rows, model: PhantomData }
    }
}

impl<M> fmt::Debug for Delete<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
