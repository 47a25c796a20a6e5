//! [`Away`]: a connection that fetches rows for a stream, and comes back when it has done so.
//!
//! A stream may be dropped at any row. If the driver's call were dropped with it, the state of the connection would be unknown;
//! so the call owns the connection and goes on without the stream, until the driver has noticed that no more rows are wanted
//! and is ready for the next statement.

use std::future::ready;
use std::mem;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::driver::{BatchSink, Compiled, Connection};
use crate::error::Result;

/// A connection that is fetching rows. Dropping it closes the connection.
pub(super) struct Away {
    fetch: BoxFuture<'static, Option<Back>>,
}

/// A connection that is ready for its next statement, and the outcome of the last one.
pub(super) struct Back {
    pub(super) connection: Box<dyn Connection>,
    pub(super) result: Result<()>,
}

impl Away {
    /// Starts a fetch on a connection. Nothing is sent to the server before the first wait for it.
    pub(super) fn begin(
        mut connection: Box<dyn Connection>,
        statement: &Compiled<'_>,
        sink: Box<dyn BatchSink>,
    ) -> Away {
        let statement = statement.to_owned();
        Away {
            fetch: Box::pin(async move {
                let result = connection.fetch_batches(&statement, sink).await;
                Some(Back { connection, result })
            }),
        }
    }

    /// Waits for the connection. `None` if it will not come back: its runtime ended, or its sink panicked.
    pub(super) async fn back(&mut self) -> Option<Back> {
        (&mut self.fetch).await
    }

    /// Lets it go on by itself if there is a runtime. Else it goes on when it is waited for.
    pub(super) fn detach(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let fetch = mem::replace(&mut self.fetch, Box::pin(ready(None)));
        let mut task = Task(runtime.spawn(fetch));
        self.fetch = Box::pin(async move { (&mut task.0).await.ok().flatten() });
    }
}

/// A task that is aborted when it is no longer waited for.
struct Task(JoinHandle<Option<Back>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
