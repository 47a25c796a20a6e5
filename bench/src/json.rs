//! Rows found by a value in a JSON document: creole beside SQL written by hand, both through creole's engine, so that what
//! differs is the SQL.

use creole::prelude::*;
use creole::query::RawQuery;
use sqlx::Connection as _;
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use tokio::runtime::Runtime;

use crate::harness::{Case, Contestant, compete, print, repeat};
use crate::mysql::{self, Server};
use crate::{Failure, postgres};

/// How many documents there are.
const DOCUMENTS: i64 = 10_000;

/// A document that nothing is indexed of.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "bench_plain")]
pub struct Plain {
    #[model(primary_key)]
    id: i64,
    settings: creole::JsonValue,
}

/// One with an index over a value.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "bench_indexed", json_index(settings.theme: String))]
pub struct Indexed {
    #[model(primary_key)]
    id: i64,
    settings: creole::JsonValue,
}

/// Runs the cases on a database in memory.
pub fn run_sqlite(runtime: &Runtime) -> Result<(), Failure> {
    let engine = runtime.block_on(Engine::connect("sqlite::memory:?connections=1"))?;
    print("JSON: SQLite in memory, one connection", &cases(runtime, &engine)?);
    Ok(())
}

/// Runs the cases in a database of their own on PostgreSQL.
pub fn run_postgres(runtime: &Runtime, server: &str) -> Result<(), Failure> {
    postgres::with_own_database(runtime, server, |url| {
        let engine = runtime.block_on(connect(url))?;
        let mut bare = runtime.block_on(PgConnection::connect(url))?;
        runtime.block_on(postgres::pin_backends(&mut bare))?;
        print("JSON: PostgreSQL, client and server on one core", &cases(runtime, &engine)?);
        Ok(())
    })
}

/// The same on MySQL or MariaDB.
pub fn run_mysql(runtime: &Runtime, server: Server, url: &str) -> Result<(), Failure> {
    mysql::with_own_database(runtime, url, |[url, peer]| {
        let engine = runtime.block_on(connect(url))?;
        let mut bare = runtime.block_on(MySqlConnection::connect(peer))?;
        let pinned = runtime.block_on(mysql::pin_server(&mut bare, server))?;
        print(&format!("JSON: {}, {}", server.name(), pinned.describe()), &cases(runtime, &engine)?);
        Ok(())
    })
}

async fn connect(url: &str) -> creole::Result<Engine> {
    Engine::builder(url).max_connections(1).min_connections(1).connect().await
}

fn cases(runtime: &Runtime, engine: &Engine) -> Result<Vec<Case>, Failure> {
    runtime.block_on(fill_plain(engine))?;
    let mut cases = vec![scan(runtime, engine)];
    // MariaDB has no index over a value in a document.
    if engine.dialect().name() != "mariadb" {
        runtime.block_on(fill_indexed(engine))?;
        cases.push(lookup(runtime, engine));
    }
    Ok(cases)
}

/// A theme that one document has, another each time.
pub fn draw(last: &mut i64) -> String {
    *last = (*last + 7_919) % DOCUMENTS;
    format!("theme {}", *last + 1)
}

/// Makes the table without an index.
pub async fn fill_plain(engine: &Engine) -> creole::Result<()> {
    engine.create_table::<Plain>().await?;
    fill(engine, |id| Plain { id, settings: settings(id) }).await
}

/// Makes the table with creole's index, and with one such as a program's author would write.
pub async fn fill_indexed(engine: &Engine) -> creole::Result<()> {
    engine.create_table::<Indexed>().await?;
    fill(engine, |id| Indexed { id, settings: settings(id) }).await?;
    let sql = match engine.dialect().name() {
        "sqlite" => sql!("CREATE INDEX bench_by_hand ON bench_indexed (json_extract(settings, '$.theme'))"),
        "postgres" => sql!("CREATE INDEX bench_by_hand ON bench_indexed ((settings ->> 'theme'))"),
        _ => sql!(
            "CREATE INDEX bench_by_hand ON bench_indexed ((CAST(settings->>'$.theme' AS CHAR(191)) COLLATE utf8mb4_bin))"
        ),
    };
    sql.exec(engine).await?;
    match engine.dialect().name() {
        "mysql" => {
            drop(sql!("ANALYZE TABLE bench_indexed").rows::<(String, String, String, String)>().all(engine).await?)
        }
        _ => drop(sql!("ANALYZE bench_indexed").exec(engine).await?),
    }
    Ok(())
}

async fn fill<M: Model>(engine: &Engine, row: impl Fn(i64) -> M) -> creole::Result<()> {
    let rows: Vec<M> = (1..=DOCUMENTS).map(row).collect();
    insert_all(&rows).exec(engine).await?;
    Ok(())
}

fn settings(id: i64) -> creole::JsonValue {
    json!({"theme": format!("theme {id}"), "ui": {"scale": id % 7, "panels": [1, 2, 3]}, "tags": ["a", "b"], "n": id})
}

impl Plain {
    async fn find_by_hand(engine: &Engine, theme: String) -> creole::Result<i64> {
        let query: RawQuery<i64> = match engine.dialect().name() {
            "sqlite" => sql!("SELECT id FROM bench_plain WHERE json_extract(settings, '$.theme') = {theme}"),
            "postgres" => sql!("SELECT id FROM bench_plain WHERE settings ->> 'theme' = {theme}"),
            "mysql" => sql!("SELECT id FROM bench_plain WHERE settings->>'$.theme' = {theme}"),
            _ => sql!("SELECT id FROM bench_plain WHERE JSON_VALUE(settings, '$.theme') = {theme}"),
        }
        .scalars();
        query.one(engine).await
    }

    async fn find_by_path(engine: &Engine, theme: String) -> creole::Result<i64> {
        select(Plain::id).filter(Plain::settings.at("theme").eq(theme)).one(engine).await
    }
}

impl Indexed {
    /// By the author's own index.
    pub async fn find_by_hand(engine: &Engine, theme: String) -> creole::Result<i64> {
        let query: RawQuery<i64> = match engine.dialect().name() {
            "sqlite" => sql!("SELECT id FROM bench_indexed WHERE json_extract(settings, '$.theme') = {theme}"),
            "postgres" => sql!("SELECT id FROM bench_indexed WHERE settings ->> 'theme' = {theme}"),
            _ => sql!("SELECT id FROM bench_indexed WHERE settings->>'$.theme' = {theme}"),
        }
        .scalars();
        query.one(engine).await
    }

    /// By creole's.
    pub async fn find_by_path(engine: &Engine, theme: String) -> creole::Result<i64> {
        select(Indexed::id).filter(Indexed::settings.at("theme").eq(theme)).one(engine).await
    }
}

fn scan(runtime: &Runtime, engine: &Engine) -> Case {
    let (mut first, mut second) = (0, 0);
    let contestants = vec![
        Contestant::timed("by hand", |times| {
            let find = async || Plain::find_by_hand(engine, draw(&mut first)).await.expect("a row");
            runtime.block_on(repeat(times, find))
        }),
        Contestant::timed("creole", |times| {
            let find = async || Plain::find_by_path(engine, draw(&mut second)).await.expect("a row");
            runtime.block_on(repeat(times, find))
        }),
    ];
    compete("theme@10000", contestants)
}

fn lookup(runtime: &Runtime, engine: &Engine) -> Case {
    let (mut first, mut second) = (0, 0);
    let contestants = vec![
        Contestant::timed("by hand", |times| {
            let find = async || Indexed::find_by_hand(engine, draw(&mut first)).await.expect("a row");
            runtime.block_on(repeat(times, find))
        }),
        Contestant::timed("creole", |times| {
            let find = async || Indexed::find_by_path(engine, draw(&mut second)).await.expect("a row");
            runtime.block_on(repeat(times, find))
        }),
    ];
    compete("theme@10000, indexed", contestants)
}
