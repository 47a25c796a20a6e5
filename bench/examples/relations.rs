//! Loads authors with posts with comments many times from a file of SQLite, for `valgrind --tool=callgrind`: `relations creole 9 20` and
//! `relations creole 9 60`, and the difference is forty times nine authors with ten posts each, each with ten comments. `hand`
//! instead of `creole` is rusqlite with three statements written by hand; `sqlx`, and with the feature `peers` `diesel` and `sea`, are the
//! others.

use std::hint::black_box;
use std::path::Path;

use ::sqlx::ConnectOptions as _;
use ::sqlx::sqlite::SqliteConnectOptions;
use creole_bench::Failure;
use creole_bench::associations::{Loader, creole_in_file, rusqlite_in_file, sqlx};
#[cfg(feature = "peers")]
use creole_bench::associations::{diesel_in_file, sea_orm_in_file};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let authors: i64 = arguments.next().unwrap_or_default().parse()?;
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let folder = std::env::temp_dir().join(format!("creole-relations-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(run(&case, &folder.join("blog.db"), authors, times));
    std::fs::remove_dir_all(&folder)?;
    outcome
}

async fn run(case: &str, file: &Path, authors: i64, times: u32) -> Result<(), Failure> {
    let mut creole = creole_in_file(file, authors).await?;
    match case {
        "creole" => repeat(&mut creole, authors, times).await,
        "hand" => repeat(&mut rusqlite_in_file(file)?, authors, times).await,
        "sqlx" => {
            repeat(&mut sqlx::Sqlx(SqliteConnectOptions::new().filename(file).connect().await?), authors, times).await
        }
        #[cfg(feature = "peers")]
        "diesel" => repeat(&mut diesel_in_file(file)?, authors, times).await,
        #[cfg(feature = "peers")]
        "sea" => repeat(&mut sea_orm_in_file(file).await?, authors, times).await,
        _ => return Err("the case is creole, hand, sqlx, diesel or sea".into()),
    }
    Ok(())
}

async fn repeat(loader: &mut impl Loader, authors: i64, times: u32) {
    for _ in 0..times {
        drop(black_box(loader.load(authors).await));
    }
}
