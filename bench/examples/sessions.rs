//! Sessions on a database in memory, for `valgrind --tool=callgrind`: `sessions all 1` and `sessions all 4`, and the difference is three
//! times ten thousand rows that are read; with `track` instead of `all`, into a session that is dropped.

use std::hint::black_box;

use creole::prelude::*;
use creole_bench::Failure;
use creole_bench::users::{MANY, User, fill};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = Engine::connect("sqlite::memory:?connections=1").await?;
        engine.create_all(tables![User]).await?;
        fill(&engine, MANY).await?;
        for _ in 0..times {
            let mut session = engine.session();
            match case.as_str() {
                "all" => drop(black_box(User::select().all(&mut session).await?)),
                "track" => drop(black_box(User::select().track(&mut session).await?)),
                _ => return Err("the case is all or track".into()),
            }
        }
        Ok(())
    })
}
