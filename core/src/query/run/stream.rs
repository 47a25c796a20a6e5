//! Rows one after the other, in bounded memory.

use std::fmt;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use tokio::sync::mpsc;

use super::query::Query;
use super::row_reading::Reading;
use crate::driver::{BatchSink, Row, RowSink};
use crate::error::Result;
use crate::exec::Executor;

/// How many full batches wait for the reader at most; one more is being filled.
const WAITING_BATCHES: usize = 1;

/// A stream of rows; see [`Select::stream`](crate::query::select::Select::stream).
///
/// It is read by [`try_next`](RowStream::try_next) or [`next`](RowStream::next), which need no trait in scope; it is a
/// `futures::Stream` too, for whoever wants to combine it with others.
///
/// The statement is sent when the stream is first polled.
///
/// A stream may be dropped before its end, and costs only its own rows:
/// - On a session the transaction goes on, and what it wrote is kept. SQLite breaks the statement off; from a server the rows
///   that are left are read and dropped in the background, and the session's next statement waits for that. Where it takes
///   longer than the pool's [`release_timeout`](crate::pool::PoolOptions::release_timeout), the connection is closed, and the session
///   says so with [`ConnectionLost`](crate::ErrorKind::ConnectionLost): it can only be rolled back. A `limit` on the query keeps
///   the rest small. An error that the server meets among them ends the transaction.
/// - On an engine the connection goes back to the pool as soon as its rows are read away, and is closed where that is not done
///   at once.
///
/// A statement that writes, as raw text with RETURNING may, is carried out as a whole, however few of its rows are read.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "notes", default)]
/// struct Note {
///     #[model(primary_key, auto)]
///     id: i64,
///     text: String,
/// }
///
/// # #[tokio::main]
/// # async fn main() -> creole::Result<()> {
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Note]).await?;
/// let notes = (0..1_000).map(|number| Note { text: format!("note {number}"), ..Default::default() });
/// insert_each(notes).exec(&engine).await?;
///
/// let mut session = engine.session();
/// session.add(Note { text: "one more".into(), ..Default::default() });
/// let mut notes = Note::select().order_by(Note::id).stream(&mut session);
/// while let Some(note) = notes.try_next().await? {
///     if note.text == "note 7" {
///         break;
///     }
/// }
/// drop(notes);
/// session.commit().await?;
/// assert_eq!(Note::select().count(&engine).await?, 1_001);
/// # Ok(())
/// # }
/// ```
pub struct RowStream<'e, R> {
    fetch: Option<BoxFuture<'e, Result<()>>>,
    batches: mpsc::Receiver<Vec<R>>,
    last: Arc<Mutex<Vec<R>>>,
    batch: std::vec::IntoIter<R>,
    outcome: Option<Result<()>>,
}

/// Runs a query as a stream, with `rows` rows to a batch.
#[track_caller]
pub(in crate::query) fn stream<'e, Q: Query + 'e>(
    query: Q,
    db: impl Executor + 'e,
    rows: usize,
) -> RowStream<'e, Q::Row> {
    let (sender, batches) = mpsc::channel(WAITING_BATCHES);
    let last = Arc::<Mutex<Vec<Q::Row>>>::default();
    let sink = Batches { reading: Reading::of(&query), batch: Vec::new(), rows, sender, last: last.clone() };
    let mut db = db.handle();
    let fetch = Box::pin(async move {
        let statement = query.compile(db.destination())?;
        db.note_read(&statement);
        db.connection(query.access()).await?.fetch_batches(&statement, Box::new(sink)).await
    });
    RowStream { fetch: Some(fetch), batches, last, batch: Vec::new().into_iter(), outcome: None }
}

impl<R: Unpin> RowStream<'_, R> {
    /// The next row, or `None` after the last one: `while let Some(row) = rows.try_next().await? { … }`.
    ///
    /// It may be dropped while it waits, as by `select!` or a time limit, and no row is lost: the next call goes on where
    /// this one stood.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut users = select(User::name).order_by(User::id).stream(&engine);
    /// let mut names = Vec::new();
    /// while let Some(name) = users.try_next().await? {
    ///     names.push(name);
    /// }
    /// assert_eq!(names, ["Ada", "Bob", "Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What running the statement or reading a row says. The stream has then ended, and further calls return `None`.
    pub async fn try_next(&mut self) -> Result<Option<R>> {
        self.next().await.transpose()
    }

    /// As [`try_next`](RowStream::try_next), with the error within the `Option`: what adapters of streams expect.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut users = User::select().stream(&engine);
    /// while let Some(user) = users.next().await {
    ///     assert!(user?.id > 0);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<R>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<R: Unpin> Stream for RowStream<'_, R> {
    type Item = Result<R>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        let this = &mut *self;
        loop {
            if let Some(row) = this.batch.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            if let Some(fetch) = &mut this.fetch
                && let Poll::Ready(outcome) = fetch.as_mut().poll(context)
            {
                this.fetch = None;
                this.outcome = Some(outcome);
            }
            // Polled after the fetch, which may just have sent one.
            match this.batches.poll_recv(context) {
                Poll::Ready(Some(batch)) => this.batch = batch.into_iter(),
                Poll::Ready(None) => {
                    let last = std::mem::take(&mut *this.last.lock().unwrap_or_else(PoisonError::into_inner));
                    if !last.is_empty() {
                        this.batch = last.into_iter();
                        continue;
                    }
                    if this.fetch.is_some() {
                        return Poll::Pending;
                    }
                    return Poll::Ready(this.outcome.take().and_then(Result::err).map(Err));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// Collects rows into batches and hands them over.
struct Batches<R> {
    reading: Reading<R>,
    batch: Vec<R>,
    rows: usize,
    sender: mpsc::Sender<Vec<R>>,
    /// Where the rows go that are left when there are no more: they need not wait for room.
    last: Arc<Mutex<Vec<R>>>,
}

impl<R> Batches<R> {
    fn take(&mut self) -> Vec<R> {
        std::mem::replace(&mut self.batch, Vec::with_capacity(self.rows))
    }
}

impl<R: Send> RowSink for Batches<R> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.batch.push(self.reading.read(row)?);
        let goes_on = self.batch.len() < self.rows && !self.sender.is_closed();
        Ok(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }
}

impl<R: Send + 'static> BatchSink for Batches<R> {
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
        Box::pin(async move {
            let batch = self.take();
            control(self.sender.send(batch).await.is_ok())
        })
    }

    fn send_blocking(&mut self) -> ControlFlow<()> {
        let batch = self.take();
        control(self.sender.blocking_send(batch).is_ok())
    }

    fn unwanted(&self) -> BoxFuture<'static, ()> {
        let sender = self.sender.clone();
        Box::pin(async move { sender.closed().await })
    }
}

/// The connection drops the sink when there are no more rows; what is left then is the last batch.
impl<R> Drop for Batches<R> {
    fn drop(&mut self) {
        let rest = std::mem::take(&mut self.batch);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = rest;
    }
}

fn control(is_wanted: bool) -> ControlFlow<()> {
    if is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

impl<R> fmt::Debug for RowStream<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").field("is_running", &self.fetch.is_some()).finish_non_exhaustive()
    }
}
