//! Nothing that is bound, and no password, is logged or shown.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use creole_core::Result;
use creole_core::types::{ColumnType, ValueRef};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::{assert_hidden, connect_to, execute, statement, url};

const CANARY: &str = "canary-51c9";

/// Writes down every event and span with all fields, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = writeln!(self.0.lock().unwrap(), "{field} = {value:?}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn nothing_bound_is_logged_or_shown() -> Result<()> {
    let Some(url) = url() else { return Ok(()) };
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    tracing::info!(message = "the log works");

    let with_password = url.replacen('@', &format!(":{CANARY}@"), 1);
    let driver = creole_postgres::open(&with_password).await?;
    assert!(!format!("{driver:?} {driver:#?}").contains(CANARY));
    let mut connection = connect_to(&with_password).await?;

    execute(&mut *connection, "CREATE TEMP TABLE t (name text PRIMARY KEY, n int)").await?;
    let name = (ValueRef::Text(CANARY), ColumnType::TEXT);
    let insert = statement("INSERT INTO t VALUES ($1, 1)", &[name]);
    assert!(!format!("{insert:?}").contains(CANARY));
    connection.execute(&insert).await?;
    for sql in [
        "INSERT INTO t VALUES ($1, 1)",
        "INSERT INTO t SELECT 'x', $1::text::int",
        "SELECT ($1::text)::uuid",
        "SELECT ($1::text)::jsonb",
        "SELECT to_date($1::text, 'YYYY')",
        "SELECT set_config('work_mem', $1::text, false)",
        "SELECT $1::text::regclass",
        "SELECT pg_sleep(1), $1::text FROM nothing_here",
    ] {
        let error = connection.execute(&statement(sql, &[name])).await.unwrap_err();
        assert_hidden(&error, CANARY);
    }
    // The server's own notices.
    connection.command(&format!("DO $$ BEGIN RAISE NOTICE '{CANARY}'; RAISE WARNING '{CANARY}'; END $$")).await?;
    let error = connection.command(&format!("DO $$ BEGIN RAISE EXCEPTION '{CANARY}'; END $$")).await.unwrap_err();
    assert_hidden(&error, CANARY);
    connection.close().await;

    let log = log.0.lock().unwrap();
    assert!(log.contains("the log works"));
    assert!(!log.contains(CANARY), "{log}");
    Ok(())
}
