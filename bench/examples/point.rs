//! Reads one user many times, for `valgrind --tool=callgrind`, whose counts of instructions are the same in every run:
//! `point 1000`, `point 11000`, and the difference is ten thousand reads.

use creole::prelude::*;
use creole_bench::Failure;
use creole_bench::users::{Keys, MANY, User, fill};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let url = arguments.next().unwrap_or_else(|| "sqlite::memory:?connections=1".into());
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = Engine::connect(&url).await?;
        engine.create_all(tables![User]).await?;
        fill(&engine, MANY).await?;
        let mut keys = Keys::default();
        for _ in 0..times {
            std::hint::black_box(User::find(keys.draw(), &engine).await?);
        }
        Ok(())
    })
}
