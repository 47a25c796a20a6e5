//! Rows in one go and in batches, broken off, failing and dropped midway.

use std::ops::ControlFlow;

use creole_core::driver::{BatchSink, Row, RowSink};
use creole_core::error::Effect;
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};
use futures_core::future::BoxFuture;
use tokio::sync::mpsc;

use crate::support::{Collect, connect, execute, number, statement};

const MANY: i64 = 100_000;
const SERIES: &str = "SELECT n::int8, repeat('x', 20) FROM generate_series(1, 100000) n";
const TYPES: [ColumnType; 2] = [ColumnType::I64, ColumnType::TEXT];

#[tokio::test]
async fn breaking_off_leaves_the_connection_usable() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    for most in [1, 2, 5_000, MANY as usize - 1, MANY as usize] {
        let mut sink = Collect::new(&TYPES);
        sink.most = most;
        connection.fetch(&statement(SERIES, &[]), &mut sink).await?;
        assert_eq!(sink.rows.len(), most);
        assert_eq!(number(&mut *connection, "SELECT 42::int8").await, 42);
    }
    Ok(())
}

#[tokio::test]
async fn an_error_of_the_sink_ends_the_fetch_and_nothing_else() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    connection.command("BEGIN").await?;
    let mut sink = Collect::new(&TYPES);
    sink.most = 3;
    sink.fails = Some(Error::decode("a", "b"));
    let error = connection.fetch(&statement(SERIES, &[]), &mut sink).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Decode, Effect::Statement));
    assert_eq!(number(&mut *connection, "SELECT 42::int8").await, 42, "the transaction goes on");
    connection.command("COMMIT").await?;
    Ok(())
}

#[tokio::test]
async fn an_error_after_the_break_belongs_to_its_own_statement() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let sql = "SELECT (100 / (50000 - n))::int8, 'x' FROM generate_series(1, 100000) n";
    connection.command("BEGIN").await?;
    let mut sink = Collect::new(&TYPES);
    sink.most = 1;
    let error = connection.fetch(&statement(sql, &[]), &mut sink).await.unwrap_err();
    assert_eq!((error.code(), error.effect()), (Some("22012"), Effect::Aborted));
    connection.command("ROLLBACK").await?;
    connection.command("BEGIN").await?;
    let mut sink = Collect::new(&TYPES);
    sink.most = 1;
    sink.fails = Some(Error::decode("a", "b"));
    let error = connection.fetch(&statement(sql, &[]), &mut sink).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Decode, Effect::Aborted),
        "the first cause, the whole effect"
    );
    connection.command("ROLLBACK").await?;
    assert_eq!(number(&mut *connection, "SELECT 42::int8").await, 42);
    Ok(())
}

/// Sends batches of numbers through a channel.
struct Batches {
    batch: Vec<i64>,
    size: usize,
    to: mpsc::Sender<Vec<i64>>,
}

impl RowSink for Batches {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let ValueRef::I64(number) = row.value(0, ColumnType::I64)? else { panic!("not a number") };
        self.batch.push(number);
        Ok(if self.batch.len() < self.size { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }
}

impl BatchSink for Batches {
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
        Box::pin(async {
            match self.to.send(std::mem::take(&mut self.batch)).await {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        })
    }

    fn send_blocking(&mut self) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

#[tokio::test]
async fn batches_bring_every_row_once_and_wait_for_their_reader() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    for size in [1_000, 999, MANY as usize, 1 << 20] {
        let (to, mut from) = mpsc::channel(1);
        let sink = Box::new(Batches { batch: Vec::new(), size, to });
        let reading = async {
            let mut next = 1;
            while let Some(batch) = from.recv().await {
                assert!(!batch.is_empty() && batch.len() <= size);
                for number in batch {
                    assert_eq!(number, next);
                    next += 1;
                }
            }
            next - 1
        };
        let query = statement(SERIES, &[]);
        let (done, seen) = tokio::join!(connection.fetch_batches(&query, sink), reading);
        done?;
        assert_eq!(seen, MANY);
        assert_eq!(number(&mut *connection, "SELECT 42::int8").await, 42);
    }
    Ok(())
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_the_batches() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let (to, mut from) = mpsc::channel(1);
    let sink = Box::new(Batches { batch: Vec::new(), size: 100, to });
    let query = statement(SERIES, &[]);
    let reading = async {
        let first = from.recv().await;
        drop(from);
        first
    };
    let (done, first) = tokio::join!(connection.fetch_batches(&query, sink), reading);
    done?;
    assert_eq!(first.map(|batch| batch.len()), Some(100));
    assert_eq!(number(&mut *connection, "SELECT 42::int8").await, 42);
    Ok(())
}

#[tokio::test]
async fn a_call_dropped_midway_never_mixes_its_rows_with_the_next() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    // Dropped while it waits for its reader, and dropped at many points while it fetches.
    let (to, mut from) = mpsc::channel(1);
    let sink = Box::new(Batches { batch: Vec::new(), size: 100, to });
    let query = statement(SERIES, &[]);
    tokio::select! {
        _ = connection.fetch_batches(&query, sink) => panic!("nobody reads so far"),
        _ = async { from.recv().await; tokio::time::sleep(std::time::Duration::from_millis(20)).await } => {}
    }
    drop(from);
    assert_eq!(number(&mut *connection, "SELECT 42::int8").await, 42);
    for micros in (0..6_000).step_by(50) {
        // A text of its own, so that preparing it is cut as well.
        let query = statement(&format!("{SERIES} LIMIT 1000 -- {micros}"), &[]);
        let mut sink = Collect::new(&TYPES);
        let limit = std::time::Duration::from_micros(micros);
        let _ = tokio::time::timeout(limit, connection.fetch(&query, &mut sink)).await;
        assert_eq!(number(&mut *connection, &format!("SELECT {micros}::int8")).await, micros as i64);
    }
    Ok(())
}

#[tokio::test]
async fn counts_and_names_are_the_servers() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    execute(&mut *connection, "CREATE TEMP TABLE t (id int, n int)").await?;
    let insert = "INSERT INTO t SELECT n, 0 FROM generate_series(1, 10) n";
    assert_eq!(execute(&mut *connection, insert).await?, 10);
    // Matched rows, whether they change or not.
    assert_eq!(execute(&mut *connection, "UPDATE t SET n = 0 WHERE id <= 4").await?, 4);
    assert_eq!(execute(&mut *connection, "DELETE FROM t WHERE id > 8").await?, 2);
    assert_eq!(execute(&mut *connection, "CREATE INDEX ON t (n)").await?, 0);

    struct Names(Vec<String>);
    impl RowSink for Names {
        fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
            self.0 = (0..row.len() + 1).map(|index| row.name(index).to_owned()).collect();
            assert_eq!(row.value(row.len(), ColumnType::I32).unwrap_err().kind(), ErrorKind::Decode);
            Ok(ControlFlow::Continue(()))
        }
    }
    let mut names = Names(Vec::new());
    connection.fetch(&statement("SELECT 1 AS one, 2 AS \"Two\"", &[]), &mut names).await?;
    assert_eq!(names.0, ["one", "Two", ""]);
    Ok(())
}
