//! [`delete`].

use std::marker::PhantomData;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::Returned;
use super::change::Change;
use super::removal::Removal;
use super::target::{Rows, check_rows, target_methods};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::Access;
use crate::query::run::Execute;
use crate::query::select::Selection;
use crate::sealed::Sealed;
use crate::sql::{Destination, Target};

/// Deletes rows of a table without loading them. Rows of a model with `#[model(soft_delete)]` are marked, and stay: [`purge`]
/// removes them.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     text: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Note]).await?;
/// # insert_all(&[1, 2, 3].map(|id| Note { id, text: format!("note {id}") })).exec(&engine).await?;
/// assert_eq!(delete::<Note>().filter(Note::id.gt(2)).exec(&engine).await?, 1);
///
/// // Without a filter it says that it means every row.
/// let gone = delete::<Note>().all_rows().returning().all(&engine).await?;
/// assert_eq!(gone.len(), 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn delete<M: Model>() -> Delete<M> {
    Delete::new(&Removal::of(M::table()))
}

/// Removes rows of a table, also where [`delete`] only marks them: those that are marked, and those that are not.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "notes")]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     #[model(soft_delete)]
///     deleted_at: Option<DateTime<Utc>>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Note]).await?;
/// # insert_all(&[1, 2, 3].map(|id| Note { id, deleted_at: None })).exec(&engine).await?;
/// delete::<Note>().filter(Note::id.gt(1)).exec(&engine).await?;
/// assert_eq!(Note::select().with_deleted().count(&engine).await?, 3);
///
/// assert_eq!(purge::<Note>().only_deleted().all_rows().exec(&engine).await?, 2);
/// assert_eq!(Note::select().with_deleted().count(&engine).await?, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn purge<M: Model>() -> Delete<M> {
    Delete::new(&Removal::Purge)
}

/// A DELETE. It needs a filter, or [`all_rows`](Delete::all_rows).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let error = delete::<Order>().exec(&engine).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Syntax); // No filter: nothing was sent.
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct Delete<M> {
    tree: Change,
    rows: Rows,
    timeout: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

impl<M> Sealed for Delete<M> {}

impl<M: Model> Delete<M> {
    fn new(removal: &Removal) -> Delete<M> {
        let tree = removal.statement(Target::of(M::table(), None));
        Delete { tree, rows: Rows::Filtered, timeout: None, model: PhantomData }
    }

    /// Returns the rows as they were; where they are only marked as deleted, as they are now.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let gone = delete::<Order>().filter(Order::id.eq(3)).returning().all(&engine).await?;
    /// assert_eq!(gone[0].item, "lamp");
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning(self) -> Returned<M> {
        self.returning_of(M::ALL)
    }

    /// Returns something of each row, as it was, or as it is marked: columns, expressions over them, or a tuple of these.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let gone = delete::<Order>().filter(Order::paid.eq(false)).returning_of(Order::item).all(&engine).await?;
    /// assert_eq!(gone, ["desk"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn returning_of<S: Selection>(mut self, selection: S) -> Returned<S::Row> {
        let mut items = Vec::new();
        selection.items(&mut items);
        self.tree.set_returning(items);
        Returned::new(self.tree, self.rows, self.timeout, S::decode)
    }
}

target_methods! {
    Delete,
    join: {
        /// Together with the rows of another source that belong to each: a relation, a table on its foreign key, or anything on a
        /// condition. Rows without a partner stay.
        ///
        /// A row is deleted, and counted, once, however many rows belong to it. Nothing is deleted from the other source.
        ///
        /// ```
        /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> creole::Result<()> {
        /// # let engine = shop().await?;
        /// let of_ada = delete::<Order>().join(Order::user).filter(User::name.eq("Ada"));
        /// assert_eq!(of_ada.exec(&engine).await?, 2);
        /// # Ok(())
        /// # }
        /// ```
    },
    left_join: {
        /// As [`join`](Delete::join); rows without a partner are meant too, with NULLs for the other source.
        ///
        /// ```
        /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> creole::Result<()> {
        /// # let engine = shop().await?;
        /// // Users who have ordered nothing.
        /// let idle = delete::<User>().left_join(User::orders).filter(Order::id.is_null());
        /// assert_eq!(idle.exec(&engine).await?, 1);
        /// # Ok(())
        /// # }
        /// ```
    },
}

impl<M> Delete<M> {
    fn in_steps(self) -> Returned<()> {
        Returned::uncollected(self.tree, self.rows, self.timeout)
    }
}

impl<M: Model> Execute for Delete<M> {
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        check_rows("delete", self.rows, self.tree.target())?;
        self.tree.compile(to).map(|statement| statement.within(self.timeout))
    }

    /// Where rows that are deleted may take others of the table with them, the statements that lock and delete them, for one row,
    /// with a semicolon between.
    fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        if self.tree.cascades_to_itself() {
            return self.clone().in_steps().steps(dialect);
        }
        self.compile(dialect).map(|statement| String::from(&*statement.sql))
    }

    /// Where rows that are deleted may take others of the table with them, some databases would not count those: they are
    /// locked and counted first.
    #[track_caller]
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            if self.tree.cascades_to_itself() {
                return self.in_steps().count(&mut db).await;
            }
            let statement = self.compile(db.destination())?;
            let done = db.connection(Access::Write).await?.execute(&statement).await?;
            Ok(done.rows_affected)
        })
    }
}
