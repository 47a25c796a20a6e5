//! How much memory it takes to write a million rows: a binary of its own, as `memory` is. The backends run beside each other, and
//! all of them together stay below the bound for one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::JoinHandle;
use std::time::Duration;

use creole::prelude::*;

const ROWS: i64 = 1_000_000;

/// What one INSERT may take beside the rows that it is given, in KiB. The values of all rows with their types, which creole would
/// have if it did not write them chunk by chunk, take more than twice as much on each backend that has VALUES.
const MOST: u64 = 32 * 1_024;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "marks")]
struct Mark {
    #[model(primary_key)]
    id: i64,
}

/// The slice, which is one for all backends, and is there before any of them begins.
static MARKS: LazyLock<Vec<Mark>> = LazyLock::new(|| (1..=ROWS).map(|id| Mark { id }).collect());

/// Watches how much memory the process has.
struct Watch {
    before: u64,
    most: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watch {
    fn begin() -> Watch {
        LazyLock::force(&MARKS);
        let before = resident();
        let (most, is_over) = (Arc::new(AtomicU64::new(before)), Arc::new(AtomicBool::new(false)));
        let (peak, end) = (Arc::clone(&most), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                peak.fetch_max(resident(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        Watch { before, most, is_over, thread }
    }

    /// By how much it grew at most, in KiB.
    fn grown(self) -> u64 {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
        self.most.load(Ordering::Relaxed).max(resident()) - self.before
    }
}

/// How much memory the process has, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}

#[creole::test]
async fn a_million_rows_of_a_slice_go_in_in_little_memory(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Mark]).await?;
    let watch = Watch::begin();
    assert_eq!(insert_all(&MARKS).exec(&engine).await?, ROWS as u64);
    let grown = watch.grown();
    assert_eq!(Mark::select().count(&engine).await?, ROWS as u64);
    assert!(grown < MOST, "the process grew by {grown} KiB");
    Ok(())
}

#[creole::test]
async fn a_million_rows_of_an_iterator_go_in_in_little_memory(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Mark]).await?;
    let watch = Watch::begin();
    assert_eq!(insert_each((1..=ROWS).map(|id| Mark { id })).exec(&engine).await?, ROWS as u64);
    let grown = watch.grown();
    assert_eq!(Mark::select().count(&engine).await?, ROWS as u64);
    assert!(grown < MOST, "the process grew by {grown} KiB");
    Ok(())
}
