//! Reads users many times, for `valgrind --tool=callgrind`, whose counts of instructions are the same in every run:
//! `reads point 500` and `reads point 4500`, and the difference is four thousand reads of one user; with `all` instead of
//! `point`, of ten thousand users each, and with `projected` these as a projection. With `bare-` before it, rusqlite does it.

use std::hint::black_box;

use creole::prelude::*;
use creole_bench::users::{Keys, MANY, User, fill};
use creole_bench::{Failure, sqlite};
use tokio::runtime::Builder;

/// All that a user is, as a projection.
#[derive(Projection)]
#[projection(of = User)]
#[allow(dead_code, reason = "it is read to count what that takes")]
struct Card {
    id: i64,
    name: String,
    hair_color: Option<String>,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = Engine::connect("sqlite::memory:?connections=1").await?;
        engine.create_all(tables![User]).await?;
        fill(&engine, MANY).await?;
        let raw = sqlite::bare_in_memory(MANY)?;
        let mut keys = Keys::default();
        for _ in 0..times {
            match case.as_str() {
                "point" => drop(black_box(User::find(keys.draw(), &engine).await?)),
                "all" => drop(black_box(User::select().all(&engine).await?)),
                "projected" => drop(black_box(Card::select().all(&engine).await?)),
                "bare-point" => drop(black_box(sqlite::find(&raw, keys.draw())?)),
                "bare-all" => drop(black_box(sqlite::load(&raw)?)),
                _ => return Err("the case is point, all, projected, bare-point or bare-all".into()),
            }
        }
        Ok(())
    })
}
