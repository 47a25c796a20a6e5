//! A database for one test.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use creole_core::Result;
use creole_core::driver::Role;
use creole_core::sql::SqlWriter;

use crate::connect::open_driver;

thread_local! {
    static URL: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The URL of the database that the running test has, for opening an engine with other options.
///
/// # Panics
/// Outside a test of [`#[creole::test]`](crate::test), or on another thread than the test's own.
pub fn url() -> String {
    URL.with_borrow(|url| url.clone()).expect("`creole::testing::url` is for the body of a #[creole::test]")
}

/// A database of a test's own.
pub(super) struct Database {
    pub(super) url: String,
    server: Option<Server>,
}

struct Server {
    url: String,
    name: String,
}

impl Database {
    /// A private database in memory.
    pub(super) fn in_memory() -> Database {
        Database { url: "sqlite::memory:".into(), server: None }
    }

    /// A new database on a server.
    pub(super) async fn create(server_url: &str) -> Result<Database> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_nanos());
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("creole_test_{}_{:x}_{number}", std::process::id(), nanos);
        command(server_url, "CREATE DATABASE ", &name, "").await?;
        let server = Server { url: server_url.to_owned(), name: name.clone() };
        Ok(Database { url: with_database(server_url, &name), server: Some(server) })
    }

    /// Makes [`url`] answer on this thread.
    pub(super) fn announce(&self) {
        URL.set(Some(self.url.clone()));
    }

    /// Drops the database, with whoever is still connected to it.
    pub(super) async fn drop(self) -> Result<()> {
        URL.set(None);
        let Some(server) = self.server else { return Ok(()) };
        let force = if server.url.starts_with("postgres") { " WITH (FORCE)" } else { "" };
        command(&server.url, "DROP DATABASE IF EXISTS ", &server.name, force).await
    }
}

async fn command(server_url: &str, before: &str, name: &str, after: &str) -> Result<()> {
    let driver = open_driver(server_url).await?;
    let mut writer = SqlWriter::for_ddl(driver.dialect());
    writer.push(before).ident(name).push(after);
    let sql = writer.into_text();
    let mut connection = driver.connect(Role::Writer).await?;
    let result = connection.command(&sql).await;
    connection.close().await;
    result
}

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let authority_start = address.find("://").map_or(0, |place| place + 3);
    let path_start = address[authority_start..].find('/').map_or(address.len(), |place| authority_start + place);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &address[..path_start])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn only_the_database_of_a_url_is_replaced() {
        assert_eq!(
            with_database("postgres://u:p@h:1/old?sslmode=disable", "new"),
            "postgres://u:p@h:1/new?sslmode=disable"
        );
        assert_eq!(with_database("mysql://root@127.0.0.1:3306", "new"), "mysql://root@127.0.0.1:3306/new");
        assert_eq!(with_database("mysql://h/?ssl-mode=disabled", "new"), "mysql://h/new?ssl-mode=disabled");
    }
}
