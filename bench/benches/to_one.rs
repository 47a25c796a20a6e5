//! `cargo bench --bench to_one`: prints the tables about a join or a statement of its own in `docs/performance.md`. Names of backends
//! choose among them.

use creole_bench::chosen::{Parts, run};
use creole_bench::{Failure, to_one};

fn main() -> Result<(), Failure> {
    run(&Parts { sqlite: to_one::run_sqlite, postgres: to_one::run_postgres, mysql: to_one::run_mysql })
}
