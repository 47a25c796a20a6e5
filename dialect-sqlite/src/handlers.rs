//! SQLite's progress handler and busy handler, and [`Call`]: one call on a connection, as far as time is concerned.
//!
//! SQLite asks two questions while a statement runs: every few steps of its virtual machine whether it should go on,
//! and when a lock is taken whether it should wait. The second question comes to a bare function, so what belongs to the
//! present call stands in a thread-local.

use std::cell::Cell;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::deadline::Deadline;
use crate::executor;

/// Steps of SQLite's virtual machine between two looks at the clock: some ten microseconds.
const STEPS: i32 = 1_000;

/// How long a call may hold up its thread before the worker's other tasks are handed over.
const PATIENCE: Duration = Duration::from_micros(200);

/// The time between one handing over and the next of the same call.
const AGAIN: Duration = Duration::from_millis(2);

/// The longest sleep between two tries to get a lock.
const LONGEST_WAIT: Duration = Duration::from_millis(25);

thread_local! {
    static PRESENT: Cell<Option<Times>> = const { Cell::new(None) };
}

/// Where a call runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// On a task of the executor, for which other tasks wait.
    Task,
    /// On a thread that may block.
    Thread,
}

#[derive(Clone, Copy)]
struct Times {
    ground: Ground,
    /// When to hand over; `None` before the first look at the clock, so that a short call never looks.
    hand_over: Option<Instant>,
    busy_timeout: Duration,
    /// When to stop waiting for locks; `None` before the first wait.
    give_up: Option<Instant>,
    /// When the statement is to end.
    deadline: Option<Deadline>,
}

/// The present call; it ends when this is dropped. It belongs to its thread, so no call spans an `await`.
pub(crate) struct Call {
    outer: Option<Times>,
    of_this_thread: PhantomData<*const ()>,
}

impl Call {
    /// Begins a call.
    pub(crate) fn begin(ground: Ground, busy_timeout: Duration, deadline: Option<Deadline>) -> Call {
        let outer = PRESENT.replace(Some(Times { ground, hand_over: None, busy_timeout, give_up: None, deadline }));
        Call { outer, of_this_thread: PhantomData }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        PRESENT.set(self.outer);
    }
}

/// Makes SQLite ask.
pub(crate) fn install(db: &Connection) -> rusqlite::Result<()> {
    let is_to_end = || {
        step_aside();
        is_over()
    };
    db.progress_handler(STEPS, Some(is_to_end))?;
    db.busy_handler(Some(wait))
}

/// Hands the worker's other tasks over where the present call has taken long.
pub(crate) fn step_aside() {
    let Some(mut times) = PRESENT.get() else { return };
    if times.ground == Ground::Thread {
        return;
    }
    let now = Instant::now();
    match times.hand_over {
        None => times.hand_over = Some(now + PATIENCE),
        Some(time) if now < time => return,
        Some(_) => {
            executor::pause();
            times.hand_over = Some(Instant::now() + AGAIN);
        }
    }
    PRESENT.set(Some(times));
}

/// Whether the present call's statement is to end.
fn is_over() -> bool {
    PRESENT.get().and_then(|times| times.deadline).is_some_and(Deadline::is_over)
}

/// Waits a little for a lock, the longer the oftener it was tried; false when the call has waited its time.
fn wait(tries: i32) -> bool {
    let Some(mut times) = PRESENT.get() else { return false };
    let now = Instant::now();
    let give_up = *times.give_up.get_or_insert(now + times.busy_timeout);
    PRESENT.set(Some(times));
    let end = times.deadline.map_or(give_up, |deadline| deadline.or_before(give_up));
    let left = end.saturating_duration_since(now);
    if left.is_zero() {
        return false;
    }
    let time = Duration::from_micros(100 << tries.clamp(0, 8)).min(LONGEST_WAIT).min(left);
    match times.ground {
        Ground::Task => executor::sleep(time),
        Ground::Thread => std::thread::sleep(time),
    }
    true
}
