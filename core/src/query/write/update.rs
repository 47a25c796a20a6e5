//! [`update`].

use std::marker::PhantomData;
use std::time::Duration;

use super::Returned;
use super::change::Change;
use super::stale::sets_version;
use super::target::{Rows, check_rows, target_methods};
use crate::driver::Compiled;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::query::json::UpdateTarget;
use crate::query::run::Execute;
use crate::query::select::Selection;
use crate::sealed::Sealed;
use crate::sql::{self, Assignment, Destination, Target};

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
    let tree = sql::Update::new(Target::of(M::table(), None), Vec::new());
    Update { tree, rows: Rows::Filtered, timeout: None, model: PhantomData }
}

/// An UPDATE. It needs a filter, or [`all_rows`](Update::all_rows).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let error = update::<Order>().set(Order::paid, true).exec(&engine).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Syntax); // No filter: nothing was sent.
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Update<M> {
    tree: sql::Update,
    rows: Rows,
    timeout: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

impl<M> Sealed for Update<M> {}

impl<M: Model> Update<M> {
    /// Writes a value to a column, or to a path in the documents of one. A column on the right is that column's value
    /// before the update.
    ///
    /// Columns with `#[model(on_update = …)]` are written too, where the statement does not set them itself. A `#[model(version)]` is
    /// counted up, and can't be set.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let cheaper = update::<Order>().set(Order::price, Order::price - 500).set(Order::paid, false).filter(Order::id.eq(1));
    /// assert_eq!(cheaper.exec(&engine).await?, 1);
    /// assert_eq!(Order::find(1, &engine).await?.map(|order| order.price), Some(2500));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set<V>(mut self, target: impl UpdateTarget<M, V>, value: V) -> Update<M> {
        target.assign(value, self.tree_mut());
        self
    }

    /// The statement, for what it is to write beside what every UPDATE writes.
    pub(in crate::query) fn tree_mut(&mut self) -> &mut sql::Update {
        if self.tree.assignments().is_empty() {
            Assignment::defaults(M::table()).into_iter().for_each(|default| self.tree.set(default));
        }
        &mut self.tree
    }

    /// Returns the rows as they are after the update.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let paid = update::<Order>().set(Order::paid, true).filter(Order::id.eq(2)).returning().one(&engine).await?;
    /// assert!(paid.paid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning(self) -> Returned<M> {
        self.returning_of(M::ALL)
    }

    /// Returns something of each row, as it is after the update: columns, expressions over them, or a tuple of these.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let price = update::<Order>().set(Order::price, Order::price * 2).filter(Order::id.eq(3)).returning_of(Order::price);
    /// assert_eq!(price.one(&engine).await?, 5000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning_of<S: Selection>(mut self, selection: S) -> Returned<S::Row> {
        let mut items = Vec::new();
        selection.items(&mut items);
        self.tree.set_returning(items);
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
        ///
        /// ```
        /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> creole::Result<()> {
        /// # let engine = shop().await?;
        /// let of_bob = update::<Order>().set(Order::item, Order::item.concat(" of ").concat(User::name)).join(Order::user);
        /// assert_eq!(of_bob.filter(User::name.eq("Bob")).exec(&engine).await?, 1);
        /// assert_eq!(Order::find(3, &engine).await?.map(|order| order.item), Some("lamp of Bob".to_owned()));
        /// # Ok(())
        /// # }
        /// ```
    },
    left_join: {
        /// As [`join`](Update::join); rows without a partner are meant too, with NULLs for the other source.
        ///
        /// ```
        /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> creole::Result<()> {
        /// # let engine = shop().await?;
        /// // Users who have ordered nothing.
        /// let idle = update::<User>().set(User::age, 0).left_join(User::orders).filter(Order::id.is_null());
        /// assert_eq!(idle.exec(&engine).await?, 1);
        /// # Ok(())
        /// # }
        /// ```
    },
}

impl<M: Model> Execute for Update<M> {
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        check_update(&self.tree, self.rows)?;
        self.tree.compile(to).map(|statement| statement.within(self.timeout))
    }
}

/// Refuses an UPDATE that says too little.
pub(super) fn check_update(tree: &sql::Update, rows: Rows) -> Result<()> {
    if tree.assignments().is_empty() {
        return Err(Error::new(ErrorKind::Syntax, "the update sets nothing: add `.set(column, value)`")
            .with_table(tree.target().table().name));
    }
    let table = tree.target().table();
    if let Some(assignment) = tree.assignments().iter().find(|assignment| assignment.sets_version(table)) {
        return Err(sets_version(table, assignment.column));
    }
    check_rows("update", rows, tree.target())
}
