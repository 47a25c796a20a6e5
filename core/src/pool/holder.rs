//! How long the one connection that writes has been held, for the message of a timeout.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// When the writer was lent out.
#[derive(Default)]
pub(super) struct Holder {
    since: Mutex<Option<Instant>>,
}

impl Holder {
    pub(super) fn set(&self, since: Option<Instant>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    fn since(&self) -> Option<Instant> {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.since() {
            Some(since) => write!(
                f,
                "the one connection that writes has been held for {:.1} s by another session or transaction; if it is one \
                 of this task's own, commit it or drop it first",
                since.elapsed().as_secs_f64()
            ),
            None => f.write_str("the one connection that writes is being opened"),
        }
    }
}
