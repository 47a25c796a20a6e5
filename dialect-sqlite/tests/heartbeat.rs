//! A heartbeat of 1 ms beside work on a database: how long it misses its time says how long other tasks are held up.
//!
//! These tests look at the clock, so they run one after the other, and the best of several tries counts: a machine with
//! other things to do makes gaps of its own, but it makes none shorter.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use creole_core::Result;
use creole_core::driver::{Bind, Compiled, Connection, Role, Row, RowSink};
use creole_core::types::{ColumnType, ValueRef};
use creole_sqlite::open;
use tokio::runtime::{Builder, Runtime};

/// The longest gap that is allowed.
const LONGEST: Duration = Duration::from_millis(20);

const TRIES: usize = 8;

/// Takes the first column of each row; each row costs some time of its own.
struct Sum {
    sum: i64,
    cost: Duration,
}

impl RowSink for Sum {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        if let ValueRef::I64(number) = row.value(0, ColumnType::I64)? {
            self.sum = self.sum.wrapping_add(number);
        }
        if !self.cost.is_zero() {
            let end = Instant::now() + self.cost;
            while Instant::now() < end {}
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn workers(count: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(count).enable_all().build().unwrap()
}

fn select(sql: &str, values: &[i64]) -> Compiled<'static> {
    let binds: Vec<_> = values.iter().map(|&number| Bind::new(ValueRef::I64(number), ColumnType::I64)).collect();
    Compiled::from_text(sql, binds)
}

async fn connect() -> Box<dyn Connection> {
    let connection = open("sqlite::memory:?connections=1").await.unwrap().connect(Role::Writer).await.unwrap();
    back_to_a_worker().await;
    connection
}

/// Opening a database may already have left the worker to others; what is measured shall start on one.
async fn back_to_a_worker() {
    tokio::task::yield_now().await;
}

/// Counts for about `time` in one statement, after shorter ones that find out how far it is to count.
async fn long_query(connection: &mut dyn Connection, time: Duration) {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT count(*) FROM n";
    let mut count = 50_000.0;
    loop {
        back_to_a_worker().await;
        let start = Instant::now();
        let query = select(sql, &[count as i64]);
        connection.fetch(&query, &mut Sum { sum: 0, cost: Duration::ZERO }).await.unwrap();
        let took = start.elapsed().as_secs_f64();
        if took > time.as_secs_f64() * 0.75 {
            return;
        }
        count *= (time.as_secs_f64() / took).max(1.5);
    }
}

async fn point_reads(connection: &mut dyn Connection) {
    connection.command("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER) STRICT").await.unwrap();
    let fill = "INSERT INTO t SELECT value, value FROM json_each('[1,2,3,4,5,6,7,8,9,10]')";
    connection.command(fill).await.unwrap();
    let mut sum = Sum { sum: 0, cost: Duration::ZERO };
    for number in 0..100_000 {
        connection.fetch(&select("SELECT v FROM t WHERE id = ?1", &[number % 10 + 1]), &mut sum).await.unwrap();
    }
    assert_eq!(sum.sum, 550_000);
}

/// Many rows whose sink takes its time, with hardly a step of SQLite's between them.
async fn slow_sink(connection: &mut dyn Connection) {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i FROM n";
    connection.fetch(&select(sql, &[]), &mut Sum { sum: 0, cost: Duration::from_micros(250) }).await.unwrap();
}

/// The longest gap of a heartbeat while `work` runs in a task of its own.
fn longest_gap<F>(runtime: &Runtime, work: impl FnOnce() -> F) -> Duration
where
    F: Future<Output = ()> + Send + 'static,
{
    let longest = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let (heart_longest, heart_done) = (Arc::clone(&longest), Arc::clone(&done));
    let beats = runtime.spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut last = Instant::now();
        while !heart_done.load(Ordering::Acquire) {
            ticks.tick().await;
            heart_longest.fetch_max(last.elapsed().as_micros() as u64, Ordering::AcqRel);
            last = Instant::now();
        }
    });
    let work = runtime.spawn(work());
    runtime.block_on(work).unwrap();
    done.store(true, Ordering::Release);
    runtime.block_on(beats).unwrap();
    Duration::from_micros(longest.load(Ordering::Acquire))
}

fn check<F>(workers_count: usize, work: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let _alone = alone();
    let runtime = workers(workers_count);
    let mut gaps = Vec::new();
    for _ in 0..TRIES {
        let gap = longest_gap(&runtime, &work);
        gaps.push(gap);
        if gap <= LONGEST {
            println!("{workers_count} workers: gaps {gaps:?}");
            return;
        }
    }
    panic!("{workers_count} workers: gaps {gaps:?}");
}

#[test]
fn a_query_of_two_seconds_leaves_the_heartbeat_alone() {
    for count in [1, 2] {
        check(count, || async { long_query(&mut *connect().await, Duration::from_secs(2)).await });
    }
}

#[test]
fn a_hundred_thousand_point_reads_leave_the_heartbeat_alone() {
    for count in [1, 2] {
        check(count, || async { point_reads(&mut *connect().await).await });
    }
}

#[test]
fn a_slow_sink_leaves_the_heartbeat_alone() {
    check(1, || async { slow_sink(&mut *connect().await).await });
}

#[test]
fn waiting_for_a_lock_leaves_the_heartbeat_alone() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("heartbeat-{}.db", std::process::id()));
    let url = format!("sqlite://{}?busy_timeout=500", path.display());
    check(1, || {
        let url = url.clone();
        async move {
            let driver = open(&url).await.unwrap();
            let mut holder = driver.connect(Role::Writer).await.unwrap();
            let mut waiter = driver.connect(Role::Writer).await.unwrap();
            holder.command("BEGIN IMMEDIATE").await.unwrap();
            back_to_a_worker().await;
            waiter.command("BEGIN IMMEDIATE").await.unwrap_err();
        }
    });
}

/// That the measure can fail: the same query with the way out closed, on the only worker.
#[test]
fn the_heartbeat_notices_a_thread_that_is_held_up() {
    let _alone = alone();
    let gap = longest_gap(&workers(1), || async { std::thread::sleep(Duration::from_millis(100)) });
    assert!(gap > Duration::from_millis(50), "{gap:?}");
}

#[test]
fn a_current_thread_runtime_works() {
    let _alone = alone();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { long_query(&mut *connect().await, Duration::from_millis(50)).await });
    runtime.block_on(async { waits_for_a_commit().await });
}

#[test]
fn a_local_set_works() {
    let _alone = alone();
    let runtime = workers(1);
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        long_query(&mut *connect().await, Duration::from_millis(50)).await;
        waits_for_a_commit().await;
        let task = tokio::task::spawn_local(async {
            long_query(&mut *connect().await, Duration::from_millis(50)).await;
            waits_for_a_commit().await;
        });
        task.await.unwrap();
    });
}

#[test]
fn the_root_of_a_multi_thread_runtime_and_a_blocking_thread_work() {
    let _alone = alone();
    let runtime = workers(1);
    runtime.block_on(async {
        long_query(&mut *connect().await, Duration::from_millis(50)).await;
        waits_for_a_commit().await;
        let handle = tokio::runtime::Handle::current();
        let task = tokio::task::spawn_blocking(move || {
            handle.block_on(async {
                long_query(&mut *connect().await, Duration::from_millis(50)).await;
                waits_for_a_commit().await;
            });
        });
        task.await.unwrap();
    });
}

/// A file whose commits wait for the disk.
async fn waits_for_a_commit() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("commit-{}.db", std::process::id()));
    let driver = open(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut connection = driver.connect(Role::Writer).await.unwrap();
    connection.command("CREATE TABLE IF NOT EXISTS t (v INTEGER) STRICT").await.unwrap();
    connection.command("BEGIN IMMEDIATE").await.unwrap();
    connection.execute(&select("INSERT INTO t VALUES (?1)", &[1])).await.unwrap();
    connection.command("COMMIT").await.unwrap();
    connection.execute(&select("INSERT INTO t VALUES (?1)", &[1])).await.unwrap();
    connection.close().await;
}
