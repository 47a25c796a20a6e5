//! Ending a statement that is under way, from a second connection.

use std::sync::Arc;

use creole_core::{Error, ErrorKind, Result};
use futures_core::future::BoxFuture;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::server::{Server, Whereabouts, reach};
use crate::url::Settings;

/// Ends the statements of one connection.
#[derive(Clone)]
pub(crate) struct Canceller {
    settings: Arc<Settings>,
    target: Whereabouts,
}

impl Canceller {
    /// For the connection that is there.
    pub(crate) fn new(settings: Arc<Settings>, target: Whereabouts) -> Canceller {
        Canceller { settings, target }
    }

    /// Has the server end what the connection is doing.
    pub(crate) fn cancel(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let (mut second, Server { flavor, whereabouts, .. }) = reach(&self.settings).await?;
            if whereabouts.node != self.target.node {
                let message = "the second connection led to another server";
                return Err(Error::new(ErrorKind::Other, message).on(flavor.name()));
            }
            let sql = format!("KILL QUERY {}", self.target.thread);
            // The server hears that this one is gone, whether or not it hears a goodbye.
            second.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(|error| flavor.error(error))?;
            Ok(())
        })
    }
}
