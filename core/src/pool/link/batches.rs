//! Rows for a stream, which may leave them unread.

use std::time::Duration;

use super::{Activity, Link};
use crate::driver::{BatchSink, Compiled};
use crate::error::{Effect, Result};
use crate::pool::away::Away;
use crate::pool::limits::within;

/// Waits for the rows of a fetch. If it is dropped before their end, the fetch goes on by itself.
struct Reader<'l>(&'l mut Link);

impl Link {
    /// Whether it fetches rows for a stream: it will be sound, unless that takes too long.
    pub(in crate::pool) fn is_fetching(&self) -> bool {
        self.activity == Activity::Fetching
    }

    /// Fetches rows for a stream. If the future is dropped, the rest is read away before the next call.
    pub(crate) async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        self.ready().await;
        self.watch(statement).await?;
        self.admit(statement)?;
        let connection = self.connection.take().ok_or_else(|| self.lost())?;
        let running = self.running(statement);
        let sink = match &running {
            Some(running) => Box::new(running.counting_batches(sink)),
            None => sink,
        };
        self.away = Some(Away::begin(connection, statement, sink));
        self.activity = Activity::Fetching;
        let reader = Reader(self);
        let result = reader.0.come_back().await;
        drop(reader);
        let result = self.leave(result, statement);
        if let Some(running) = running {
            running.ended(result.as_ref().err());
        }
        self.unwatch(result).await
    }

    /// Waits for a connection that fetches rows which are no longer wanted.
    pub(super) async fn ready(&mut self) {
        if self.is_fetching() {
            Box::pin(self.read_away(self.limits.release)).await;
        }
    }

    #[cold]
    pub(super) async fn read_away(&mut self, limit: Duration) {
        match within(limit, self.come_back()).await {
            // The result is not waited for. What an error did to the transaction is recorded, and the next call is told.
            Some(result) => {
                let settled = self.settle(result);
                drop(self.unwatch(settled).await);
            }
            None => {
                self.away = None;
                self.activity = Activity::GivenUp;
            }
        }
    }

    /// Waits for the end of a fetch in batches.
    pub(super) async fn come_back(&mut self) -> Result<()> {
        let back = match &mut self.away {
            Some(away) => away.back().await,
            None => None,
        };
        self.away = None;
        match back {
            Some(back) => {
                self.connection = Some(back.connection);
                back.result
            }
            None => Err(self.lost().with_effect(Effect::Disconnected)),
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let Link { away, activity, .. } = &mut *self.0;
        if std::thread::panicking() {
            // It may be the fetch that panicked, and then it can't go on.
            (*away, *activity) = (None, Activity::Lost);
        }
        if let Some(away) = away {
            away.detach();
        }
    }
}
