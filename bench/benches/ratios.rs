//! `cargo bench`: prints the tables of `docs/performance.md`. Names of backends choose among them:
//! `cargo bench -- sqlite postgres`.

use creole_bench::chosen::{Parts, run};
use creole_bench::{Failure, mysql, postgres, sqlite};

fn main() -> Result<(), Failure> {
    run(&Parts { sqlite: sqlite::run, postgres: postgres::run, mysql: mysql::run })
}
