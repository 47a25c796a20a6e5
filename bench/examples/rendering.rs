//! How long it takes to build and render a SELECT with a join, for each dialect: the median of 101 rounds of 10,000.

use std::hint::black_box;
use std::time::Instant;

use creole::dialect::Dialect;
use creole::prelude::*;
use creole::{MariaDb, MySql, Postgres, Sqlite};
use creole_bench::Failure;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default, has_many(posts = Post::user_id))]
struct User {
    #[model(primary_key)]
    id: i64,
    name: String,
    hair_color: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "posts", default)]
struct Post {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::id)]
    user_id: i64,
    title: String,
}

const ROUNDS: usize = 101;
const TIMES: u32 = 10_000;

fn main() -> Result<(), Failure> {
    let dialects: [&dyn Dialect; 4] = [&Sqlite, &Postgres, &MySql, &MariaDb];
    for dialect in dialects {
        let mut rounds = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            for _ in 0..TIMES {
                let select = select((User::ALL, Post::ALL.optional()))
                    .left_join(User::posts)
                    .filter(User::hair_color.eq(black_box("black")));
                black_box(select.compile(dialect)?);
            }
            rounds.push(start.elapsed() / TIMES);
        }
        rounds.sort();
        let (quarter, half) = (ROUNDS / 4, ROUNDS / 2);
        println!("{}: {:?} ({:?}-{:?})", dialect.name(), rounds[half], rounds[quarter], rounds[half + quarter]);
    }
    Ok(())
}
