//! `cargo bench --bench json`: prints the tables about JSON in `docs/performance.md`. Names of backends choose among them.

use creole_bench::chosen::{Parts, run};
use creole_bench::{Failure, json};

fn main() -> Result<(), Failure> {
    run(&Parts { sqlite: json::run_sqlite, postgres: json::run_postgres, mysql: json::run_mysql })
}
