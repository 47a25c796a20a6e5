//! [`WithStream`]: rows with what belongs to them, batch by batch.

use std::fmt;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::future::BoxFuture;

use super::batch::{self, Batch, Size};
use super::each::LoadEach;
use super::rows_of::OneRowEach;
use super::with::With;
use crate::error::Result;
use crate::exec::{Executor, Handle};
use crate::model::Model;
use crate::query::select::{BATCH, Cursor, KeyOrder, Select};

/// A stream of rows with what belongs to them; see [`With::stream`].
///
/// It is read by [`try_next`](WithStream::try_next) or [`next`](WithStream::next), which need no trait in scope, and is a
/// `futures::Stream` too. Nothing is sent before it is first polled, and between two batches nothing is held: it may be dropped at any
/// time.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::WithStream;
///
/// let mut users: WithStream<'_, (User, Vec<Order>)> = User::select().with(User::orders).stream(&engine);
/// let mut orders = 0;
/// while let Some((_, own)) = users.try_next().await? {
///     orders += own.len();
/// }
/// assert_eq!(orders, 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is read"]
pub struct WithStream<'e, X> {
    batch: std::vec::IntoIter<X>,
    next: Option<Next<'e, X>>,
}

type Next<'e, X> = BoxFuture<'e, Result<Following<'e, X>>>;

/// A batch, and what comes after it.
struct Following<'e, X> {
    rows: Vec<X>,
    next: Option<Next<'e, X>>,
}

/// Where a stream is.
struct Walk<'e, R, L> {
    select: Select<R>,
    each: L,
    db: Handle<'e>,
    after: Option<Cursor>,
    /// How many rows are still wanted, where not all are.
    left: Option<u64>,
    size: NonZeroUsize,
}

impl<R: OneRowEach, L: LoadEach<R>> With<R, L> {
    /// The rows one after the other, with what belongs to them, in bounded memory.
    ///
    /// The rows come in batches, each a statement of its own, which begins after the last row of the one before, and is followed by one
    /// statement for each relation. So they are sorted by the primary key after the order asked for, which is by columns of
    /// the model; all batches are of one state of the database only in a transaction that sees one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut users = User::select().order_by(User::name.desc()).with(User::orders).stream(&engine);
    /// let mut counts = Vec::new();
    /// while let Some((user, orders)) = users.try_next().await? {
    ///     counts.push((user.name, orders.len()));
    /// }
    /// assert_eq!(counts, [("Cleo".to_owned(), 0), ("Bob".to_owned(), 1), ("Ada".to_owned(), 2)]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Among its rows, as [`all`](With::all); [`Syntax`](crate::ErrorKind::Syntax) where the order is not by the model's own columns, or where a join may
    /// bring a row several times and the SELECT is not `distinct`.
    #[track_caller]
    pub fn stream<'e>(self, db: impl Executor + 'e) -> WithStream<'e, L::Row> {
        self.stream_batches(db, NonZeroUsize::new(BATCH).unwrap_or(NonZeroUsize::MIN))
    }

    /// As [`stream`](With::stream), with batches of so many rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::num::NonZeroUsize;
    ///
    /// let size = NonZeroUsize::new(2).expect("it is not zero");
    /// let mut users = User::select().with(User::orders).stream_batches(&engine, size);
    /// while let Some((user, orders)) = users.try_next().await? {
    ///     assert!(orders.iter().all(|order| order.user_id == user.id));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`stream`](With::stream).
    #[track_caller]
    pub fn stream_batches<'e>(self, db: impl Executor + 'e, rows: NonZeroUsize) -> WithStream<'e, L::Row> {
        let With { select, each } = self;
        let left = select.tree().row_limit();
        let walk = Walk { select, each, db: db.handle(), after: None, left, size: rows };
        WithStream { batch: Vec::new().into_iter(), next: Some(next_batch(walk)) }
    }
}

fn next_batch<'e, R: OneRowEach, L: LoadEach<R>>(mut walk: Walk<'e, R, L>) -> Next<'e, L::Row> {
    Box::pin(async move {
        let size = walk.size.get() as u64;
        let size = walk.left.map_or(size, |left| left.min(size));
        let mut select = walk.select.clone();
        match &walk.after {
            None => {
                walk.each.check(walk.db.dialect())?;
                batch::check(&walk.select)?;
                KeyOrder::sort(select.tree_mut(), R::Model::table());
            }
            Some(after) => KeyOrder::start_after(select.tree_mut(), R::Model::table(), after),
        }
        let Batch { rows, last, .. } =
            batch::read(select, &walk.each, Size { rows: size, ahead: 0 }, &mut walk.db).await?;
        walk.left = walk.left.map(|left| left.saturating_sub(rows.len() as u64));
        walk.after = last;
        let is_last = walk.left == Some(0) || walk.after.is_none();
        // Rows that were left out are before the first batch.
        walk.select.tree_mut().clear_offset();
        Ok(Following { rows, next: if is_last { None } else { Some(next_batch(walk)) } })
    })
}

impl<X: Unpin> WithStream<'_, X> {
    /// The next row, or `None` after the last.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut users = User::select().filter(User::id.eq(9)).with(User::orders).stream(&engine);
    /// assert_eq!(users.try_next().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`With::stream`]. Nothing comes after an error.
    pub async fn try_next(&mut self) -> Result<Option<X>> {
        self.next().await.transpose()
    }

    /// The next row, as a `futures::Stream` has it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut users = User::select().with(User::orders).stream(&engine);
    /// while let Some(row) = users.next().await {
    ///     let (_user, _orders) = row?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<X>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<X: Unpin> Stream for WithStream<'_, X> {
    type Item = Result<X>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<X>>> {
        let this = &mut *self;
        loop {
            if let Some(row) = this.batch.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            let Some(next) = &mut this.next else { return Poll::Ready(None) };
            let Poll::Ready(outcome) = next.as_mut().poll(context) else { return Poll::Pending };
            this.next = None;
            match outcome {
                Ok(following) => {
                    this.batch = following.rows.into_iter();
                    this.next = following.next;
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<X> fmt::Debug for WithStream<'_, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithStream").field("has_more", &self.next.is_some()).finish_non_exhaustive()
    }
}
