//! Many rows: all of them, in bounded batches, and broken off.

use std::sync::{Arc, Mutex};

use creole_core::ErrorKind;
use creole_core::error::Effect;
use creole_core::types::{ColumnType, Value, ValueRef};

use crate::support::{Batches, Client, Collect, bind, compiled, servers};

/// So many rows, numbered from 1. Deeper than the servers recurse unless they are told to.
const NUMBERS: &str = "WITH RECURSIVE r(i) AS (SELECT CAST(1 AS signed) UNION ALL SELECT i + 1 FROM r WHERE i < ?) \
                       SELECT i FROM r";

const MANY: i64 = 100_000;

#[tokio::test]
async fn all_rows_arrive_in_order() {
    for server in servers().await {
        let mut client = server.connect().await;
        let rows =
            client.fetch(NUMBERS, &[bind(ValueRef::I64(MANY), ColumnType::I64)], &[ColumnType::I64]).await.unwrap();
        assert_eq!(rows.len() as i64, MANY);
        assert!((1..).zip(&rows).all(|(number, row)| row[0] == Value::I64(number)));

        for size in [1, 7, 1_000, 99_999, 100_000, 100_001] {
            let many = if size == 1 { 500 } else { MANY };
            let (outcome, sent) = batches(&mut client, many, size, usize::MAX, -1).await;
            outcome.unwrap();
            assert!(sent.iter().all(|batch| !batch.is_empty() && batch.len() <= size));
            assert_eq!(sent.len(), (many as usize).div_ceil(size));
            assert!(sent.into_iter().flatten().eq(1..=many));
        }
    }
}

#[tokio::test]
async fn a_fetch_that_is_broken_off_leaves_a_usable_connection() {
    for server in servers().await {
        let mut client = server.connect().await;
        for (most, fail_at) in [(1, usize::MAX), (10, usize::MAX), (usize::MAX, 0), (usize::MAX, 10)] {
            let mut sink = Collect { most, fail_at, ..Collect::new(&[ColumnType::I64]) };
            let binds = [bind(ValueRef::I64(MANY), ColumnType::I64)];
            let outcome = client.connection.fetch(&compiled(NUMBERS, &binds), &mut sink).await;
            assert_eq!(sink.rows.len(), most.min(fail_at));
            match outcome {
                Ok(()) => assert_eq!(fail_at, usize::MAX),
                Err(error) => assert_eq!((error.kind(), error.effect()), (ErrorKind::Decode, Effect::Statement)),
            }
            assert_eq!(client.number("SELECT 42").await, 42);
            client.connection.ping().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_error_after_the_rows_that_were_wanted_stays_with_its_statement() {
    // The server finds out only at row 50,000, when the first ones have long been sent.
    let sql = "WITH RECURSIVE r(i) AS (SELECT CAST(1 AS signed) UNION ALL SELECT i + 1 FROM r WHERE i < 100000) \
               SELECT IF(i = 50000, (SELECT 1 UNION ALL SELECT i), i) FROM r";
    for server in servers().await {
        let mut client = server.connect().await;
        let mut sink = Collect { most: 10, ..Collect::new(&[ColumnType::I64]) };
        let error = client.connection.fetch(&compiled(sql, &[]), &mut sink).await.unwrap_err();
        assert_eq!((sink.rows.len(), error.code(), error.effect()), (10, Some("1242"), Effect::Statement));
        assert_eq!(client.number("SELECT 42").await, 42);
    }
}

#[tokio::test]
async fn batches_that_nobody_wants_any_more() {
    for server in servers().await {
        let mut client = server.connect().await;
        // Few rows are left: they are read off, and the connection goes on.
        let (outcome, sent) = batches(&mut client, 5_000, 10, 2, -1).await;
        outcome.unwrap();
        assert!(sent.into_iter().flatten().eq(1..=20));
        assert_eq!(client.number("SELECT 42").await, 42);
        let (outcome, _) = batches(&mut client, 5_000, 10, usize::MAX, 25).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Decode, Effect::Statement));
        assert_eq!(client.number("SELECT 42").await, 42);

        // Many are: they are read off as well.
        let (outcome, sent) = batches(&mut client, MANY, 10, 2, -1).await;
        outcome.unwrap();
        assert!(sent.into_iter().flatten().eq(1..=20));
        assert_eq!(client.number("SELECT 42").await, 42);
        let (outcome, _) = batches(&mut client, MANY, 10, usize::MAX, 25).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Decode, Effect::Statement));
        assert_eq!(client.number("SELECT 42").await, 42);
    }
}

#[tokio::test]
async fn a_fetch_dropped_half_way_holds_nobody_up() {
    for server in servers().await {
        let mut client = server.connect().await;
        let id = client.number("SELECT connection_id()").await;
        let many = bind(ValueRef::I64(1_000_000), ColumnType::I64);
        let binds = [many];
        let statement = compiled(NUMBERS, &binds);
        let mut sink = Collect::new(&[ColumnType::I64]);
        let fetch = client.connection.fetch(&statement, &mut sink);
        let cut = tokio::time::timeout(std::time::Duration::from_millis(50), fetch).await;
        assert!(cut.is_err(), "it was done before it was cut");
        drop(client);
        let mut other = server.connect().await;
        let sql = format!("SELECT count(*) FROM information_schema.processlist WHERE id = {id}");
        let mut tries = 0;
        while other.number(&sql).await != 0 {
            tries += 1;
            assert!(tries < 300, "the server still has the connection");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

async fn batches(
    client: &mut Client,
    many: i64,
    size: usize,
    wanted: usize,
    fail_at: i64,
) -> (creole_core::Result<()>, Vec<Vec<i64>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let sink = Batches { batch: Vec::new(), size, wanted, fail_at, sent: sent.clone() };
    let binds = [bind(ValueRef::I64(many), ColumnType::I64)];
    let outcome = client.connection.fetch_batches(&compiled(NUMBERS, &binds), Box::new(sink)).await;
    let sent = std::mem::take(&mut *sent.lock().unwrap());
    (outcome, sent)
}
