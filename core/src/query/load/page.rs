//! [`Page`]: some rows of a SELECT, and where the next ones begin.

use futures_core::future::BoxFuture;

use super::batch::{self, Size};
use super::each::LoadEach;
use super::rows_of::OneRowEach;
use super::with::With;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::model::Model;
use crate::query::select::{Cursor, KeyOrder, Select};

/// Some rows of a SELECT, and the position after which the next ones begin. Made by [`Select::page`] and [`With::page`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Page;
///
/// let by_name = User::select().order_by(User::name.desc()).limit(2);
/// let first: Page<User> = by_name.clone().page(&engine).await?;
/// assert_eq!(first.rows.len(), 2);
///
/// let next = first.next.expect("there is one more");
/// let second = by_name.page_after(&next).page(&engine).await?;
/// assert_eq!((second.rows[0].name.as_str(), second.next), ("Ada", None));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Page<X> {
    /// The rows, as many as `limit` says at most.
    pub rows: Vec<X>,
    /// The position for [`page_after`](Select::page_after), or `None` if these are the last rows.
    pub next: Option<Cursor>,
}

impl<M: Model> Select<M> {
    /// The rows of a page, as many as [`limit`](Select::limit) says, and where the next page begins.
    ///
    /// The rows are sorted as [`first_page`](Select::first_page) sorts them. One row more is read, and locked where the
    /// SELECT locks, to know whether there is a next page.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let page = Order::select().order_by(Order::price).limit(3).page(&engine).await?;
    /// assert_eq!((page.rows.len(), page.next), (3, None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`With::page`].
    #[track_caller]
    pub fn page<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Page<M>>> {
        With { select: self, each: () }.page(db)
    }
}

impl<R: OneRowEach, L: LoadEach<R>> With<R, L> {
    /// The rows of a page with what belongs to them, as many as `limit` says, and where the next page begins.
    ///
    /// The rows are sorted as by `first_page`. One row more is read, and locked where the SELECT locks, to know whether there is a next page; nothing is loaded for it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = User::select().with(User::orders).limit(2);
    /// let page = users.clone().page(&engine).await?;
    /// assert_eq!(page.rows.iter().map(|(_, orders)| orders.len()).collect::<Vec<_>>(), [2, 1]);
    ///
    /// // Part of the link to the next page, which comes back as text.
    /// let token = page.next.expect("there is one more user").token()?;
    /// let after = users.cursor_from(&token)?;
    /// let page = users.page_after(&after).page(&engine).await?;
    /// assert_eq!((page.rows[0].0.name.as_str(), page.next), ("Cleo", None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`With::all`]. [`Syntax`](ErrorKind::Syntax) where there is no `limit` or one of zero rows, where the order is not by the model's own columns, or where a
    /// join may bring a row several times and the SELECT is not `distinct`.
    #[track_caller]
    pub fn page<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Page<L::Row>>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let With { mut select, each } = self;
            batch::check(&select)?;
            each.check(db.dialect())?;
            let Some(rows) = select.tree().row_limit().filter(|&rows| rows > 0) else {
                let message = "a page has as many rows as `limit` says, and one at least: add `limit`";
                return Err(Error::new(ErrorKind::Syntax, message).with_table(R::Model::table().name));
            };
            KeyOrder::sort(select.tree_mut(), R::Model::table());
            // No table has as many rows.
            let ahead = u64::from(rows < i64::MAX as u64);
            let page = batch::read(select, &each, Size { rows, ahead }, &mut db).await?;
            Ok(Page { rows: page.rows, next: page.last.filter(|_| page.has_more) })
        })
    }
}
