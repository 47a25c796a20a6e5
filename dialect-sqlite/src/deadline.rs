//! [`Deadline`]: a statement's limit of time.

use std::time::{Duration, Instant};

use creole_core::driver::{overran, overran_with};
use creole_core::{Error, ErrorKind};

/// When a statement that is under way is to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    limit: Duration,
    end: Instant,
}

impl Deadline {
    /// For a statement that begins now. A limit beyond what the clock can say is none.
    pub(crate) fn of(limit: Option<Duration>) -> Option<Deadline> {
        let limit = limit?;
        Some(Deadline { limit, end: Instant::now().checked_add(limit)? })
    }

    /// Whether it has passed.
    pub(crate) fn is_over(self) -> bool {
        self.end <= Instant::now()
    }

    /// The earlier of the two.
    pub(crate) fn or_before(self, time: Instant) -> Instant {
        self.end.min(time)
    }

    /// What an error means under this limit. A wait for a lock that the limit cut short looks to SQLite like one that had all
    /// its time.
    #[cold]
    pub(crate) fn explain(self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::LockTimeout if self.is_over() => {
                let told = overran(self.limit);
                error.into_kind(told.kind(), told.to_string())
            }
            _ => overran_with(error, self.limit),
        }
    }
}
