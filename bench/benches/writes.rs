//! `cargo bench --bench writes`: prints the tables about writing in `docs/performance.md`. Names of backends choose among them;
//! `--features peers` brings the other ORMs.

use creole_bench::chosen::{is_chosen, url};
use creole_bench::mysql::Server;
use creole_bench::{Failure, pin, writes};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    pin::pin_self();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if is_chosen("sqlite") {
        writes::run_sqlite(&runtime)?;
    }
    if is_chosen("postgres")
        && let Some(url) = url("CREOLE_TEST_POSTGRES")
    {
        writes::run_postgres(&runtime, &url)?;
    }
    for (name, server, variable) in
        [("mysql", Server::MySql, "CREOLE_TEST_MYSQL"), ("mariadb", Server::MariaDb, "CREOLE_TEST_MARIADB")]
    {
        if is_chosen(name)
            && let Some(url) = url(variable)
        {
            writes::run_mysql(&runtime, server, &url)?;
        }
    }
    Ok(())
}
