//! What a row belongs to: by a statement of its own, as `with` loads it, or by a join.

pub mod work;
pub mod sqlx;

use std::cell::RefCell;

use ::sqlx::Connection as _;
use ::sqlx::mysql::MySqlConnection;
use ::sqlx::postgres::PgConnection;
use ::sqlx::sqlite::SqliteConnection;
use creole::{Connect as _, Engine};
use tokio::runtime::Runtime;

use crate::harness::{Case, Contestant, compete, print, repeat};
use crate::mysql::{self, Server};
use crate::{Failure, postgres};
use sqlx::ByHand;

/// How many orders there are, and of how many users.
const CASES: [(i64, i64); 3] = [(1_000, 10), (1_000, 1_000), (1, 1)];

/// Runs the cases on a file that both read.
pub fn run_sqlite(runtime: &Runtime) -> Result<(), Failure> {
    let file = std::env::temp_dir().join(format!("creole-to-one-{}.db", std::process::id()));
    let engine = runtime.block_on(open(&format!("sqlite:{}?connections=1", file.display())))?;
    let bare = runtime.block_on(SqliteConnection::connect(&format!("sqlite:{}", file.display())))?;
    let cases = cases(runtime, &engine, bare);
    std::fs::remove_file(&file)?;
    print("To one: SQLite, a file in WAL mode", &cases?);
    Ok(())
}

/// Runs the cases in a database of their own on PostgreSQL.
pub fn run_postgres(runtime: &Runtime, server: &str) -> Result<(), Failure> {
    postgres::with_own_database(runtime, server, |url| {
        let engine = runtime.block_on(open(url))?;
        let mut bare = runtime.block_on(PgConnection::connect(url))?;
        runtime.block_on(postgres::pin_backends(&mut bare))?;
        print("To one: PostgreSQL, client and server on one core", &cases(runtime, &engine, bare)?);
        Ok(())
    })
}

/// The same on MySQL or MariaDB.
pub fn run_mysql(runtime: &Runtime, server: Server, url: &str) -> Result<(), Failure> {
    mysql::with_own_database(runtime, url, |[url, peer]| {
        let engine = runtime.block_on(open(url))?;
        let mut bare = runtime.block_on(MySqlConnection::connect(peer))?;
        let pinned = runtime.block_on(mysql::pin_server(&mut bare, server))?;
        print(&format!("To one: {}, {}", server.name(), pinned.describe()), &cases(runtime, &engine, bare)?);
        Ok(())
    })
}

async fn open(url: &str) -> Result<Engine, Failure> {
    let engine = Engine::builder(url).max_connections(1).min_connections(1).connect().await?;
    work::create(&engine, 1, 1).await?;
    Ok(engine)
}

fn cases(runtime: &Runtime, engine: &Engine, bare: impl ByHand) -> Result<Vec<Case>, Failure> {
    let bare = RefCell::new(bare);
    let case = |(orders, users)| {
        runtime.block_on(work::fill(engine, orders, users))?;
        let contestants = vec![
            Contestant::timed("two statements by hand", |times| {
                let mut bare = bare.borrow_mut();
                runtime.block_on(repeat(times, async || bare.apart().await.expect("orders")))
            }),
            Contestant::timed("LEFT JOIN by hand", |times| {
                let mut bare = bare.borrow_mut();
                runtime.block_on(repeat(times, async || bare.joined().await.expect("orders")))
            }),
            Contestant::timed("creole, `with`", |times| {
                runtime.block_on(repeat(times, async || work::apart(engine).await.expect("orders")))
            }),
            Contestant::timed("creole, `shared`", |times| {
                runtime.block_on(repeat(times, async || work::shared(engine).await.expect("orders")))
            }),
            Contestant::timed("creole, `joined`", |times| {
                runtime.block_on(repeat(times, async || work::joined(engine).await.expect("orders")))
            }),
        ];
        Ok(compete(format!("{orders} orders, {users} users"), contestants))
    };
    CASES.into_iter().map(case).collect()
}
