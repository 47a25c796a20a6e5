//! Connecting: what the URL says holds, and what goes wrong is told apart.

use std::process::Command;
use std::time::{Duration, Instant};

use creole_core::dialect::Dialect as _;
use creole_core::driver::Connection;
use creole_core::error::Effect;
use creole_core::types::{ColumnType, Value};
use creole_core::{ErrorKind, Result};
use creole_postgres::Postgres;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{assert_hidden, connect, connect_to, execute, fetch, number, url, url_with};

async fn setting(connection: &mut dyn Connection, name: &str) -> String {
    let rows = fetch(connection, &format!("SELECT current_setting('{name}')"), &[ColumnType::TEXT]).await.unwrap();
    match &rows[0][0] {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_connection_is_set_up() -> Result<()> {
    let Some(url) = url_with("application_name=it%27s&search_path=pg_catalog,odd%22%20name") else { return Ok(()) };
    let driver = creole_postgres::open(&url).await?;
    assert_eq!(driver.dialect().name(), Postgres.name());
    let mut connection = connect_to(&url).await?;
    for (name, value) in [
        ("TimeZone", "UTC"),
        ("client_encoding", "UTF8"),
        ("default_transaction_isolation", "read committed"),
        ("standard_conforming_strings", "on"),
        ("client_min_messages", "error"),
        ("application_name", "it's"),
        ("search_path", "pg_catalog, \"odd\"\" name\""),
    ] {
        assert_eq!(setting(&mut *connection, name).await, value, "{name}");
    }
    connection.ping().await?;
    connection.close().await;
    Ok(())
}

/// Replaces the part of the URL that names the server.
fn at(url: &str, address: &str) -> String {
    let (before, rest) = url.split_once('@').unwrap();
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    format!("{before}@{address}/{path}")
}

#[tokio::test]
async fn what_keeps_a_connection_from_coming_about_is_told_apart() -> Result<()> {
    let Some(url) = url() else { return Ok(()) };
    let error = |url: String| async move { connect_to(&url).await.map(|_| ()).unwrap_err() };

    let refused = error(at(&url, "127.0.0.1:1")).await;
    assert_eq!((refused.kind(), refused.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
    assert_eq!(refused.to_string(), "no connection to 127.0.0.1:1 came about: connection refused");
    assert_eq!(error("postgres://me@/db?host=/nowhere".into()).await.kind(), ErrorKind::ConnectionLost);

    let (server, _) = url.rsplit_once('/').unwrap();
    let missing = error(format!("{server}/no_such_database")).await;
    assert_eq!((missing.kind(), missing.code()), (ErrorKind::Config, Some("3D000")));
    assert!(missing.to_string().contains("no_such_database"), "{missing}");

    let address = url.split_once('@').unwrap().1;
    let stranger = error(format!("postgres://no_such_user:hunter2@{address}")).await;
    assert_eq!(stranger.kind(), ErrorKind::Auth, "{stranger}");
    assert_hidden(&stranger, "hunter2");
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_full_says_so_and_a_closed_connection_is_gone() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let role = format!("creole_full_{}", std::process::id());
    connection.command(&format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT 1")).await?;
    let url = url().unwrap();
    let url = format!("postgres://{role}@{}", url.split_once('@').unwrap().1);
    let first = connect_to(&url).await;
    let second = connect_to(&url).await.map(|_| ());
    if let Ok(first) = first {
        first.close().await;
    }
    let count = format!("SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}'");
    let begun = Instant::now();
    while number(&mut *connection, &count).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "the server still sees a connection");
    }
    connection.command(&format!("DROP ROLE {role}")).await?;
    let error = second.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Limit, Some("53300")));
    assert_eq!(error.effect(), Effect::Disconnected);
    Ok(())
}

#[tokio::test]
async fn a_silent_server_is_given_up() -> Result<()> {
    let Some(url) = url_with("connect_timeout=1") else { return Ok(()) };
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = at(&url, &silent.local_addr().unwrap().to_string());
    let begun = Instant::now();
    let error = connect_to(&url).await.map(|_| ()).unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
    assert!(begun.elapsed() < Duration::from_secs(3));
    Ok(())
}

/// Passes bytes on between a client and the server until it is told to stop, and then neither passes nor closes.
async fn proxy(server: String) -> (String, tokio::sync::watch::Sender<bool>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = tokio::net::TcpStream::connect(server).await.unwrap();
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        tokio::join!(pass(from_client, to_server, stopped.clone()), pass(from_server, to_client, stopped));
    });
    (address, stop)
}

async fn pass(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    stopped: tokio::sync::watch::Receiver<bool>,
) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if *stopped.borrow() {
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            break;
        }
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_noticed_in_time() -> Result<()> {
    let Some(url) = url() else { return Ok(()) };
    let server = url.split_once('@').unwrap().1.split('/').next().unwrap();
    let (address, stop) = proxy(server.into()).await;
    let mut connection = connect_to(&at(&url, &address)).await?;
    connection.ping().await?;
    stop.send(true).unwrap();
    let begun = Instant::now();
    let error = connection.ping().await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
    connection.close().await;
    assert!(begun.elapsed() < Duration::from_secs(9));
    Ok(())
}

#[tokio::test]
async fn encryption_happens_or_the_connection_does_not() -> Result<()> {
    let Some(mut plain) = connect().await else { return Ok(()) };
    let offered = setting(&mut *plain, "ssl").await == "on";
    for mode in ["require", "verify-full"] {
        let Some(url) = url_with(&format!("sslmode={mode}")) else { return Ok(()) };
        match connect_to(&url).await {
            Ok(mut connection) => {
                assert!(offered, "{mode}");
                let sql = "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
                assert_eq!(number(&mut *connection, sql).await, 1, "{mode}");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Tls, "{mode}: {error} {:?}", error.server_message());
                assert!(!offered || mode == "verify-full");
            }
        }
    }
    Ok(())
}

/// The environment is set for a process of its own, which runs the test below it.
#[test]
fn the_environment_has_no_say() {
    let Some(url) = url() else { return };
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "connecting::in_a_hostile_environment", "--nocapture"])
        .envs([
            ("CREOLE_TEST_POSTGRES", url.as_str()),
            ("CREOLE_TEST_HOSTILE", "yes"),
            ("PGHOST", "192.0.2.1"),
            ("PGHOSTADDR", "192.0.2.1"),
            ("PGPORT", "1"),
            ("PGUSER", "nobody"),
            ("PGPASSWORD", "hunter2"),
            ("PGDATABASE", "nothing"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/nowhere"),
            ("PGAPPNAME", "hostile"),
            ("PGOPTIONS", "-c client_min_messages=debug1 -c TimeZone=Asia/Tokyo -c standard_conforming_strings=off"),
        ])
        .status()
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn in_a_hostile_environment() -> Result<()> {
    if std::env::var_os("CREOLE_TEST_HOSTILE").is_none() {
        return Ok(());
    }
    let Some(mut connection) = connect().await else { panic!("no URL") };
    for (name, value) in [
        ("application_name", "creole"),
        ("TimeZone", "UTC"),
        ("standard_conforming_strings", "on"),
        ("client_min_messages", "error"),
    ] {
        assert_eq!(setting(&mut *connection, name).await, value, "{name}");
    }
    execute(&mut *connection, "SELECT 1").await?;
    Ok(())
}
