//! [`PoolOptions`].

use std::time::Duration;

use super::limits::within;
use crate::error::{Error, ErrorKind, Result};
use crate::observe::{Observer, Observers};

/// More than one address can have to one server: ports have 16 bits. deadpool allocates room for all of them.
const MOST_CONNECTIONS: usize = 1 << 16;

/// How an engine's pool behaves. `Engine::builder(url)` has a method of the same name for each of its options.
///
/// ```
/// use std::time::Duration;
///
/// use creole::prelude::*;
///
/// # #[tokio::main]
/// # async fn main() -> creole::Result<()> {
/// let engine = Engine::builder("sqlite::memory:")
///     .max_connections(4)
///     .acquire_timeout(Duration::from_secs(3))
///     .idle_timeout(None)
///     .connect()
///     .await?;
/// assert_eq!(engine.status().in_use, 0);
/// engine.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "options do nothing until an engine is opened with them"]
pub struct PoolOptions {
    pub(super) max_connections: usize,
    pub(super) min_connections: usize,
    pub(super) acquire_timeout: Duration,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) max_lifetime: Option<Duration>,
    pub(super) ping_after: Duration,
    pub(super) release_timeout: Duration,
    pub(super) commit_timeout: Option<Duration>,
    repeats: Option<u32>,
    pub(super) observers: Observers,
}

impl Default for PoolOptions {
    fn default() -> PoolOptions {
        PoolOptions {
            max_connections: 10,
            min_connections: 0,
            acquire_timeout: Duration::from_secs(10),
            idle_timeout: Some(Duration::from_secs(600)),
            max_lifetime: Some(Duration::from_secs(1_800)),
            ping_after: Duration::from_secs(30),
            release_timeout: Duration::from_secs(5),
            commit_timeout: Some(Duration::from_secs(300)),
            repeats: None,
            observers: Observers::default(),
        }
    }
}

impl PoolOptions {
    /// At most this many connections; 10 by default, and never more than 65,536. On SQLite one of them writes and the
    /// others read.
    ///
    /// ```
    /// let options = creole::PoolOptions::default().max_connections(32);
    /// ```
    pub fn max_connections(mut self, connections: usize) -> PoolOptions {
        self.max_connections = connections.min(MOST_CONNECTIONS);
        self
    }

    /// Keeps this many connections open even when idle; 0 by default.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").min_connections(1).connect().await?;
    /// assert!(engine.status().open >= 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn min_connections(mut self, connections: usize) -> PoolOptions {
        self.min_connections = connections;
        self
    }

    /// How long to wait for a connection before [`PoolTimeout`](ErrorKind::PoolTimeout); 10 s by default. Opening a new
    /// connection counts as waiting, and so does finding out which database there is when an engine is opened.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    /// use std::time::Duration;
    ///
    /// let options = Engine::builder("sqlite::memory:?connections=1").acquire_timeout(Duration::from_millis(50));
    /// let engine = options.connect().await?;
    /// let mut session = engine.session();
    /// sql!("create table a (b int)").exec(&mut session).await?; // Has the only connection from here on.
    /// let error = sql!("select 1").scalars::<i64>().one(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::PoolTimeout);
    /// # Ok(())
    /// # }
    /// ```
    pub fn acquire_timeout(mut self, timeout: Duration) -> PoolOptions {
        self.acquire_timeout = timeout;
        self
    }

    /// Closes connections that have been idle for this long; 10 minutes by default, `None` for never.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let options = creole::PoolOptions::default().idle_timeout(Duration::from_secs(60));
    /// let options = options.idle_timeout(None); // Never closed for being idle.
    /// ```
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> PoolOptions {
        self.idle_timeout = timeout.into();
        self
    }

    /// Closes connections of this age, less a random part of up to a tenth, so that they do not all go at once; 30 minutes
    /// by default, `None` for never.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let options = creole::PoolOptions::default().max_lifetime(Duration::from_secs(3_600));
    /// ```
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> PoolOptions {
        self.max_lifetime = lifetime.into();
        self
    }

    /// Pings a connection that has been idle for this long before it is lent out; 30 s by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let options = creole::PoolOptions::default().ping_after(Duration::from_secs(5));
    /// ```
    pub fn ping_after(mut self, idle: Duration) -> PoolOptions {
        self.ping_after = idle;
        self
    }

    /// How long a ping, a rollback, the rest of a stream that was left within a transaction, and `Engine::close` may take; 5 s
    /// by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let options = creole::PoolOptions::default().release_timeout(Duration::from_secs(1));
    /// ```
    pub fn release_timeout(mut self, timeout: Duration) -> PoolOptions {
        self.release_timeout = timeout;
        self
    }

    /// How long to wait for the answer to COMMIT before [`CommitUnknown`](ErrorKind::CommitUnknown); 5 minutes by default, `None`
    /// forever. The connection is closed then, and whether the work was saved is unknown: so this is for connections that went
    /// silent, and should be longer than any COMMIT takes.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let options = creole::PoolOptions::default().commit_timeout(Duration::from_secs(30));
    /// let options = options.commit_timeout(None); // Waits forever.
    /// ```
    pub fn commit_timeout(mut self, timeout: impl Into<Option<Duration>>) -> PoolOptions {
        self.commit_timeout = timeout.into();
        self
    }

    /// Warns where one text reads rows more than so many times, as a program does that sends a statement for each row; off by
    /// default. What is counted together, and what the warning says, is told in `creole::guide::relations`.
    ///
    /// ```
    /// let options = creole::PoolOptions::default().warn_repeated(20);
    /// ```
    pub fn warn_repeated(mut self, times: u32) -> PoolOptions {
        self.repeats = Some(times);
        self
    }

    /// Has an [`Observer`] told what the engine does. Several are told in the order in which they were given.
    ///
    /// ```
    /// use creole::observe::Event;
    ///
    /// let options = creole::PoolOptions::default().observe(|event: &Event<'_>| println!("{event:?}"));
    /// ```
    pub fn observe(mut self, observer: impl Observer) -> PoolOptions {
        self.observers = self.observers.and(observer);
        self
    }

    /// How many times one text may read rows without a warning.
    pub(crate) fn repeats(&self) -> Option<u32> {
        self.repeats
    }

    /// Waits for a driver as long as for a connection.
    pub(crate) async fn find<D>(&self, driver: impl Future<Output = Result<D>>) -> Result<D> {
        let limit = self.acquire_timeout;
        within(limit, driver).await.unwrap_or_else(|| {
            let message = format!("the database did not answer within {:.1} s (acquire_timeout)", limit.as_secs_f64());
            Err(Error::new(ErrorKind::PoolTimeout, message))
        })
    }

    pub(super) fn validate(&self) -> Result<()> {
        if self.max_connections == 0 {
            return Err(Error::new(ErrorKind::Config, "max_connections must be at least 1"));
        }
        if self.min_connections > self.max_connections {
            return Err(Error::new(ErrorKind::Config, "min_connections must not exceed max_connections"));
        }
        Ok(())
    }
}
