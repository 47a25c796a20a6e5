//! [`Watch`]: what a connection that is observed does.

use std::ops::ControlFlow;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures_core::future::BoxFuture;

use super::{Event, EventKind, Observers, Outcome, Statement, TransactionEnd};
use crate::driver::{BatchSink, Compiled, Need, Row, RowSink, Verb};
use crate::error::{Error, ErrorKind, Result};

/// The number of the next connection that is observed.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Tells what a connection does.
pub(crate) struct Watch {
    observers: Observers,
    backend: &'static str,
    connection: u64,
    /// Where in the program the next statement was asked for.
    caller: Option<&'static Location<'static>>,
    /// When the open transaction began.
    begun: Option<Instant>,
}

/// A statement that runs. If it is dropped before its end, it was cut off.
pub(crate) struct Running {
    observers: Observers,
    backend: &'static str,
    connection: u64,
    text: Arc<str>,
    verb: Verb,
    table: Option<&'static str>,
    caller: Option<&'static Location<'static>>,
    since: Instant,
    rows: Arc<AtomicU64>,
    has_ended: bool,
}

/// Counts the rows that go into a sink.
pub(crate) struct Counted<'s> {
    sink: &'s mut dyn RowSink,
    rows: Arc<AtomicU64>,
}

/// Counts the rows that go into a sink of batches.
pub(crate) struct CountedBatches {
    sink: Box<dyn BatchSink>,
    rows: Arc<AtomicU64>,
}

impl Watch {
    /// Of a new connection. `None` where nobody is told.
    pub(crate) fn new(observers: &Observers, backend: &'static str, since: Instant) -> Option<Box<Watch>> {
        if observers.are_none() {
            return None;
        }
        let connection = NEXT.fetch_add(1, Ordering::Relaxed);
        let watch = Watch { observers: observers.clone(), backend, connection, caller: None, begun: None };
        watch.tell(EventKind::ConnectionMade(since.elapsed()));
        Some(Box::new(watch))
    }

    /// The statements that follow were asked for here.
    pub(crate) fn called_from(&mut self, caller: Option<&'static Location<'static>>) {
        self.caller = caller;
    }

    /// A statement is sent.
    pub(crate) fn statement(&self, statement: &Compiled<'_>) -> Running {
        let table = statement.table.map(|table| table.name);
        self.running(Arc::clone(&statement.sql), statement.verb, table)
    }

    /// A text without values is sent.
    pub(crate) fn command(&self, text: &str) -> Running {
        self.running(text.into(), Verb::Other, None)
    }

    fn running(&self, text: Arc<str>, verb: Verb, table: Option<&'static str>) -> Running {
        let running = Running {
            observers: self.observers.clone(),
            backend: self.backend,
            connection: self.connection,
            text,
            verb,
            table,
            caller: self.caller,
            since: Instant::now(),
            rows: Arc::default(),
            has_ended: false,
        };
        self.tell(EventKind::StatementBegun(running.told()));
        running
    }

    /// A transaction has begun.
    pub(crate) fn transaction_begun(&mut self, reads_only: bool) {
        self.begun = Some(Instant::now());
        self.tell(EventKind::TransactionBegun { reads_only });
    }

    /// The open transaction has ended. Only the first end is told.
    pub(crate) fn transaction_ended(&mut self, end: TransactionEnd) {
        if let Some(begun) = self.begun.take() {
            self.tell(EventKind::TransactionEnded(end, begun.elapsed()));
        }
    }

    /// Something else has happened on it.
    pub(crate) fn tell(&self, kind: EventKind<'_>) {
        self.observers.tell(&Event { backend: self.backend, connection: Some(self.connection), kind });
    }
}

impl Running {
    fn told(&self) -> Statement<'_> {
        Statement { text: &self.text, verb: self.verb, table: self.table, caller: self.caller }
    }

    /// Counts the rows that go into a sink.
    pub(crate) fn counting<'s>(&self, sink: &'s mut dyn RowSink) -> Counted<'s> {
        Counted { sink, rows: Arc::clone(&self.rows) }
    }

    /// Counts the rows that go into a sink of batches.
    pub(crate) fn counting_batches(&self, sink: Box<dyn BatchSink>) -> CountedBatches {
        CountedBatches { sink, rows: Arc::clone(&self.rows) }
    }

    /// It wrote so many rows.
    pub(crate) fn wrote(&self, rows: u64) {
        self.rows.store(rows, Ordering::Relaxed);
    }

    /// It has ended.
    pub(crate) fn ended(mut self, error: Option<&Error>) {
        self.tell(error.map(Error::kind), Reached::End);
    }

    fn tell(&mut self, error: Option<ErrorKind>, reached: Reached) {
        self.has_ended = true;
        let (took, rows) = (self.since.elapsed(), self.rows.load(Ordering::Relaxed));
        let outcome = Outcome { took, rows, error, is_cut_off: reached == Reached::Half };
        let kind = EventKind::StatementEnded(self.told(), outcome);
        self.observers.tell(&Event { backend: self.backend, connection: Some(self.connection), kind });
    }
}

/// How far a statement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    End,
    Half,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended {
            self.tell(None, Reached::Half);
        }
    }
}

impl RowSink for Counted<'_> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.rows.fetch_add(1, Ordering::Relaxed);
        self.sink.row(row)
    }

    fn need(&self) -> Need {
        self.sink.need()
    }
}

impl RowSink for CountedBatches {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.rows.fetch_add(1, Ordering::Relaxed);
        self.sink.row(row)
    }

    fn need(&self) -> Need {
        self.sink.need()
    }
}

impl BatchSink for CountedBatches {
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
        self.sink.send()
    }

    fn send_blocking(&mut self) -> ControlFlow<()> {
        self.sink.send_blocking()
    }

    fn unwanted(&self) -> BoxFuture<'static, ()> {
        self.sink.unwanted()
    }
}
