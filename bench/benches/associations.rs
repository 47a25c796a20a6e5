//! `cargo bench --bench associations`: prints the tables about associations in `docs/performance.md`. Names of backends choose among them;
//! `--features peers` brings the other ORMs.

use creole_bench::chosen::{Parts, run};
use creole_bench::{Failure, associations};

fn main() -> Result<(), Failure> {
    run(&Parts {
        sqlite: associations::run_sqlite,
        postgres: associations::run_postgres,
        mysql: associations::run_mysql,
    })
}
