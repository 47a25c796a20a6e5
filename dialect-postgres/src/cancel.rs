//! Ending a statement that is under way, from a second connection.

use std::sync::Arc;

use creole_core::{Error, ErrorKind, Result};
use futures_core::future::BoxFuture;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::dialect::NAME;
use crate::error::from_sqlx;
use crate::url::Settings;

/// What identifies the server process behind a connection: its number, and when the server was started. The next connection
/// may lead to another server, where the number is somebody else's.
pub(crate) const WHO: &str = "SELECT pg_backend_pid(), extract(epoch FROM pg_postmaster_start_time())::text";

/// Ends the statements of one connection.
#[derive(Clone)]
pub(crate) struct Canceller {
    settings: Arc<Settings>,
    process: i32,
    server: String,
}

impl Canceller {
    /// For the connection that answered [`WHO`] so.
    pub(crate) fn new(settings: Arc<Settings>, process: i32, server: String) -> Canceller {
        Canceller { settings, process, server }
    }

    /// Has the server end what the connection is doing. When this is done the server's process has its signal, and looks at
    /// it before it reads anything more.
    pub(crate) fn cancel(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut second = PgConnection::connect_with(&self.settings.options).await.map_err(from_sqlx)?;
            let sql = format!(
                "SELECT pg_cancel_backend({}) FROM ({WHO}) AS me (process, server) WHERE server = '{}'",
                self.process, self.server
            );
            let told = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_optional(&mut second).await.map_err(from_sqlx)?;
            // The server hears that this one is gone, whether or not it hears a goodbye.
            drop(second);
            match told.map(|row| row.try_get::<bool, _>(0)) {
                Some(Ok(true)) => Ok(()),
                _ => Err(Error::new(ErrorKind::Other, "the second connection led to another server").on(NAME)),
            }
        })
    }
}
