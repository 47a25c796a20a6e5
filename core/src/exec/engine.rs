//! [`Engine`].

use std::fmt;
use std::sync::Arc;

use super::find_texts::FindTexts;
use super::repeats::Repeats;
use crate::dialect::Dialect;
use crate::driver::Driver;
use crate::error::Result;
use crate::pool::{Access, Lease, Pool, PoolOptions, PoolStatus};
use crate::sealed::Sealed;
use crate::sql::Tenants;

/// A database: its connections and its dialect. Cheap to clone; every clone is the same engine.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
///
/// let engine = Engine::connect("sqlite::memory:").await?;
/// let another = engine.clone(); // The same pool.
/// assert_eq!(sql!("select 40 + 2").scalars::<i64>().one(&another).await?, 42);
/// another.close().await;
/// assert!(sql!("select 1").scalars::<i64>().one(&engine).await.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    /// Whose rows its statements are about.
    tenants: Tenants,
}

impl Sealed for &Engine {}

struct Inner {
    pool: Pool,
    dialect: &'static dyn Dialect,
    find_texts: FindTexts,
    repeats: Option<Repeats>,
}

impl Engine {
    /// Opens an engine on a driver, and one connection, so that a wrong address or password is known at once.
    ///
    /// This is for drivers outside creole. With the `creole` crate, `Engine::connect(url)` chooses the driver by the URL.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use creole::{Engine, PoolOptions};
    /// use creole_core::driver::Driver;
    ///
    /// /// What a crate with a driver of its own hands out.
    /// async fn open(driver: Arc<dyn Driver>) -> creole::Result<Engine> {
    ///     Engine::open(driver, PoolOptions::default().max_connections(2)).await
    /// }
    /// ```
    ///
    /// # Errors
    /// What the driver says of connecting; [`Config`](crate::ErrorKind::Config) if the options contradict each other.
    pub async fn open(driver: Arc<dyn Driver>, options: PoolOptions) -> Result<Engine> {
        let dialect = driver.dialect();
        let repeats = options.repeats().map(|most| Repeats::new(dialect.name(), most));
        let pool = Pool::open(driver, options).await?;
        let inner = Arc::new(Inner { pool, dialect, find_texts: FindTexts::default(), repeats });
        Ok(Engine { inner, tenants: Tenants::Unsaid })
    }

    /// As [`open`](Engine::open), for a driver that must ask the database before it is one. That counts as waiting for a
    /// connection.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use creole::{Engine, PoolOptions};
    /// use creole_core::driver::Driver;
    ///
    /// async fn open(driver: impl Future<Output = creole::Result<Arc<dyn Driver>>>) -> creole::Result<Engine> {
    ///     Engine::open_by(driver, PoolOptions::default()).await
    /// }
    /// ```
    ///
    /// # Errors
    /// As those of `open`, and [`PoolTimeout`](crate::ErrorKind::PoolTimeout) if the database does not answer within
    /// [`acquire_timeout`](PoolOptions::acquire_timeout).
    pub async fn open_by(
        driver: impl Future<Output = Result<Arc<dyn Driver>>>,
        options: PoolOptions,
    ) -> Result<Engine> {
        let driver = options.find(driver).await?;
        Engine::open(driver, options).await
    }

    /// The dialect of the database.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(engine.dialect().name(), "sqlite");
    /// # Ok(())
    /// # }
    /// ```
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect
    }

    /// Stops lending connections, waits for those lent out, and closes all of them; within the release timeout. Statements
    /// fail with [`ConnectionLost`](crate::ErrorKind::ConnectionLost) from then on.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// engine.close().await;
    /// let error = User::select().count(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn close(&self) {
        self.inner.pool.close().await;
    }

    /// How many connections there are and what they do.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let status = engine.status();
    /// assert!(status.open >= 1);
    /// assert_eq!((status.in_use, status.waiting), (0, 0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> PoolStatus {
        self.inner.pool.status()
    }

    pub(crate) fn find_texts(&self) -> &FindTexts {
        &self.inner.find_texts
    }

    /// Counts reads, where the engine was told to.
    pub(super) fn repeats(&self) -> Option<&Repeats> {
        self.inner.repeats.as_ref()
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// A connection that may do `access`, for statements about this engine's tenants.
    pub(crate) async fn acquire(&self, access: Access) -> Result<Lease> {
        let mut lease = self.inner.pool.acquire(access).await?;
        lease.set_tenants(&self.tenants);
        Ok(lease)
    }

    /// Whose rows its statements are about.
    pub(crate) fn tenants(&self) -> &Tenants {
        &self.tenants
    }

    /// The same engine for statements about the rows of these.
    pub(super) fn about(&self, tenants: Tenants) -> Engine {
        Engine { inner: Arc::clone(&self.inner), tenants }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("dialect", &self.dialect().name())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
