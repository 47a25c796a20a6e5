//! A driver around another that hands the task over before and after every call.
//!
//! SQLite answers within one poll, and the servers' answers come when they come. With this driver there is a poll that ends
//! before each call is made and one that ends when it was answered and nobody has seen the answer: the points at which a
//! dropped future does most harm.

use std::sync::Arc;

use async_trait::async_trait;
use creole::Result;
use creole::dialect::Dialect;
use creole::driver::{BatchSink, Compiled, Connection, Done, Driver, PoolShape, Role, RowSink};
use tokio::task::yield_now;

/// The driver.
#[derive(Debug)]
pub(crate) struct Yielding {
    inner: Arc<dyn Driver>,
}

struct YieldingConnection {
    inner: Box<dyn Connection>,
}

impl Yielding {
    /// Wraps a driver.
    pub(crate) fn around(inner: Arc<dyn Driver>) -> Arc<dyn Driver> {
        Arc::new(Yielding { inner })
    }
}

#[async_trait]
impl Driver for Yielding {
    fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect()
    }

    fn pool_shape(&self) -> PoolShape {
        self.inner.pool_shape()
    }

    async fn connect(&self, role: Role) -> Result<Box<dyn Connection>> {
        yield_now().await;
        let inner = self.inner.connect(role).await?;
        yield_now().await;
        Ok(Box::new(YieldingConnection { inner }))
    }
}

#[async_trait]
impl Connection for YieldingConnection {
    async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        yield_now().await;
        let result = self.inner.execute(statement).await;
        yield_now().await;
        result
    }

    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        yield_now().await;
        let result = self.inner.fetch(statement, sink).await;
        yield_now().await;
        result
    }

    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        yield_now().await;
        let result = self.inner.fetch_batches(statement, sink).await;
        yield_now().await;
        result
    }

    async fn command(&mut self, sql: &str) -> Result<()> {
        yield_now().await;
        let result = self.inner.command(sql).await;
        yield_now().await;
        result
    }

    async fn ping(&mut self) -> Result<()> {
        yield_now().await;
        let result = self.inner.ping().await;
        yield_now().await;
        result
    }

    fn in_transaction(&self) -> Option<bool> {
        self.inner.in_transaction()
    }

    async fn close(self: Box<Self>) {
        yield_now().await;
        self.inner.close().await;
    }
}
