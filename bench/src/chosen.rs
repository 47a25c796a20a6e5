//! What the command line and the environment choose.

use tokio::runtime::{Builder, Runtime};

use crate::mysql::Server;
use crate::{Failure, pin};

/// A benchmark's part for each database.
pub struct Parts {
    /// On SQLite.
    pub sqlite: fn(&Runtime) -> Result<(), Failure>,
    /// On PostgreSQL, whose URL it gets.
    pub postgres: fn(&Runtime, &str) -> Result<(), Failure>,
    /// On MySQL and on MariaDB.
    pub mysql: fn(&Runtime, Server, &str) -> Result<(), Failure>,
}

/// Runs the parts that the command line names, or all of them, on the servers that the environment names. This process is then on
/// one core.
pub fn run(parts: &Parts) -> Result<(), Failure> {
    pin::pin_self();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if is_chosen("sqlite") {
        (parts.sqlite)(&runtime)?;
    }
    if is_chosen("postgres")
        && let Some(url) = url("CREOLE_TEST_POSTGRES")
    {
        (parts.postgres)(&runtime, &url)?;
    }
    for (name, server, variable) in
        [("mysql", Server::MySql, "CREOLE_TEST_MYSQL"), ("mariadb", Server::MariaDb, "CREOLE_TEST_MARIADB")]
    {
        if is_chosen(name)
            && let Some(url) = url(variable)
        {
            (parts.mysql)(&runtime, server, &url)?;
        }
    }
    Ok(())
}

/// Whether a backend is among those that the command line names; all are where it names none.
fn is_chosen(name: &str) -> bool {
    let mut chosen = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    chosen.peek().is_none() || chosen.any(|chosen| chosen == name)
}

/// The URL of a server, or word that it is left out.
fn url(variable: &str) -> Option<String> {
    let url = std::env::var(variable).ok();
    if url.is_none() {
        println!("\n(Set {variable} to measure that server too.)");
    }
    url
}
