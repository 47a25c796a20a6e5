//! [`insert_each`] and [`insert_stream`]: rows that are made while they are inserted.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_core::stream::Stream;
use futures_util::{StreamExt, stream};

use super::{Batch, Given, Shape, Source};
use crate::error::Result;
use crate::exec::Executor;
use crate::model::Model;
use crate::pool::{Access, Link};
use crate::query::write::atomic::Atomic;
use crate::query::write::batch_size::MOST_ROWS;

/// Inserts the rows of an iterator, in one transaction and in bounded memory, however many there are.
///
/// As [`insert_all`](super::insert_all) otherwise.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let orders = (0..10_000).map(|number| Order { user_id: 3, item: format!("ticket {number}"), ..Default::default() });
/// assert_eq!(insert_each(orders).exec(&engine).await?, 10_000);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn insert_each<M: Model, I>(rows: I) -> InsertEach<I::IntoIter>
where
    I: IntoIterator<Item = M>,
    I::IntoIter: Send,
{
    InsertEach { rows: rows.into_iter(), timeout: None }
}

/// Inserts the rows of a stream, in one transaction and in bounded memory, however many there are: those of another database's
/// query, for example. An error of the stream undoes all.
///
/// As [`insert_all`](super::insert_all) otherwise.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// // From one database to another, a batch at a time.
/// let archive = Engine::connect("sqlite::memory:").await?;
/// archive.create_all(tables![User]).await?;
/// assert_eq!(insert_stream(User::select().stream(&engine)).exec(&archive).await?, 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub fn insert_stream<M: Model, S>(rows: S) -> InsertStream<S>
where
    S: Stream<Item = Result<M>> + Send + Unpin,
{
    InsertStream { rows, timeout: None }
}

/// An INSERT of what an iterator yields.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let names = ["Dora", "Eve"].into_iter();
/// let users = names.map(|name| User { email: name.to_lowercase(), name: name.into(), ..Default::default() });
/// assert_eq!(insert_each(users).exec(&engine).await?, 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct InsertEach<I> {
    rows: I,
    timeout: Option<Duration>,
}

/// An INSERT of what a stream yields.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let archive = Engine::connect("sqlite::memory:").await?;
/// archive.create_all(tables![User]).await?;
/// let adults = User::select().filter(User::age.ge(18)).stream(&engine);
/// assert_eq!(insert_stream(adults).exec(&archive).await?, 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`"]
pub struct InsertStream<S> {
    rows: S,
    timeout: Option<Duration>,
}

impl<M: Model, I: Iterator<Item = M> + Send> InsertEach<I> {
    /// Limits how long each statement may run, as [`Insert::timeout`](super::Insert::timeout) says.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let users = std::iter::once(User { email: "dora@example.com".into(), ..Default::default() });
    /// assert_eq!(insert_each(users).timeout(Duration::from_secs(5)).exec(&engine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> InsertEach<I> {
        self.timeout = Some(limit);
        self
    }

    /// Runs it. How many rows there were.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = ["dora@example.com", "ada@example.com"].map(|email| User { email: email.into(), ..Default::default() });
    /// let error = insert_each(users).exec(&engine).await.unwrap_err();
    /// assert_eq!(error.row(), Some(1));
    /// assert_eq!(User::select().count(&engine).await?, 3); // None was written.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`exec`](crate::query::Execute::exec) of an INSERT; [`Error::row`](crate::Error::row) counts from the first row on.
    #[track_caller]
    pub fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let rows = stream::iter(self.rows.map(Ok));
        InsertStream { rows, timeout: self.timeout }.exec(db)
    }
}

impl<M: Model, S: Stream<Item = Result<M>> + Send + Unpin> InsertStream<S> {
    /// Limits how long each statement may run, as [`Insert::timeout`](super::Insert::timeout) says.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let archive = Engine::connect("sqlite::memory:").await?;
    /// archive.create_all(tables![User]).await?;
    /// let users = User::select().stream(&engine);
    /// assert_eq!(insert_stream(users).timeout(Duration::from_secs(5)).exec(&archive).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> InsertStream<S> {
        self.timeout = Some(limit);
        self
    }

    /// Runs it. How many rows there were.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let archive = Engine::connect("sqlite::memory:").await?;
    /// let error = insert_stream(User::select().stream(&engine)).exec(&archive).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UndefinedTable);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first error of the stream; else as [`exec`](crate::query::Execute::exec) of an INSERT, where [`Error::row`](crate::Error::row) counts from
    /// the first row on.
    #[track_caller]
    pub fn exec<'e>(mut self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let mut link = db.connection(Access::Write).await?;
            let atomic = Atomic::begin_undoable(&mut link).await?;
            let shape = shape::<M>(self.timeout);
            let result = async {
                let mut written = 0;
                loop {
                    let mut rows: Vec<M> = Vec::new();
                    // Their values are sent in as many statements as they need.
                    while rows.len() < MOST_ROWS
                        && let Some(row) = self.rows.next().await
                    {
                        rows.push(row?);
                    }
                    if rows.is_empty() {
                        return Ok(written);
                    }
                    written = write(&mut link, &shape, &rows, written).await?;
                }
            };
            let result = result.await;
            atomic.end(&mut link, result).await
        })
    }
}

fn shape<M: Model>(timeout: Option<Duration>) -> Shape {
    let mut shape = Shape::new(M::table(), Given::Many);
    shape.timeout = timeout;
    shape
}

/// Writes some rows after `before` others; how many that makes.
async fn write<M: Model>(link: &mut Link, shape: &Shape, rows: &[M], before: u64) -> Result<u64> {
    let source = Source::written_for(rows, link.destination().tenants());
    let batch = Batch { shape, source: &source, count: rows.len() };
    let written = batch.write(link, None).await;
    let before_it = usize::try_from(before).unwrap_or(usize::MAX);
    written.map(|written| before + written).map_err(|error| error.map_row(|row| before_it.saturating_add(row)))
}

impl<I> fmt::Debug for InsertEach<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertEach").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for InsertStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertStream").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
