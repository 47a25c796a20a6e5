//! How much memory a stream of a million rows takes: a binary of its own, so that nothing else grows the process meanwhile. The
//! backends run beside each other, and all of them together stay below the bound for one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use creole::prelude::*;
use creole::query::val;

const ROWS: i64 = 1_000_000;

/// What one stream may take, in KiB.
const MOST: u64 = 64 * 1_024;

/// All of these together would take more than twice as much.
const TEXT: usize = 120;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "starts")]
struct Start {
    #[model(primary_key)]
    id: i64,
}

/// How much memory the process has, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}

#[creole::test]
async fn a_stream_of_a_million_rows_takes_little_memory(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Start]).await?;
    insert(&Start { id: 1 }).exec(&engine).await?;
    // Made by the database as they are read, so that nobody has to write them.
    let numbers = select(Start::id).recursive("numbers", |numbers| {
        select(numbers.col(Start::id) + 1).from(numbers).filter(numbers.col(Start::id).lt(ROWS))
    });
    let text = "x".repeat(TEXT);
    let query = select((numbers.col(Start::id), val(text))).from(&numbers).with_cte(&numbers);

    let before = resident();
    let mut most = before;
    let mut last = 0;
    let mut stream = query.stream(&engine);
    while let Some((number, text)) = stream.try_next().await? {
        last += 1;
        assert_eq!((number, text.len()), (last, TEXT));
        if last % 5_000 == 0 {
            most = most.max(resident());
        }
    }
    assert_eq!(last, ROWS);
    let grown = most - before;
    assert!(grown < MOST, "the process grew by {grown} KiB");
    Ok(())
}
