//! `cargo bench --bench writes`: prints the tables about writing in `docs/performance.md`. Names of backends choose among them;
//! `--features peers` brings the other ORMs.

use creole_bench::chosen::{Parts, run};
use creole_bench::{Failure, writes};

fn main() -> Result<(), Failure> {
    run(&Parts { sqlite: writes::run_sqlite, postgres: writes::run_postgres, mysql: writes::run_mysql })
}
