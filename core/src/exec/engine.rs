//! [`Engine`].

use std::fmt;
use std::sync::Arc;

use super::find_texts::FindTexts;
use crate::dialect::Dialect;
use crate::driver::Driver;
use crate::error::Result;
use crate::pool::{Pool, PoolOptions, PoolStatus};

/// A database: its connections and its dialect. Cheap to clone; every clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    dialect: &'static dyn Dialect,
    find_texts: FindTexts,
}

impl Engine {
    /// Opens an engine on a driver, and one connection, so that a wrong address or password is known at once.
    ///
    /// This is for drivers outside creole. With the `creole` crate, `Engine::connect(url)` chooses the driver by the URL.
    ///
    /// # Errors
    /// What the driver says of connecting; [`Config`](crate::ErrorKind::Config) where the options contradict each other.
    pub async fn open(driver: Arc<dyn Driver>, options: PoolOptions) -> Result<Engine> {
        let dialect = driver.dialect();
        let pool = Pool::open(driver, options).await?;
        Ok(Engine { inner: Arc::new(Inner { pool, dialect, find_texts: FindTexts::default() }) })
    }

    /// As [`open`](Engine::open), for a driver that must ask the database before it is one. That counts as waiting for a
    /// connection.
    ///
    /// # Errors
    /// As those of `open`, and [`PoolTimeout`](crate::ErrorKind::PoolTimeout) where the database does not answer within
    /// [`acquire_timeout`](PoolOptions::acquire_timeout).
    pub async fn open_by(
        driver: impl Future<Output = Result<Arc<dyn Driver>>>,
        options: PoolOptions,
    ) -> Result<Engine> {
        let driver = options.find(driver).await?;
        Engine::open(driver, options).await
    }

    /// The dialect of the database.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect
    }

    /// Lends nothing out any more, waits for what is lent out, and says goodbye to the server; all within the release
    /// timeout.
    pub async fn close(&self) {
        self.inner.pool.close().await;
    }

    /// How many connections there are and what they do.
    pub fn status(&self) -> PoolStatus {
        self.inner.pool.status()
    }

    pub(crate) fn find_texts(&self) -> &FindTexts {
        &self.inner.find_texts
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
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
