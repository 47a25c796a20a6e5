//! How deadpool makes links and checks them before they are lent out again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};

use super::limits::Limits;
use super::link::Marked;
use super::{Link, PoolOptions};
use crate::driver::{Driver, PoolShape, Role};
use crate::error::{Error, ErrorKind};
use crate::observe::{Event, EventKind, Observers, Watch};

/// Makes and checks the links of one role.
pub(super) struct Manager {
    driver: Arc<dyn Driver>,
    role: Role,
    max_lifetime: Option<Duration>,
    ping_after: Duration,
    limits: Limits,
    /// How many callers wait for one of these links.
    pub(super) waiting: AtomicUsize,
    last_error: Mutex<Option<String>>,
    pub(super) observers: Observers,
}

impl Manager {
    pub(super) fn new(driver: Arc<dyn Driver>, role: Role, options: &PoolOptions) -> Manager {
        Manager {
            limits: Limits::new(options, driver.pool_shape()),
            driver,
            role,
            max_lifetime: options.max_lifetime,
            ping_after: options.ping_after,
            waiting: AtomicUsize::new(0),
            last_error: Mutex::new(None),
            observers: options.observers.clone(),
        }
    }

    /// What the last attempt to connect failed with, if no later one succeeded.
    pub(super) fn last_error(&self) -> Option<String> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something has happened that is of no connection.
    pub(super) fn tell(&self, kind: EventKind<'_>) {
        self.observers.tell(&Event { backend: self.driver.dialect().name(), connection: None, kind });
    }

    fn remember(&self, error: Option<&Error>) {
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = error.map(Error::to_string);
    }
}

impl managed::Manager for Manager {
    // In a box, because deadpool moves it several times on each visit.
    type Type = Box<Link>;
    type Error = Error;

    async fn create(&self) -> Result<Box<Link>, Error> {
        let since = Instant::now();
        match self.driver.connect(self.role).await {
            Ok(connection) => {
                self.remember(None);
                let expires = self.max_lifetime.and_then(|lifetime| Instant::now().checked_add(jittered(lifetime)));
                let marked = match self.driver.pool_shape() {
                    PoolShape::Single => Marked::Never,
                    PoolShape::Uniform | PoolShape::OneWriter => Marked::Clean,
                };
                let dialect = self.driver.dialect();
                let observed = Watch::new(&self.observers, dialect.name(), since);
                Ok(Box::new(Link::new(connection, dialect, observed, self.limits, marked, expires)))
            }
            Err(error) => {
                self.remember(Some(&error));
                self.tell(EventKind::ConnectionFailed(error.kind(), since.elapsed()));
                Err(error)
            }
        }
    }

    async fn recycle(&self, link: &mut Box<Link>, metrics: &Metrics) -> RecycleResult<Error> {
        if !link.is_idle() {
            return Err(RecycleError::message("left in an unknown state"));
        }
        // The clock is read once: reading it costs a few hundred instructions.
        let now = Instant::now();
        if link.expires.is_some_and(|expires| expires <= now) {
            return Err(RecycleError::message("past its lifetime"));
        }
        if now.saturating_duration_since(lent_at(metrics)) < self.ping_after {
            return Ok(());
        }
        match tokio::time::timeout(self.limits.release, link.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(RecycleError::Backend(error)),
            Err(_) => Err(RecycleError::Backend(Error::new(ErrorKind::ConnectionLost, "no answer to a ping"))),
        }
    }
}

/// When a link was last lent out, by the time that deadpool read.
pub(super) fn lent_at(metrics: &Metrics) -> Instant {
    metrics.recycled.unwrap_or(metrics.created)
}

/// A lifetime less up to a tenth of it, so that connections opened together are not closed together.
fn jittered(lifetime: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    lifetime - lifetime.mul_f64(0.1 * (random as f64 / u64::MAX as f64))
}
