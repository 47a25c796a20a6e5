//! [`Pool`].

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::{Duration, Instant};

use deadpool::managed::{self, Object, PoolError, TimeoutType, Timeouts};
use futures_util::future::join;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::holder::Holder;
use super::manager::{Manager, lent_at};
use super::{Lease, PoolOptions, maintenance};
use crate::driver::{Driver, PoolShape, Role};
use crate::error::{Error, ErrorKind, Result};
use crate::observe::EventKind;

/// Connections of one role.
pub(super) type Members = managed::Pool<Manager>;

/// The outcome of asking the pool for a connection.
type Visit = std::result::Result<Object<Manager>, PoolError<Error>>;

/// Refused without waiting if no connection is free.
const AT_ONCE: Timeouts = Timeouts { wait: Some(Duration::ZERO), create: None, recycle: None };

/// An engine's connections: alike, or one that writes and several that read.
#[derive(Clone)]
pub(crate) struct Pool {
    inner: Arc<Inner>,
}

/// The pool, as long as something else keeps it alive.
pub(super) struct WeakPool(Weak<Inner>);

struct Inner {
    writers: Members,
    readers: Option<Members>,
    shape: PoolShape,
    options: PoolOptions,
    shared: Arc<Shared>,
}

/// What the pool and the leases know of each other.
pub(super) struct Shared {
    /// How long a rollback on the way back may take, and closing a connection.
    pub(super) release_timeout: Duration,
    closed: AtomicBool,
    in_use: AtomicUsize,
    came_back: Notify,
    writer: Holder,
}

/// What a statement does to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It reads.
    Read,
    /// It writes, or locks.
    Write,
}

/// How many connections a pool has, and what they do.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let mut session = engine.session();
/// session.add(User { email: "dora@example.com".into(), ..Default::default() });
/// session.flush().await?;
/// assert_eq!(engine.status().in_use, 1); // The session's transaction is open.
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// Connections that are open.
    pub open: usize,
    /// Connections that are lent out.
    pub in_use: usize,
    /// Callers that wait for one.
    pub waiting: usize,
}

impl Pool {
    /// Opens a pool and one connection, so that a wrong address or password is known at once.
    pub(crate) async fn open(driver: Arc<dyn Driver>, mut options: PoolOptions) -> Result<Pool> {
        options.validate()?;
        if driver.pool_shape() == PoolShape::Single {
            options = options.idle_timeout(None).max_lifetime(None);
        }
        let members = |role, size| {
            managed::Pool::builder(Manager::new(driver.clone(), role, &options))
                .max_size(size)
                .build()
                .map_err(|_| Error::new(ErrorKind::Config, "the pool could not be set up"))
        };
        let shape = match driver.pool_shape() {
            // One that writes and one that reads would be two.
            PoolShape::OneWriter if options.max_connections == 1 => PoolShape::Single,
            shape => shape,
        };
        let (writers, readers) = match shape {
            PoolShape::Uniform => (members(Role::Writer, options.max_connections)?, None),
            PoolShape::Single => (members(Role::Writer, 1)?, None),
            PoolShape::OneWriter => {
                let readers = options.max_connections - 1;
                (members(Role::Writer, 1)?, Some(members(Role::Reader, readers)?))
            }
        };
        let shared = Arc::new(Shared::new(options.release_timeout));
        let pool = Pool { inner: Arc::new(Inner { writers, readers, shape, options, shared }) };
        drop(pool.acquire(Access::Write).await?);
        pool.fill().await?;
        maintenance::spawn(&pool, &pool.inner.options);
        Ok(pool)
    }

    /// Whether there are connections that only read, outside any write transaction.
    pub(crate) fn has_readers(&self) -> bool {
        self.inner.readers.is_some()
    }

    /// Lends out a connection, waiting for one in the order of asking.
    pub(crate) async fn acquire(&self, access: Access) -> Result<Lease> {
        let inner = &*self.inner;
        let members = match (access, &inner.readers) {
            (Access::Read, Some(readers)) => readers,
            _ => &inner.writers,
        };
        // The clock is read where somebody is told.
        let since = (!inner.options.observers.are_none()).then(Instant::now);
        let object = match (inner.get(members).await, since) {
            (Err(error), Some(since)) => {
                members.manager().tell(EventKind::ConnectionDenied(error.kind(), since.elapsed()));
                return Err(error);
            }
            (object, _) => object?,
        };
        if let Some(since) = since {
            object.tell_lent(since.elapsed());
        }
        if inner.one_writes(members) {
            inner.shared.writer.set(Some(lent_at(Object::metrics(&object))));
        }
        inner.lend(object)
    }

    /// Opens connections up to the minimum that the options ask for.
    pub(super) async fn fill(&self) -> Result<()> {
        let inner = &*self.inner;
        let members = inner.readers.as_ref().unwrap_or(&inner.writers);
        let least = inner.options.min_connections.min(members.status().max_size);
        let mut held = Vec::new();
        while members.status().size < least && !inner.shared.is_closed() {
            // Held at once, because a connection that is given back would be lent out again instead of opening a new one.
            held.push(inner.lend(inner.get(members).await?)?);
        }
        Ok(())
    }

    /// Lends nothing out any more, refuses those who wait, waits for what is lent out, and closes everything within the
    /// release timeout.
    pub(crate) async fn close(&self) {
        let inner = &*self.inner;
        inner.shared.closed.store(true, Ordering::SeqCst);
        let mut idle = Vec::new();
        for members in self.members() {
            // Taken out first, because deadpool would drop them without closing them gracefully.
            idle.append(&mut members.retain(|_, _| false).removed);
            members.close();
        }
        let closings = async {
            for link in idle {
                link.close().await;
            }
        };
        let drained = async {
            loop {
                let came_back = inner.shared.came_back.notified();
                if inner.shared.in_use.load(Ordering::SeqCst) == 0 {
                    return;
                }
                came_back.await;
            }
        };
        let _ = timeout(inner.options.release_timeout, join(closings, drained)).await;
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let open = self.members().map(|members| members.status().size).sum();
        PoolStatus {
            open,
            // A connection handed from one caller straight to the next counts for both for an instant.
            in_use: self.inner.shared.in_use.load(Ordering::SeqCst).min(open),
            waiting: self.members().map(|members| members.manager().waiting.load(Ordering::SeqCst)).sum(),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.inner.shared.is_closed()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Members> {
        std::iter::once(&self.inner.writers).chain(&self.inner.readers)
    }

    pub(super) fn downgrade(&self) -> WeakPool {
        WeakPool(Arc::downgrade(&self.inner))
    }
}

impl WeakPool {
    pub(super) fn upgrade(&self) -> Option<Pool> {
        self.0.upgrade().map(|inner| Pool { inner })
    }
}

impl Inner {
    async fn get(&self, members: &Members) -> Result<Object<Manager>> {
        let mut get = pin!(members.timeout_get(&AT_ONCE));
        // A free connection is had at the first poll, and then no timer is needed. Waiting is boxed, so that the futures of
        // callers that need not wait stay small.
        let visit = match poll_fn(|context| Poll::Ready(get.as_mut().poll(context))).await {
            Poll::Ready(Err(PoolError::Timeout(_))) => Box::pin(self.wait(members, members.get())).await,
            Poll::Ready(visit) => visit,
            Poll::Pending => Box::pin(self.wait(members, get)).await,
        };
        visit.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => closed(),
            _ => self.timed_out(members),
        })
    }

    /// Waits for a connection to come free, to be opened, or to answer a ping.
    async fn wait(&self, members: &Members, visit: impl Future<Output = Visit>) -> Visit {
        let mut visit = pin!(visit);
        // Counted once it is in the queue: whoever sees it waiting and asks then, comes after it.
        if let Poll::Ready(visit) = poll_fn(|context| Poll::Ready(visit.as_mut().poll(context))).await {
            return visit;
        }
        let _waiting = Waiting::new(members);
        timeout(self.options.acquire_timeout, visit).await.unwrap_or(Err(PoolError::Timeout(TimeoutType::Wait)))
    }

    fn lend(&self, object: Object<Manager>) -> Result<Lease> {
        let lease = Lease::new(object, self.shared.clone());
        // It may have been opened while the pool was being closed, which then does not wait for it.
        if self.shared.is_closed() { Err(closed()) } else { Ok(lease) }
    }

    /// Whether these members are the one connection that writes, for which every writer waits.
    fn one_writes(&self, members: &Members) -> bool {
        self.shape != PoolShape::Uniform && std::ptr::eq(members, &self.writers)
    }

    #[cold]
    fn timed_out(&self, members: &Members) -> Error {
        let (status, idle) = (members.status(), members.retain(|_, _| true).retained);
        let mut message = format!(
            "no connection was free within {:.1} s: of at most {}, {}, {} and {}; {}",
            self.options.acquire_timeout.as_secs_f64(),
            status.max_size,
            are(status.size, "open"),
            are(status.size.saturating_sub(idle), "in use"),
            are(idle, "idle"),
            match members.manager().waiting.load(Ordering::SeqCst) {
                0 => "nobody else waits".into(),
                1 => "1 other caller waits".into(),
                others => format!("{others} other callers wait"),
            },
        );
        if self.one_writes(members) {
            message.push_str(&format!("; {}", self.shared.writer));
        }
        if let Some(error) = members.manager().last_error() {
            message.push_str(&format!("; the last attempt to connect failed: {error}"));
        }
        Error::new(ErrorKind::PoolTimeout, message)
    }
}

impl Shared {
    fn new(release_timeout: Duration) -> Shared {
        Shared {
            release_timeout,
            closed: AtomicBool::new(false),
            in_use: AtomicUsize::new(0),
            came_back: Notify::new(),
            writer: Holder::default(),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub(super) fn lent(&self) {
        self.in_use.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn returned(&self) {
        self.in_use.fetch_sub(1, Ordering::SeqCst);
        if self.is_closed() {
            self.came_back.notify_waiters();
        }
    }
}

/// Counts a caller as waiting, as long as it lives.
struct Waiting<'m>(&'m AtomicUsize);

impl<'m> Waiting<'m> {
    fn new(members: &'m Members) -> Waiting<'m> {
        let waiting = &members.manager().waiting;
        waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// "1 is idle", "2 are idle".
fn are(number: usize, what: &str) -> String {
    format!("{number} {} {what}", if number == 1 { "is" } else { "are" })
}

fn closed() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the engine was closed")
}
