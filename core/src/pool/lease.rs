//! [`Lease`]: a link that is lent out, and how it comes back.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::Object;
use tokio::runtime::Handle;

use super::Link;
use super::manager::Manager;
use super::pool::Shared;

/// A link that is lent out. Dropping it gives it back: at once where it is idle, after a rollback in the background where
/// a transaction is open, and not at all where nobody knows its state.
pub(crate) struct Lease {
    object: Option<Object<Manager>>,
    shared: Arc<Shared>,
    release_timeout: Duration,
}

impl Lease {
    pub(super) fn new(object: Object<Manager>, shared: Arc<Shared>, release_timeout: Duration) -> Lease {
        shared.lent();
        Lease { object: Some(object), shared, release_timeout }
    }
}

impl Deref for Lease {
    type Target = Link;

    #[allow(clippy::expect_used, reason = "the object is there until the lease is dropped")]
    fn deref(&self) -> &Link {
        self.object.as_ref().expect("a lease holds its link until it is dropped")
    }
}

impl DerefMut for Lease {
    #[allow(clippy::expect_used, reason = "the object is there until the lease is dropped")]
    fn deref_mut(&mut self) -> &mut Link {
        self.object.as_mut().expect("a lease holds its link until it is dropped")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let returning = Returning { object: Some(object), shared: self.shared.clone() };
        if returning.is_clean() {
            return;
        }
        let rolls_back = returning.object.as_ref().is_some_and(|object| object.is_sound());
        let Ok(runtime) = Handle::try_current() else { return };
        if rolls_back {
            let timeout = self.release_timeout;
            runtime.spawn(async move { returning.roll_back(timeout).await });
        }
    }
}

/// A link on its way back. Where this is dropped before the link is proven idle, the link is closed.
struct Returning {
    object: Option<Object<Manager>>,
    shared: Arc<Shared>,
}

impl Returning {
    fn is_clean(&self) -> bool {
        self.object.as_ref().is_some_and(|object| object.is_idle()) && !self.shared.is_closed()
    }

    /// Rolls the open transaction back, if that takes no longer than `timeout`.
    async fn roll_back(mut self, timeout: Duration) {
        let Some(object) = self.object.as_mut() else { return };
        let is_rolled_back = tokio::time::timeout(timeout, object.rollback()).await.is_ok();
        if !is_rolled_back || !self.shared.is_closed() || !object.is_idle() {
            return;
        }
        if let Some(object) = self.object.take() {
            let _ = tokio::time::timeout(timeout, Object::take(object).close()).await;
        }
    }
}

impl Drop for Returning {
    fn drop(&mut self) {
        if !self.is_clean() {
            // Taken out of its pool, a link is closed and its place is free for a new one.
            if let Some(object) = self.object.take() {
                drop(Object::take(object));
            }
        }
        // Given back before it counts as returned, so that whoever waits for the count finds it.
        drop(self.object.take());
        self.shared.returned();
    }
}
