//! [`Lease`]: a link that is lent out, and how it comes back.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use deadpool::managed::Object;
use tokio::runtime::Handle;

use super::Link;
use super::manager::Manager;
use super::pool::Shared;

/// A link that is lent out. Dropping it gives it back: at once if it is idle, after a rollback in the background if a
/// transaction is open or a stream left rows unread, and not at all if its state is unknown.
pub(crate) struct Lease {
    object: Option<Object<Manager>>,
    shared: Arc<Shared>,
}

impl Lease {
    pub(super) fn new(object: Object<Manager>, shared: Arc<Shared>) -> Lease {
        shared.lent();
        Lease { object: Some(object), shared }
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
        let Some(mut object) = self.object.take() else { return };
        object.given_back();
        if object.is_idle() && !self.shared.is_closed() {
            drop(object);
            self.shared.returned();
            return;
        }
        let rolls_back = object.is_sound() || object.is_fetching();
        let returning = Returning { object: Some(object), shared: self.shared.clone() };
        let Ok(runtime) = Handle::try_current() else { return };
        if rolls_back {
            runtime.spawn(async move { returning.roll_back().await });
        }
    }
}

/// A link on its way back. If this is dropped before the link is proven idle, the link is closed.
struct Returning {
    object: Option<Object<Manager>>,
    shared: Arc<Shared>,
}

impl Returning {
    fn is_clean(&self) -> bool {
        self.object.as_ref().is_some_and(|object| object.is_idle()) && !self.shared.is_closed()
    }

    /// Rolls the open transaction back, if that takes no longer than the release timeout.
    async fn roll_back(mut self) {
        let timeout = self.shared.release_timeout;
        let Some(object) = self.object.as_mut() else { return };
        let is_rolled_back = tokio::time::timeout(timeout, object.rollback()).await.is_ok();
        if !is_rolled_back || !(object.is_marked() || self.shared.is_closed()) {
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
            // Taken out of its pool, a link is closed and there is room for a new one.
            if let Some(object) = self.object.take() {
                drop(Object::take(object));
            }
        }
        // Given back before it counts as returned, so that whoever waits for the count finds it.
        drop(self.object.take());
        self.shared.returned();
    }
}
