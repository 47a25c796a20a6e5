//! Fetching in batches, on a thread that may wait for whoever takes them.
//!
//! A statement that is under way borrows the database handle and can't change threads, so the handle itself goes: it moves
//! to a thread of Tokio's blocking pool, and comes back through a channel when the rows are at their end or nobody wants
//! more. A caller who goes away in between interrupts the statement, and a reader who wants no more breaks off one that only
//! reads; the connection's next call waits for the handle.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use creole_core::driver::{BatchSink, Compiled};
use creole_core::{Error, ErrorKind, Result};
use rusqlite::{Connection, InterruptHandle};
use tokio::runtime::Handle;
use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::time;

use crate::deadline::Deadline;
use crate::dialect::NAME;
use crate::handlers::{Call, Ground};
use crate::memory::MemoryPlace;
use crate::statement::{Commit, Query, push_rows};

/// How long the next call waits for the handle of one that was cut off.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database handle that is on another thread.
pub(crate) struct Away {
    handle: oneshot::Receiver<Connection>,
}

/// The fetch that a handle has gone on. When this is dropped, the fetch ends.
pub(crate) struct Journey {
    result: Option<oneshot::Receiver<Result<()>>>,
    stop: Arc<Stop>,
    /// Comes to its end when nobody wants more rows.
    unwanted: Option<Unwanted>,
}

type Unwanted = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Ends a statement from outside.
struct Stop {
    asked: AtomicBool,
    /// Whether the statement is known to only read. One that writes is not interrupted just because nobody wants its rows: it
    /// would take its whole transaction with it.
    only_reads: AtomicBool,
    interrupt: InterruptHandle,
}

impl Journey {
    /// Sends the handle off to fetch.
    pub(crate) fn begin(
        runtime: &Handle,
        db: Connection,
        statement: &Compiled<'_>,
        sink: Box<dyn BatchSink>,
        busy_timeout: Duration,
        place: Option<Arc<MemoryPlace>>,
    ) -> (Journey, Away) {
        let unwanted = Some(sink.unwanted());
        let (statement, deadline) = (statement.to_owned(), Deadline::of(statement.timeout));
        let stop = Arc::new(Stop {
            asked: AtomicBool::new(false),
            only_reads: AtomicBool::new(false),
            interrupt: db.get_interrupt_handle(),
        });
        let (send_handle, handle) = oneshot::channel();
        let (send_result, result) = oneshot::channel();
        let stop_here = Arc::clone(&stop);
        runtime.spawn_blocking(move || {
            let outcome = fetch(&db, &statement, deadline, sink, busy_timeout, &stop_here);
            // Whoever waits for the handle has it before the result says that it is there.
            let _ = send_handle.send(db);
            let _ = send_result.send(outcome);
            drop(place);
        });
        (Journey { result: Some(result), stop, unwanted }, Away { handle })
    }

    /// Waits for the end of the fetch.
    pub(crate) async fn result(mut self) -> Result<()> {
        let Journey { result: Some(result), stop, unwanted } = &mut self else { return Ok(()) };
        let outcome = poll_fn(|context| {
            if let Some(signal) = unwanted
                && signal.as_mut().poll(context).is_ready()
            {
                *unwanted = None;
                stop.gently();
            }
            Pin::new(&mut *result).poll(context)
        })
        .await;
        self.result = None;
        outcome.unwrap_or_else(|_| {
            Err(Error::new(
                ErrorKind::ConnectionLost,
                "the fetch broke off: its sink panicked, or the runtime shut down",
            )
            .on(NAME))
        })
    }
}

impl Drop for Journey {
    fn drop(&mut self) {
        if self.result.is_some() {
            self.stop.now();
        }
    }
}

impl Stop {
    fn now(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.interrupt.interrupt();
    }

    /// Ends a statement that only reads; another at its next row, when its work is done.
    fn gently(&self) {
        self.asked.store(true, Ordering::SeqCst);
        if self.only_reads.load(Ordering::SeqCst) {
            self.interrupt.interrupt();
        }
    }

    /// Notes that the statement only reads; whether it need not run at all.
    fn only_reads(&self) -> bool {
        self.only_reads.store(true, Ordering::SeqCst);
        self.asked.load(Ordering::SeqCst)
    }
}

impl Away {
    /// Waits for the handle; `None` where it does not come in time.
    pub(crate) async fn come_home(&mut self) -> Option<Connection> {
        // After a fetch that came to its end the handle is there already, and no timer is needed.
        match self.handle.try_recv() {
            Ok(db) => return Some(db),
            Err(TryRecvError::Closed) => return None,
            Err(TryRecvError::Empty) => {}
        }
        time::timeout(PATIENCE, &mut self.handle).await.ok()?.ok()
    }
}

fn fetch(
    db: &Connection,
    statement: &Compiled<'_>,
    deadline: Option<Deadline>,
    mut sink: Box<dyn BatchSink>,
    busy_timeout: Duration,
    stop: &Stop,
) -> Result<()> {
    let _call = Call::begin(Ground::Thread, busy_timeout, deadline);
    let query = Query::of(statement);
    // What can't be prepared says so when it is run.
    let only_reads = db.prepare_cached(query.sql).is_ok_and(|prepared| prepared.readonly());
    if only_reads && stop.only_reads() {
        return Ok(());
    }
    let mut wanted = ControlFlow::Continue(());
    let pushed = push_rows(db, query, Commit::Quick, &mut |row| {
        if stop.asked.load(Ordering::SeqCst) {
            return Ok(ControlFlow::Break(()));
        }
        if sink.row(row)?.is_break() {
            wanted = sink.send_blocking();
        }
        Ok(wanted)
    });
    match (pushed, deadline) {
        (Ok(()), _) => {}
        // Broken off, because nobody wants its rows.
        (Err(_), _) if only_reads && stop.asked.load(Ordering::SeqCst) => return Ok(()),
        (Err(error), Some(deadline)) => return Err(deadline.explain(error)),
        (Err(error), None) => return Err(error),
    }
    // What the last batch holds is less than a full one, and goes all the same.
    if wanted.is_continue() && !stop.asked.load(Ordering::SeqCst) {
        let _ = sink.send_blocking();
    }
    Ok(())
}
