//! [`Limits`]: how long a link waits for its server.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::PoolOptions;
use crate::driver::PoolShape;

/// How long reading away unread rows may take if another connection can be had as fast.
const REST: Duration = Duration::from_millis(100);

/// How long a link waits for its server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// For the answer to ROLLBACK, also to a savepoint, and for the end of rows that a stream left unread within a transaction.
    pub(super) release: Duration,
    /// For the answer to COMMIT.
    pub(super) commit: Option<Duration>,
    /// For the end of such rows where closing the connection would lose no work.
    pub(super) rest: Duration,
}

impl Limits {
    pub(super) fn new(options: &PoolOptions, shape: PoolShape) -> Limits {
        let release = options.release_timeout;
        let rest = match shape {
            PoolShape::Uniform => release.min(REST),
            // Others wait for the writer, or the connection is the database itself.
            PoolShape::OneWriter | PoolShape::Single => release,
        };
        Limits { release, commit: options.commit_timeout, rest }
    }
}

/// As [`within`] if there may be no limit.
pub(super) async fn within_some<F: Future>(limit: Option<Duration>, future: F) -> Option<F::Output> {
    match limit {
        Some(limit) => within(limit, future).await,
        None => Some(future.await),
    }
}

/// Awaits a future for at most `limit`; `None` if it takes longer. What is ready at the first look needs no timer.
pub(super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(output) => Some(output),
        Poll::Pending => tokio::time::timeout(limit, future).await.ok(),
    }
}
