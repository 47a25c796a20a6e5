//! `cargo bench`: prints the tables of `docs/performance.md`. Names of backends choose among them:
//! `cargo bench -- sqlite postgres`.

use creole_bench::chosen::{is_chosen, url};
use creole_bench::mysql::Server;
use creole_bench::{Failure, mysql, pin, postgres, sqlite};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    pin::pin_self();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if is_chosen("sqlite") {
        sqlite::run(&runtime)?;
    }
    if is_chosen("postgres")
        && let Some(url) = url("CREOLE_TEST_POSTGRES")
    {
        postgres::run(&runtime, &url)?;
    }
    for (name, server, variable) in
        [("mysql", Server::MySql, "CREOLE_TEST_MYSQL"), ("mariadb", Server::MariaDb, "CREOLE_TEST_MARIADB")]
    {
        if is_chosen(name)
            && let Some(url) = url(variable)
        {
            mysql::run(&runtime, server, &url)?;
        }
    }
    Ok(())
}
