//! [`update`].

use std::marker::PhantomData;
use std::time::Duration;

use super::Returned;
use super::returned::Change;
use super::target::{Rows, check_rows, target_methods};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::query::json::UpdateTarget;
use crate::query::run::Execute;
use crate::query::select::Selection;
use crate::sql::{self, Assignment, Matched};

/// Changes rows of a table without loading them.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "products")]
/// struct Product {
///     #[model(primary_key)]
///     id: i64,
///     price: i64,
///     note: Option<String>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Product]).await?;
/// # insert_all(&[1, 2].map(|id| Product { id, price: id * 10, note: None })).exec(&engine).await?;
/// let changed = update::<Product>()
///     .set(Product::price, Product::price + 5)
///     .set(Product::note, "dearer".to_owned())
///     .filter(Product::price.lt(15))
///     .exec(&engine)
///     .await?;
/// assert_eq!(changed, 1);
///
/// let prices = update::<Product>().set(Product::note, None).all_rows().returning_of(Product::price).all(&engine).await?;
/// assert_eq!(prices.iter().sum::<i64>(), 15 + 20);
/// # Ok(())
/// # }
/// ```
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

    /// Returns the rows as they are after the update.
    pub fn returning(self) -> Returned<M> {
        self.returning_of(M::ALL)
    }

    /// Returns something of each row, as it is after the update: columns, expressions over them, or a tuple of these.
    pub fn returning_of<S: Selection>(mut self, selection: S) -> Returned<S::Row> {
        selection.items(&mut self.tree.returning);
        Returned::new(Change::Update(self.tree), self.rows, self.timeout, S::decode)
    }
}

target_methods! {
    Update,
    join: {
        /// Together with the rows of another source that belong to each: a relation, a table on its foreign key, or anything on a
        /// condition. Rows without a partner are left alone.
        ///
        /// Values may be made from it where at most one of its rows belongs to each row that is written: it is joined by a key, by
        /// what a subquery groups by, or by a column of [`values`](crate::query::values) in which none is there twice. Else databases
        /// would not agree whose values count, and running the statement is an error of kind [`Syntax`](crate::ErrorKind::Syntax).
        /// Each row is written, and counted, once.
    },
    left_join: {
        /// As [`join`](Update::join); rows without a partner are meant too, with NULLs for the other source.
    },
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
