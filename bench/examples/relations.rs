//! Loads users with posts with comments many times, for `valgrind --tool=callgrind`: `relations creole 9 100` and `relations
//! creole 9 300`, and the difference is two hundred times nine users with ten posts each, each with ten comments. With `hand`
//! instead of `creole`, rusqlite does it, by three statements written by hand.

use std::hint::black_box;

use creole::prelude::*;
use creole_bench::{Failure, blog};
use rusqlite::Connection;
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let authors: i64 = arguments.next().unwrap_or_default().parse()?;
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let file = std::env::temp_dir().join(format!("creole-blog-{}.db", std::process::id()));
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = Engine::connect(&format!("sqlite:{}?synchronous=off", file.display())).await?;
        blog::create(&engine, authors).await?;
        let raw = Connection::open(&file)?;
        assert_eq!(blog::load(&engine).await?, blog::load_by_hand(&raw)?);
        for _ in 0..times {
            match case.as_str() {
                "creole" => drop(black_box(blog::load(&engine).await?)),
                "hand" => drop(black_box(blog::load_by_hand(&raw)?)),
                _ => return Err("the case is creole or hand".into()),
            }
        }
        Ok::<(), Failure>(())
    })?;
    std::fs::remove_file(&file)?;
    Ok(())
}
