//! A driver around another that notes the text of what is sent.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use creole::Result;
use creole::dialect::Dialect;
use creole::driver::{BatchSink, Compiled, Connection, Done, Driver, PoolShape, Role, RowSink};

/// The driver.
#[derive(Debug)]
pub(crate) struct Spying {
    inner: Arc<dyn Driver>,
    sent: Sent,
}

struct SpyingConnection {
    inner: Box<dyn Connection>,
    sent: Sent,
}

/// What was sent, on whichever connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent(Arc<Mutex<Vec<String>>>);

impl Spying {
    /// Wraps a driver.
    pub(crate) fn around(inner: Arc<dyn Driver>) -> (Arc<dyn Driver>, Sent) {
        let sent = Sent::default();
        (Arc::new(Spying { inner, sent: sent.clone() }), sent)
    }
}

impl Sent {
    /// The first word of each text that was sent since it was asked for last, but for what begins and ends transactions.
    pub(crate) fn verbs(&self) -> Vec<String> {
        let first = |sql: String| sql.split_whitespace().next().unwrap_or_default().to_uppercase();
        let is_of_transaction = |verb: &String| matches!(verb.as_str(), "BEGIN" | "START" | "COMMIT" | "SET");
        self.texts().into_iter().map(first).filter(|verb| !is_of_transaction(verb)).collect()
    }

    /// Each text that was sent since it was asked for last.
    pub(crate) fn texts(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn note(&self, sql: &str) {
        self.0.lock().unwrap().push(sql.to_owned());
    }
}

#[async_trait]
impl Driver for Spying {
    fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect()
    }

    fn pool_shape(&self) -> PoolShape {
        self.inner.pool_shape()
    }

    async fn connect(&self, role: Role) -> Result<Box<dyn Connection>> {
        let inner = self.inner.connect(role).await?;
        Ok(Box::new(SpyingConnection { inner, sent: self.sent.clone() }))
    }
}

#[async_trait]
impl Connection for SpyingConnection {
    async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        self.sent.note(&statement.sql);
        self.inner.execute(statement).await
    }

    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        self.sent.note(&statement.sql);
        self.inner.fetch(statement, sink).await
    }

    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        self.sent.note(&statement.sql);
        self.inner.fetch_batches(statement, sink).await
    }

    async fn command(&mut self, sql: &str) -> Result<()> {
        self.sent.note(sql);
        self.inner.command(sql).await
    }

    async fn ping(&mut self) -> Result<()> {
        self.inner.ping().await
    }

    fn in_transaction(&self) -> Option<bool> {
        self.inner.in_transaction()
    }

    async fn close(self: Box<Self>) {
        self.inner.close().await;
    }
}
