//! Fetching in batches.

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::task::{Context, Waker};
use std::time::Duration;

use creole_core::driver::{BatchSink, Connection, Role, Row, RowSink};
use creole_core::error::Effect;
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};
use creole_sqlite::open;
use futures_core::future::BoxFuture;

use crate::common::{file, memory, number, statement};

const NUMBERS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n";

/// Collects numbers and sends them in batches of `size`.
struct Batches {
    size: usize,
    batch: Vec<i64>,
    out: SyncSender<Vec<i64>>,
}

impl RowSink for Batches {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let ValueRef::I64(number) = row.value(0, ColumnType::I64)? else { panic!("not a number") };
        self.batch.push(number);
        if number < 0 {
            return Err(Error::new(ErrorKind::Decode, "negative"));
        }
        Ok(if self.batch.len() >= self.size { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

impl BatchSink for Batches {
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
        Box::pin(async { self.send_blocking() })
    }

    fn send_blocking(&mut self) -> ControlFlow<()> {
        match self.out.send(std::mem::take(&mut self.batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

fn batches(size: usize) -> (Box<Batches>, Receiver<Vec<i64>>) {
    let (out, batches) = sync_channel(2);
    (Box::new(Batches { size, batch: Vec::new(), out }), batches)
}

async fn all_arrive(connection: &mut dyn Connection) {
    let (sink, received) = batches(64);
    let reader = std::thread::spawn(move || received.into_iter().collect::<Vec<_>>());
    let values = [(ValueRef::I64(100_000), ColumnType::I64)];
    connection.fetch_batches(&statement(NUMBERS, &values), sink).await.unwrap();
    let batches = reader.join().unwrap();
    assert_eq!(batches.len(), 100_000_usize.div_ceil(64));
    assert!(batches.into_iter().flatten().eq(1..=100_000));
    assert_eq!(number(connection, "SELECT 1").await, 1);
}

#[tokio::test]
async fn every_row_arrives_once_and_in_order() {
    all_arrive(&mut *memory().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_arrives_on_a_multi_thread_runtime() {
    all_arrive(&mut *memory().await).await;
}

#[tokio::test]
async fn a_reader_who_has_enough_ends_the_fetch() {
    let mut connection = memory().await;
    let (sink, received) = batches(10);
    let reader = std::thread::spawn(move || received.recv().unwrap());
    let values = [(ValueRef::I64(i64::MAX), ColumnType::I64)];
    connection.fetch_batches(&statement(NUMBERS, &values), sink).await.unwrap();
    assert_eq!(reader.join().unwrap(), (1..=10).collect::<Vec<_>>());
    assert_eq!(number(&mut *connection, "SELECT 1").await, 1);
}

#[tokio::test]
async fn errors_end_the_fetch_and_the_connection_goes_on() {
    let mut connection = memory().await;
    let (sink, _received) = batches(10);
    let error = connection.fetch_batches(&statement("SELECT 1 UNION ALL SELECT -1", &[]), sink).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let (sink, _received) = batches(10);
    let error = connection.fetch_batches(&statement("SELECT 1 FROM nowhere", &[]), sink).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndefinedTable);
    assert_eq!(number(&mut *connection, "SELECT 1").await, 1);
}

/// Drops a fetch after it has been polled, with its first batches received.
fn drop_midway(connection: &mut dyn Connection, sql: &str, received: &Receiver<Vec<i64>>, sink: Box<Batches>) {
    let values = [(ValueRef::I64(30_000_000), ColumnType::I64)];
    let statement = statement(sql, &values);
    let mut fetch = pin!(connection.fetch_batches(&statement, sink));
    let mut context = Context::from_waker(Waker::noop());
    assert!(fetch.as_mut().poll(&mut context).is_pending());
    received.recv_timeout(Duration::from_secs(10)).unwrap();
}

#[tokio::test]
async fn a_dropped_fetch_is_interrupted_and_the_next_call_has_the_connection_again() {
    let mut connection = memory().await;
    for _ in 0..20 {
        let (sink, received) = batches(10);
        drop_midway(&mut *connection, NUMBERS, &received, sink);
        assert_eq!(connection.in_transaction(), None);
        // A stream's end drops the receiver after the fetch.
        drop(received);
        assert_eq!(number(&mut *connection, "SELECT 2").await, 2);
        assert_eq!(connection.in_transaction(), Some(false));
    }
}

#[tokio::test]
async fn a_dropped_fetch_inside_one_long_step_is_interrupted() {
    let mut connection = memory().await;
    let (sink, received) = batches(1);
    // The second row takes some ten seconds.
    let sql = "SELECT 1 UNION ALL SELECT * FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
               SELECT count(*) FROM n)";
    drop_midway(&mut *connection, sql, &received, sink);
    let start = std::time::Instant::now();
    assert_eq!(number(&mut *connection, "SELECT 2").await, 2);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_connection_that_is_dropped_while_it_fetches_lets_its_file_go() {
    let (driver, path) = file("").await;
    let mut connection = driver.connect(Role::Writer).await.unwrap();
    connection.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
    connection.command("BEGIN IMMEDIATE").await.unwrap();
    let (sink, received) = batches(10);
    drop_midway(&mut *connection, NUMBERS, &received, sink);
    drop((connection, received));
    let mut other = open(&crate::common::url(&path, "")).await.unwrap().connect(Role::Writer).await.unwrap();
    other.command("BEGIN IMMEDIATE").await.unwrap();
}

/// Without Tokio's timers too, as long as no fetch is cut off.
#[test]
fn a_runtime_without_timers_will_do() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { all_arrive(&mut *memory().await).await });
}

#[test]
fn without_a_runtime_only_batches_are_refused() {
    let mut context = Context::from_waker(Waker::noop());
    let mut test = pin!(async {
        let mut connection = memory().await;
        let (sink, _received) = batches(10);
        let error = connection.fetch_batches(&statement("SELECT 1", &[]), sink).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(number(&mut *connection, "SELECT 1").await, 1);
    });
    while test.as_mut().poll(&mut context).is_pending() {}
}

#[tokio::test]
async fn a_sink_that_panics_loses_the_connection_and_nothing_else() {
    struct Panics;
    impl RowSink for Panics {
        fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
            panic!("a panic that the test wants");
        }
    }
    impl BatchSink for Panics {
        fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
            Box::pin(async { ControlFlow::Break(()) })
        }
        fn send_blocking(&mut self) -> ControlFlow<()> {
            ControlFlow::Break(())
        }
    }
    let mut connection = memory().await;
    let error = connection.fetch_batches(&statement("SELECT 1", &[]), Box::new(Panics)).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
    assert_eq!(connection.ping().await.unwrap_err().kind(), ErrorKind::ConnectionLost);
}
