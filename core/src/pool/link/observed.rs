//! What observers are told of a connection.

use std::panic::Location;
use std::time::{Duration, Instant};

use super::transaction::Transaction;
use super::{Activity, Link};
use crate::driver::Compiled;
use crate::observe::{Closed, EventKind, Running, TransactionEnd};

impl Link {
    /// The statements that follow were asked for here.
    pub(crate) fn set_caller(&mut self, caller: Option<&'static Location<'static>>) {
        if let Some(watch) = &mut self.observed {
            watch.called_from(caller);
        }
    }

    /// Somebody had to wait for it so long.
    pub(in crate::pool) fn tell_lent(&self, waited: Duration) {
        self.tell(EventKind::ConnectionLent(waited));
    }

    /// Something has happened on it.
    pub(crate) fn tell(&self, kind: EventKind<'_>) {
        if let Some(watch) = &self.observed {
            watch.tell(kind);
        }
    }

    /// A statement that is sent, where somebody wants to know what becomes of it.
    pub(super) fn running(&self, statement: &Compiled<'_>) -> Option<Running> {
        self.observed.as_ref().map(|watch| watch.statement(statement))
    }

    pub(super) fn tell_begun(&mut self, reads_only: bool) {
        if let Some(watch) = &mut self.observed {
            watch.transaction_begun(reads_only);
        }
    }

    pub(super) fn tell_ended(&mut self, end: TransactionEnd) {
        if let Some(watch) = &mut self.observed {
            watch.transaction_ended(end);
        }
    }

    /// How the transaction ends that nobody commits.
    pub(super) fn uncommitted_end(&self) -> TransactionEnd {
        match self.transaction {
            Transaction::Committing => TransactionEnd::Unknown,
            _ => TransactionEnd::RolledBack,
        }
    }

    /// Why it is closed, as it is now.
    fn why_closed(&self) -> Closed {
        match self.activity {
            Activity::Lost => Closed::Lost,
            Activity::Busy | Activity::Fetching | Activity::GivenUp => Closed::CutOff,
            Activity::Ready if self.is_marked() => Closed::UsedUp,
            Activity::Ready if self.expires.is_some_and(|expires| expires <= Instant::now()) => Closed::Expired,
            Activity::Ready => Closed::Idle,
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.observed.is_none() {
            return;
        }
        let (why, end) = (self.why_closed(), self.uncommitted_end());
        self.tell_ended(end);
        if let Some(watch) = &self.observed {
            watch.tell(EventKind::ConnectionClosed(why));
        }
    }
}
