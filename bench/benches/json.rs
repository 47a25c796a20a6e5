//! `cargo bench --bench json`: prints the tables of JSON in `docs/performance.md`, for SQLite and the servers that are named
//! as for the tests.

use creole_bench::{Failure, json, pin};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    pin::pin_self();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    json::run(&runtime, "sqlite::memory:?connections=1")?;
    for variable in ["CREOLE_TEST_POSTGRES", "CREOLE_TEST_MYSQL", "CREOLE_TEST_MARIADB"] {
        match std::env::var(variable) {
            Ok(url) => json::run(&runtime, &url)?,
            Err(_) => println!("\n(Set {variable} to measure that server too.)"),
        }
    }
    Ok(())
}
