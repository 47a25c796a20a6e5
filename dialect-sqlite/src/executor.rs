//! Leaving the executor: how a statement that takes long gets out of the way of Tokio's other tasks.
//!
//! A thread that is about to be held up can hand the other tasks of its Tokio worker to another thread, by
//! `block_in_place`. That works on the workers of a multi-thread runtime. It is refused, by a panic, on a current-thread
//! runtime and inside a `LocalSet`; of the first Tokio tells, of the second it does not, so there it is tried once per
//! thread and the panic is caught (its message shows once, where panics are printed). A panic that aborts can't be caught,
//! so such programs go without.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task;
use tokio::task::coop::consume_budget;

/// How long a pause asks to sleep. It ends when the system's timer next looks, some 50 µs later.
const PAUSE: Duration = Duration::from_micros(5);

/// How long the statements of one thread run before its other tasks have a turn.
const TURN: Duration = Duration::from_millis(1);

/// How many calls there are between two looks at the clock for that.
const LOOK: u32 = 16;

thread_local! {
    /// How many calls there were on this thread since the clock was looked at.
    static CALLS: Cell<u32> = const { Cell::new(0) };

    /// When the thread's other tasks last had a turn.
    static LAST_TURN: Cell<Option<Instant>> = const { Cell::new(None) };

    /// Whether handing over is of use on this thread, once that is known.
    static USEFUL: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Lets other tasks go first where this thread has run statements for a while.
///
/// Tokio's own budget makes a loop of statements yield at every 128th, which is too rare where each takes a tenth of a
/// millisecond; so the clock has a say too.
pub(crate) async fn share() {
    consume_budget().await;
    if is_turn_over() {
        task::yield_now().await;
    }
}

/// Runs `work`, which may hold this thread up, with the worker's other tasks handed to another thread where that can be
/// done.
pub(crate) fn outside<R>(mut work: impl FnMut() -> R) -> R {
    if !is_useful() {
        return work();
    }
    let mut started = false;
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        task::block_in_place(|| {
            started = true;
            work()
        })
    }));
    match outcome {
        Ok(result) => result,
        Err(payload) if started => panic::resume_unwind(payload),
        Err(_) => {
            USEFUL.set(Some(false));
            work()
        }
    }
}

/// Hands the worker's other tasks over and goes on: for a query that is under way. Tokio takes them back at the end of the
/// pause if the other thread has not taken them by then, so this is to be repeated; once they are gone it costs little.
pub(crate) fn pause() {
    if is_useful() {
        sleep(PAUSE);
    }
}

/// Sleeps without holding up other tasks.
pub(crate) fn sleep(time: Duration) {
    outside(|| thread::sleep(time));
}

/// Looks at the clock at every so manieth call only.
fn is_turn_over() -> bool {
    let calls = CALLS.get() + 1;
    if calls < LOOK {
        CALLS.set(calls);
        return false;
    }
    CALLS.set(0);
    let now = Instant::now();
    if LAST_TURN.get().is_some_and(|last| now.duration_since(last) < TURN) {
        return false;
    }
    LAST_TURN.set(Some(now));
    true
}

fn is_useful() -> bool {
    if cfg!(panic = "abort") || USEFUL.get() == Some(false) {
        return false;
    }
    if USEFUL.get().is_none() {
        // The main thread is never a worker: the tasks it could hold up are its own.
        let is_main = thread::current().name() == Some("main");
        USEFUL.set(Some(!is_main));
        if is_main {
            return false;
        }
    }
    // Asked every time, because one thread can serve several runtimes in turn.
    Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread)
}
