//! Looks documents up by an index many times on SQLite, for `valgrind --tool=callgrind`: `lookups creole 500` and
//! `lookups creole 4500`, and the difference is four thousand. `hand` instead of `creole` does it by SQL written by hand.

use std::hint::black_box;

use creole::prelude::*;
use creole_bench::Failure;
use creole_bench::json::{Indexed, draw, fill_indexed};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = Engine::connect("sqlite::memory:?connections=1").await?;
        fill_indexed(&engine).await?;
        let mut last = 0;
        for _ in 0..times {
            let theme = draw(&mut last);
            match case.as_str() {
                "creole" => drop(black_box(Indexed::find_by_path(&engine, theme).await?)),
                "hand" => drop(black_box(Indexed::find_by_hand(&engine, theme).await?)),
                _ => return Err("the case is creole or hand".into()),
            }
        }
        Ok(())
    })
}
