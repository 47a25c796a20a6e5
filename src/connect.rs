//! From a URL to an engine.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use creole_core::driver::Driver;
use creole_core::pool::PoolOptions;
use creole_core::{Engine, Error, ErrorKind, Result};

use crate::sealed::Sealed;

/// Opening an [`Engine`] by its URL. In the prelude, so that `Engine::connect(url)` is there.
///
/// | URL | database |
/// | --- | --- |
/// | `sqlite:app.db`, `sqlite:///var/lib/app.db`, `sqlite::memory:` | SQLite, feature `sqlite` (default) |
/// | `postgres://user:password@host:5432/database` | PostgreSQL, feature `postgres` |
/// | `mysql://user:password@host:3306/database`, `mariadb://…` | MySQL or MariaDB, whichever answers, feature `mysql` |
///
/// Characters that mean something in a URL are percent-encoded in names and passwords. Options follow after a `?`; each
/// dialect crate's `open` lists its own. `sqlite::memory:?connections=1` is faster than `sqlite::memory:`, but its database goes
/// with its one connection: when a statement's future is dropped half-way, or a session with an open transaction is dropped
/// outside a Tokio runtime.
pub trait Connect: Sealed {
    /// Opens an engine with the default [`PoolOptions`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// assert_eq!(sql!("select 1").scalars::<i64>().one(&engine).await?, 1);
    ///
    /// let error = Engine::connect("oracle://localhost/app").await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Config);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) where the URL is wrong or its backend is not compiled in;
    /// [`ConnectionLost`](ErrorKind::ConnectionLost), [`Auth`](ErrorKind::Auth) or [`Tls`](ErrorKind::Tls) where the
    /// database can't be reached. No message holds the password.
    fn connect(url: &str) -> impl Future<Output = Result<Engine>> + Send;

    /// Prepares an engine whose pool behaves otherwise.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").max_connections(4).connect().await?;
    /// assert!(engine.status().open >= 1);
    /// # Ok(())
    /// # }
    /// ```
    fn builder(url: &str) -> EngineBuilder;
}

impl Sealed for Engine {}

impl Connect for Engine {
    async fn connect(url: &str) -> Result<Engine> {
        Engine::builder(url).connect().await
    }

    fn builder(url: &str) -> EngineBuilder {
        EngineBuilder { url: url.to_owned(), options: PoolOptions::default() }
    }
}

/// An engine that is not open yet; see [`PoolOptions`] for the defaults.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use std::time::Duration;
///
/// use creole::prelude::*;
///
/// let engine = Engine::builder("sqlite::memory:")
///     .max_connections(20)
///     .acquire_timeout(Duration::from_secs(2))
///     .idle_timeout(Duration::from_secs(60))
///     .connect()
///     .await?;
/// assert_eq!(engine.status().in_use, 0);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is opened until `.connect().await`"]
pub struct EngineBuilder {
    url: String,
    options: PoolOptions,
}

impl EngineBuilder {
    /// At most this many connections. On SQLite one of them writes and the others read.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").max_connections(32).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_connections(mut self, connections: usize) -> EngineBuilder {
        self.options = self.options.max_connections(connections);
        self
    }

    /// Keeps this many connections open even when idle.
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
    pub fn min_connections(mut self, connections: usize) -> EngineBuilder {
        self.options = self.options.min_connections(connections);
        self
    }

    /// How long to wait for a connection before [`PoolTimeout`](ErrorKind::PoolTimeout).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use std::time::Duration;
    ///
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").acquire_timeout(Duration::from_secs(3)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn acquire_timeout(mut self, timeout: Duration) -> EngineBuilder {
        self.options = self.options.acquire_timeout(timeout);
        self
    }

    /// Closes connections that have been idle for this long; `None` for never.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").idle_timeout(None).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> EngineBuilder {
        self.options = self.options.idle_timeout(timeout);
        self
    }

    /// Closes connections of about this age; `None` for never.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use std::time::Duration;
    ///
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").max_lifetime(Duration::from_secs(3_600)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> EngineBuilder {
        self.options = self.options.max_lifetime(lifetime);
        self
    }

    /// Pings a connection that has been idle for this long before it is lent out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use std::time::Duration;
    ///
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").ping_after(Duration::from_secs(5)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn ping_after(mut self, idle: Duration) -> EngineBuilder {
        self.options = self.options.ping_after(idle);
        self
    }

    /// How long a ping, a rollback, the rest of a stream that was left within a transaction, and `Engine::close` may take.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use std::time::Duration;
    ///
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").release_timeout(Duration::from_secs(1)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn release_timeout(mut self, timeout: Duration) -> EngineBuilder {
        self.options = self.options.release_timeout(timeout);
        self
    }

    /// How long to wait for the answer to COMMIT before [`CommitUnknown`](ErrorKind::CommitUnknown); `None` for no limit.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use std::time::Duration;
    ///
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").commit_timeout(Duration::from_secs(30)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn commit_timeout(mut self, timeout: impl Into<Option<Duration>>) -> EngineBuilder {
        self.options = self.options.commit_timeout(timeout);
        self
    }

    /// Warns by `tracing` where one text reads rows more than so many times within one session or task, as a program does
    /// that sends a statement for each row (N + 1). The warning says where in the program that is, and which relation to load
    /// instead; see [Finding N + 1](crate::guide::relations#finding-n--1). Off unless it is asked for, but in tests of
    /// [`#[creole::test]`](crate::test).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let builder = Engine::builder("sqlite::memory:");
    /// let builder = if cfg!(debug_assertions) { builder.warn_repeated(20) } else { builder };
    /// let engine = builder.connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn warn_repeated(mut self, times: u32) -> EngineBuilder {
        self.options = self.options.warn_repeated(times);
        self
    }

    /// Has an [`Observer`](crate::observe::Observer) told what the engine does: statements with their duration and rows,
    /// transactions, connections, flushes. It may be called several times, and each observer is told.
    ///
    /// ```
    /// use creole::observe::{Event, EventKind};
    /// use creole::prelude::*;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// let slow = |event: &Event<'_>| {
    ///     if let EventKind::StatementEnded(statement, outcome) = &event.kind
    ///         && outcome.took.as_millis() > 200
    ///     {
    ///         eprintln!("{:?}: {} took {:?} for {} rows", statement.caller, statement.text, outcome.took, outcome.rows);
    ///     }
    /// };
    /// let engine = Engine::builder("sqlite::memory:").observe(slow).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe(mut self, observer: impl creole_core::observe::Observer) -> EngineBuilder {
        self.options = self.options.observe(observer);
        self
    }

    /// Opens the engine, and one connection.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// let engine = Engine::builder("sqlite::memory:").connect().await?;
    /// assert_eq!(engine.dialect().name(), "sqlite");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Connect::connect`]; [`PoolTimeout`](ErrorKind::PoolTimeout) where that takes longer than the acquire timeout.
    pub async fn connect(self) -> Result<Engine> {
        Engine::open_by(open_driver(&self.url), self.options).await
    }
}

/// Shows the backend and never the URL, which may hold a password.
impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder")
            .field("scheme", &known_scheme(&self.url).unwrap_or("?"))
            .field("options", &self.options)
            .finish()
    }
}

/// The driver of a URL. A backend is a line here.
pub(crate) async fn open_driver(url: &str) -> Result<Arc<dyn Driver>> {
    match scheme(url) {
        #[cfg(feature = "sqlite")]
        Some("sqlite") => creole_sqlite::open(url).await,
        #[cfg(feature = "postgres")]
        Some("postgres" | "postgresql") => creole_postgres::open(url).await,
        #[cfg(feature = "mysql")]
        Some("mysql" | "mariadb") => creole_mysql::open(url).await,
        #[cfg(not(feature = "sqlite"))]
        Some("sqlite") => Err(not_compiled_in("SQLite", "sqlite")),
        #[cfg(not(feature = "postgres"))]
        Some("postgres" | "postgresql") => Err(not_compiled_in("PostgreSQL", "postgres")),
        #[cfg(not(feature = "mysql"))]
        Some("mysql" | "mariadb") => Err(not_compiled_in("MySQL and MariaDB", "mysql")),
        _ => Err(unknown_scheme(url)),
    }
}

#[cold]
fn unknown_scheme(url: &str) -> Error {
    const KNOWN: &str = "begins with sqlite:, postgres://, mysql:// or mariadb://";
    let message = match foreign_scheme(url) {
        Some(scheme) => format!("`{scheme}://` is no backend of creole; a database URL {KNOWN}"),
        None => format!("the database URL has no scheme that creole knows; it {KNOWN}"),
    };
    Error::new(ErrorKind::Config, message)
}

/// A scheme that is not creole's, where it is one beyond doubt. Before a mere colon may stand a user's name, or a password
/// whose URL was cut off.
fn foreign_scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once("://")?;
    let begins_well = scheme.starts_with(|sign: char| sign.is_ascii_alphabetic());
    let is_one = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (begins_well && is_one && scheme.len() <= 20).then_some(scheme)
}

/// The scheme, where it is one of creole's: what else stands before a colon may be anything, a secret too.
fn known_scheme(url: &str) -> Option<&str> {
    const KNOWN: &[&str] = &["sqlite", "postgres", "postgresql", "mysql", "mariadb"];
    scheme(url).filter(|scheme| KNOWN.contains(scheme))
}

fn scheme(url: &str) -> Option<&str> {
    url.split_once(':').map(|(scheme, _)| scheme)
}

#[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
fn not_compiled_in(backend: &str, feature: &str) -> Error {
    Error::new(
        ErrorKind::Config,
        format!("{backend} is not compiled in: add the cargo feature `{feature}` to creole's features"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_named_only_where_it_is_one() {
        let says = |url| unknown_scheme(url).to_string();
        assert!(says("redis://host").contains("`redis://` is no backend"));
        assert!(says("postgres+ssh-2.0://host").contains("`postgres+ssh-2.0://` is no backend"));
        for url in [
            "hunter2:whatever@host/db",
            "hunter2:",
            "hunter2",
            "me:hunter2@host/db",
            "me:hunter2://host/db",
            "hunter2@host://db",
            "7hunter2://db",
            "hunter2-hunter2-hunter2://db",
            ":hunter2@host",
            "",
        ] {
            let message = says(url);
            assert!(message.contains("has no scheme that creole knows") && !message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn a_builder_shows_no_part_of_a_url_but_a_scheme_of_creoles() {
        let shown = |url| format!("{:?}", Engine::builder(url));
        assert!(shown("mysql://root:secret@host/db").contains("\"mysql\""));
        assert!(!shown("mysql://root:secret@host/db").contains("secret"));
        assert!(!shown("secret:whatever").contains("secret"));
    }

    /// Each build without one of the backends runs the test of that one.
    #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
    #[track_caller]
    fn refuses(url: &str, feature: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let error = runtime.block_on(Engine::connect(url)).map(drop).expect_err("a backend that is not compiled in");
        assert_eq!(error.kind(), ErrorKind::Config);
        let message = error.to_string();
        assert!(message.contains(&format!("add the cargo feature `{feature}`")), "{message}");
        assert!(!message.contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{message}");
    }

    #[test]
    #[cfg(not(feature = "sqlite"))]
    fn sqlite_is_named_where_it_is_missing() {
        refuses("sqlite:hunter2.db", "sqlite");
    }

    #[test]
    #[cfg(not(feature = "postgres"))]
    fn postgres_is_named_where_it_is_missing() {
        refuses("postgres://me:hunter2@host/db", "postgres");
        refuses("postgresql://me:hunter2@host/db", "postgres");
    }

    #[test]
    #[cfg(not(feature = "mysql"))]
    fn mysql_is_named_where_it_is_missing() {
        refuses("mysql://me:hunter2@host/db", "mysql");
        refuses("mariadb://me:hunter2@host/db", "mysql");
    }
}
