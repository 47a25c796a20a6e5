//! Futures that are dropped half-way: at every poll of every operation, outside a runtime, with the runtime, by a panic.
//!
//! After each, the pool is whole, no transaction is open, and what was to be written is there as a whole or not at all.

mod sessions;
mod statements;
mod surroundings;
mod units;

use creole::prelude::*;

use crate::health::Doctor;
use crate::lab::Lab;

/// Rows are written in twos, with the same mark.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "halves", default)]
struct Half {
    #[model(primary_key, auto)]
    id: i64,
    mark: i64,
}

fn half(mark: usize) -> Half {
    Half { mark: mark as i64, ..Default::default() }
}

/// A database, an engine whose calls can be cut off anywhere, its doctor, and a plain engine to look with.
struct Bench {
    engine: Engine,
    doctor: Doctor,
    plain: Engine,
    // Last, so that the engines are gone when the files go.
    _lab: Lab,
}

impl Bench {
    async fn new(given: &Engine) -> creole::Result<Bench> {
        let lab = Lab::of(given);
        let plain = lab.builder().connect().await?;
        plain.create_all(tables![Half]).await?;
        let engine = lab.yielding().await?;
        let doctor = Doctor::of(&engine, lab.url()).await;
        Ok(Bench { engine, doctor, plain, _lab: lab })
    }

    /// How many rows have this mark.
    async fn rows(&self, mark: usize) -> u64 {
        rows(&self.plain, mark).await
    }
}

async fn rows(engine: &Engine, mark: usize) -> u64 {
    Half::select().filter(Half::mark.eq(mark as i64)).count(engine).await.expect("the rows of a mark")
}

/// How many rows there may be after an operation that writes `whole` of them and had this outcome.
#[track_caller]
fn assert_all_or_nothing<T>(found: u64, whole: u64, polls: usize, outcome: Option<&creole::Result<T>>) {
    match outcome {
        Some(Ok(_)) => assert_eq!(found, whole, "it said Ok after {polls} polls"),
        Some(Err(error)) => panic!("after {polls} polls: {error}"),
        None if polls == 0 => assert_eq!(found, 0, "it was not polled"),
        None => assert!(found == 0 || found == whole, "{found} of {whole} rows after {polls} polls"),
    }
}
