//! [`Away`]: a connection that fetches rows for a stream, and comes back when it has done so.
//!
//! A stream may be dropped at any row. If the driver's call were dropped with it, the state of the connection would be unknown;
//! so the call owns the connection and goes on without the stream, until the driver has noticed that no more rows are wanted
//! and is ready for the next statement.

use std::future::ready;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::driver::{BatchSink, Bind, Compiled, Connection, Verb};
use crate::error::Result;
use crate::schema::{ColumnDef, Table};
use crate::types::{ColumnType, JsonRef, Value, ValueRef};

/// A connection that is fetching rows. Dropping it closes the connection.
pub(super) struct Away {
    fetch: BoxFuture<'static, Option<Back>>,
}

/// A connection that is ready for its next statement, and the outcome of the last one.
pub(super) struct Back {
    pub(super) connection: Box<dyn Connection>,
    pub(super) result: Result<()>,
}

impl Away {
    /// Starts a fetch on a connection. Nothing is sent to the server before the first wait for it.
    pub(super) fn begin(
        mut connection: Box<dyn Connection>,
        statement: &Compiled<'_>,
        sink: Box<dyn BatchSink>,
    ) -> Away {
        let statement = Statement::of(statement);
        Away {
            fetch: Box::pin(async move {
                let result = connection.fetch_batches(&statement.borrowed(), sink).await;
                Some(Back { connection, result })
            }),
        }
    }

    /// Waits for the connection. `None` if it will not come back: its runtime ended, or its sink panicked.
    pub(super) async fn back(&mut self) -> Option<Back> {
        (&mut self.fetch).await
    }

    /// Lets it go on by itself if there is a runtime. Else it goes on when it is waited for.
    pub(super) fn detach(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let fetch = mem::replace(&mut self.fetch, Box::pin(ready(None)));
        let mut task = Task(runtime.spawn(fetch));
        self.fetch = Box::pin(async move { (&mut task.0).await.ok().flatten() });
    }
}

/// A task that is aborted when it is no longer waited for.
struct Task(JoinHandle<Option<Back>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A statement that owns its values.
struct Statement {
    sql: Arc<str>,
    binds: Vec<(Owned, ColumnType)>,
    table: Option<&'static Table>,
    verb: Verb,
    own_text: bool,
    is_of_one_table: bool,
    locks: Vec<&'static Table>,
    timeout: Option<Duration>,
    long: Vec<(usize, &'static ColumnDef)>,
}

/// A value that borrows nothing. A JSON document stays the text that it is sent as, whatever a parser would make of it.
enum Owned {
    Value(Value),
    Json(String),
}

impl Statement {
    fn of(statement: &Compiled<'_>) -> Statement {
        Statement {
            sql: statement.sql.clone(),
            binds: statement.binds.iter().map(|bind| (Owned::of(bind.value), bind.ty)).collect(),
            table: statement.table,
            verb: statement.verb,
            own_text: statement.own_text,
            is_of_one_table: statement.is_of_one_table,
            locks: statement.locks.clone(),
            timeout: statement.timeout,
            long: statement.long.clone(),
        }
    }

    fn borrowed(&self) -> Compiled<'_> {
        Compiled {
            sql: self.sql.clone(),
            binds: self.binds.iter().map(|(value, ty)| Bind { value: value.borrowed(), ty: *ty }).collect(),
            table: self.table,
            verb: self.verb,
            own_text: self.own_text,
            is_of_one_table: self.is_of_one_table,
            locks: self.locks.clone(),
            timeout: self.timeout,
            long: self.long.clone(),
            items: &[],
        }
    }
}

impl Owned {
    fn of(value: ValueRef<'_>) -> Owned {
        match value {
            ValueRef::Json(document) => match document.text() {
                Ok(text) => Owned::Json(text.into_owned()),
                Err(_) => Owned::Value(value.to_owned()),
            },
            other => Owned::Value(other.to_owned()),
        }
    }

    fn borrowed(&self) -> ValueRef<'_> {
        match self {
            Owned::Value(value) => value.as_ref(),
            Owned::Json(text) => ValueRef::Json(JsonRef::Text(text)),
        }
    }
}
