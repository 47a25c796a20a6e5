//! Getting out of the executor's way.
//!
//! A thread that is about to be held up can hand the other tasks of its Tokio worker to another thread, by
//! `block_in_place`. That works on the workers of a multi-thread runtime. It is refused, by a panic, on a current-thread
//! runtime and inside a `LocalSet`; of the first Tokio tells, of the second it does not, so there it is tried once per
//! thread and the panic is caught. A panic that aborts can't be caught, so such programs go without.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task;

/// How long a pause asks to sleep. It ends when the system's timer next looks, some 50 µs later.
const PAUSE: Duration = Duration::from_micros(5);

thread_local! {
    /// Whether handing over is of use on this thread, once that is known.
    static USEFUL: Cell<Option<bool>> = const { Cell::new(None) };
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
/// pause if the other thread has not got hold of them by then, so this is to be repeated; once they are gone it costs little.
pub(crate) fn pause() {
    if is_useful() {
        sleep(PAUSE);
    }
}

/// Sleeps without holding up other tasks.
pub(crate) fn sleep(time: Duration) {
    outside(|| thread::sleep(time));
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
