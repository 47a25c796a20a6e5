//! A loop of fast statements leaves the other tasks their turn. It measures time, so it is a test binary of its own, which
//! runs while no other test does.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::time::{Duration, Instant};

use creole::prelude::*;
use tokio::runtime::Builder;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default)]
struct User {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 255)]
    email: String,
}

/// A database in memory with one user, whose key comes back.
async fn populated() -> creole::Result<(Engine, i64)> {
    let engine = Engine::connect("sqlite::memory:").await?;
    engine.create_all(tables![User]).await?;
    let ada = User { email: "ada@example.com".into(), ..Default::default() };
    let ada = insert(&ada).returning().one(&engine).await?;
    Ok((engine, ada.id))
}

/// The longest time for which a task that sleeps a millisecond at a time did not get its turn, while `work` went on.
async fn longest_gap(work: impl Future<Output = creole::Result<()>> + Send + 'static) -> creole::Result<Duration> {
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let beat = tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        let mut last = Instant::now();
        while stopped.try_recv().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
            longest = longest.max(last.elapsed());
            last = Instant::now();
        }
        longest
    });
    tokio::spawn(work).await.expect("no panic")?;
    stop.send(()).expect("the beat goes on until now");
    Ok(beat.await.expect("no panic"))
}

#[test]
fn a_hundred_thousand_point_reads_leave_the_other_tasks_their_turn() {
    const READS: usize = 100_000;
    for workers in [1, 2] {
        let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build().expect("a runtime");
        // Without their turn the others would wait for seconds. Other programs may take the processor away too, but not so long, and
        // hardly each time.
        let mut gaps = Vec::new();
        let is_short = (0..10).any(|_| {
            let gap = runtime.block_on(async {
                let (engine, id) = populated().await.expect("a database");
                let reads = async move {
                    for _ in 0..READS {
                        assert!(User::find(id, &engine).await?.is_some());
                    }
                    Ok(())
                };
                longest_gap(reads).await.expect("the reads work")
            });
            gaps.push(gap);
            gap <= Duration::from_millis(100)
        });
        assert!(is_short, "with {workers} workers the gaps were {gaps:?}");
    }
}
