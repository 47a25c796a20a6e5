//! Rows found by a value in a JSON document: creole beside SQL written by hand, both through creole's engine, so that what
//! differs is the SQL.

use creole::prelude::*;
use creole::query::RawQuery;
use tokio::runtime::Runtime;

use crate::Failure;
use crate::harness::{Case, Contestant, compete, print, repeat};

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

/// Runs the cases in a database, whose tables they make and drop.
pub fn run(runtime: &Runtime, url: &str) -> Result<(), Failure> {
    let engine = runtime.block_on(Engine::connect(url))?;
    let backend = engine.dialect().name();
    let mut cases = Vec::new();
    runtime.block_on(engine.drop_all(tables![Plain, Indexed]))?;
    runtime.block_on(engine.create_table::<Plain>())?;
    runtime.block_on(fill(&engine, |id| Plain { id, settings: settings(id) }))?;
    cases.push(scan(runtime, &engine));
    if backend != "mariadb" {
        runtime.block_on(engine.create_table::<Indexed>())?;
        runtime.block_on(fill(&engine, |id| Indexed { id, settings: settings(id) }))?;
        runtime.block_on(index_by_hand(&engine))?;
        cases.push(lookup(runtime, &engine));
    }
    print(&format!("JSON on {backend}"), &cases);
    runtime.block_on(engine.drop_all(tables![Plain, Indexed]))?;
    Ok(())
}

fn settings(id: i64) -> creole::JsonValue {
    json!({"theme": format!("theme {id}"), "ui": {"scale": id % 7, "panels": [1, 2, 3]}, "tags": ["a", "b"], "n": id})
}

async fn fill<M: Model>(engine: &Engine, row: impl Fn(i64) -> M) -> creole::Result<()> {
    let mut session = engine.session();
    for id in 1..=DOCUMENTS {
        session.add(row(id));
    }
    session.commit().await
}

/// An index such as a program's author would write, on the table that has creole's own too.
async fn index_by_hand(engine: &Engine) -> creole::Result<()> {
    let sql = match engine.dialect().name() {
        "sqlite" => sql!("CREATE INDEX bench_by_hand ON bench_indexed (json_extract(settings, '$.theme'))"),
        "postgres" => sql!("CREATE INDEX bench_by_hand ON bench_indexed ((settings ->> 'theme'))"),
        _ => sql!("CREATE INDEX bench_by_hand ON bench_indexed ((CAST(settings->>'$.theme' AS CHAR(191)) COLLATE utf8mb4_bin))"),
    };
    sql.exec(engine).await?;
    match engine.dialect().name() {
        "mysql" => drop(sql!("ANALYZE TABLE bench_indexed").rows::<(String, String, String, String)>().all(engine).await?),
        _ => drop(sql!("ANALYZE bench_indexed").exec(engine).await?),
    }
    Ok(())
}

fn scan(runtime: &Runtime, engine: &Engine) -> Case {
    let backend = engine.dialect().name();
    let (mut first, mut second) = (0, 0);
    compete(
        "theme@10000",
        vec![
            Contestant::timed("by hand", |times| {
                runtime.block_on(repeat(times, async || {
                    let theme = draw(&mut first);
                    let query: RawQuery<i64> = match backend {
                        "sqlite" => sql!("SELECT id FROM bench_plain WHERE json_extract(settings, '$.theme') = {theme}"),
                        "postgres" => sql!("SELECT id FROM bench_plain WHERE settings ->> 'theme' = {theme}"),
                        "mysql" => sql!("SELECT id FROM bench_plain WHERE settings->>'$.theme' = {theme}"),
                        _ => sql!("SELECT id FROM bench_plain WHERE JSON_VALUE(settings, '$.theme') = {theme}"),
                    }
                    .scalars();
                    query.one(engine).await.expect("a row")
                }))
            }),
            Contestant::timed("creole", |times| {
                runtime.block_on(repeat(times, async || {
                    let dark = Plain::settings.at("theme").eq(draw(&mut second));
                    select(Plain::id).filter(dark).one(engine).await.expect("a row")
                }))
            }),
        ],
    )
}

fn lookup(runtime: &Runtime, engine: &Engine) -> Case {
    let backend = engine.dialect().name();
    let (mut first, mut second) = (0, 0);
    compete(
        "theme@10000, indexed",
        vec![
            Contestant::timed("by hand", |times| {
                runtime.block_on(repeat(times, async || {
                    let theme = draw(&mut first);
                    let query: RawQuery<i64> = match backend {
                        "sqlite" => sql!("SELECT id FROM bench_indexed WHERE json_extract(settings, '$.theme') = {theme}"),
                        "postgres" => sql!("SELECT id FROM bench_indexed WHERE settings ->> 'theme' = {theme}"),
                        _ => sql!("SELECT id FROM bench_indexed WHERE settings->>'$.theme' = {theme}"),
                    }
                    .scalars();
                    query.one(engine).await.expect("a row")
                }))
            }),
            Contestant::timed("creole", |times| {
                runtime.block_on(repeat(times, async || {
                    let dark = Indexed::settings.at("theme").eq(draw(&mut second));
                    select(Indexed::id).filter(dark).one(engine).await.expect("a row")
                }))
            }),
        ],
    )
}

/// A theme that one document has, another each time.
fn draw(last: &mut i64) -> String {
    *last = (*last + 7_919) % DOCUMENTS;
    format!("theme {}", *last + 1)
}
