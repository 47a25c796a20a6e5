//! PostgreSQL: creole beside sqlx and tokio-postgres.

use creole::prelude::*;
use sqlx::postgres::{PgConnection, PgPoolOptions};
use sqlx::{Connection as _, PgPool};
use tokio::runtime::Runtime;
use tokio_postgres::{NoTls, Row};

use crate::Failure;
use crate::harness::{Case, Contestant, compete, print, repeat};
use crate::pin::pin;
use crate::users::{ALL, Keys, MANY, SIZES, User, fill};

const ONE: &str = "SELECT id, name, hair_color FROM users WHERE id = $1";

/// Runs the cases in a database of their own on the server.
pub fn run(runtime: &Runtime, server: &str) -> Result<(), Failure> {
    with_own_database(runtime, server, |url| in_database(runtime, url))
}

/// Makes a database on the server for as long as `work` takes, which gets its URL.
pub fn with_own_database(
    runtime: &Runtime,
    server: &str,
    work: impl FnOnce(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let database = format!("creole_bench_{}", std::process::id());
    // Both would encrypt where the server offers it.
    let url = format!("{}?sslmode=disable", crate::users::with_database(server, &database));
    let mut owner = runtime.block_on(PgConnection::connect(server))?;
    let mut ask = |sql: String| runtime.block_on(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut owner));
    ask(format!("CREATE DATABASE {database}"))?;
    let outcome = work(&url);
    ask(format!("DROP DATABASE {database} WITH (FORCE)"))?;
    outcome
}

fn in_database(runtime: &Runtime, url: &str) -> Result<(), Failure> {
    let mut stand = runtime.block_on(Stand::open(runtime, url))?;
    print("PostgreSQL, loopback TCP, client and server on one core", &stand.cases()?);
    Ok(())
}

/// The contestants, with their connections.
struct Stand<'r> {
    runtime: &'r Runtime,
    engine: Engine,
    bare: PgConnection,
    pool: PgPool,
    client: tokio_postgres::Client,
}

impl<'r> Stand<'r> {
    async fn open(runtime: &'r Runtime, url: &str) -> Result<Stand<'r>, Failure> {
        let engine = Engine::builder(url).max_connections(2).min_connections(2).connect().await?;
        engine.create_all(tables![User]).await?;
        let mut bare = PgConnection::connect(url).await?;
        let pool = PgPoolOptions::new().max_connections(2).min_connections(2).connect(url).await?;
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        runtime.spawn(connection);
        pin_backends(&mut bare).await?;
        Ok(Stand { runtime, engine, bare, pool, client })
    }

    fn cases(&mut self) -> Result<Vec<Case>, Failure> {
        let mut cases = Vec::new();
        for size in SIZES {
            self.fill(size)?;
            cases.push(self.trivial(size)?);
        }
        self.fill(MANY)?;
        cases.push(self.point()?);
        Ok(cases)
    }

    fn fill(&mut self, count: i64) -> Result<(), Failure> {
        self.runtime.block_on(fill(&self.engine, count))?;
        self.runtime.block_on(sqlx::raw_sql("VACUUM ANALYZE users").execute(&mut self.bare))?;
        Ok(())
    }

    fn trivial(&mut self, size: i64) -> Result<Case, Failure> {
        let Stand { runtime, engine, bare, pool, client } = self;
        let statement = runtime.block_on(client.prepare(ALL))?;
        let mut session = engine.session();
        let contestants = vec![
            Contestant::timed("sqlx `FromRow`", |times| {
                runtime.block_on(repeat(times, async || {
                    sqlx::query_as::<_, User>(ALL).fetch_all(&mut *bare).await.expect("users")
                }))
            }),
            Contestant::timed("sqlx, its pool", |times| {
                runtime.block_on(repeat(times, async || {
                    sqlx::query_as::<_, User>(ALL).fetch_all(&*pool).await.expect("users")
                }))
            }),
            Contestant::timed("tokio-postgres", |times| {
                runtime.block_on(repeat(times, async || {
                    let rows = client.query(&statement, &[]).await.expect("rows");
                    rows.iter().map(read).collect::<Vec<User>>()
                }))
            }),
            Contestant::timed("creole, engine", |times| {
                runtime.block_on(repeat(times, async || User::select().all(&*engine).await.expect("users")))
            }),
            Contestant::timed("creole, session", |times| {
                runtime.block_on(repeat(times, async || User::select().all(&mut session).await.expect("users")))
            }),
        ];
        let case = compete(format!("trivial@{size}"), contestants);
        runtime.block_on(session.rollback())?;
        Ok(case)
    }

    fn point(&mut self) -> Result<Case, Failure> {
        let Stand { runtime, engine, bare, pool, client } = self;
        let statement = runtime.block_on(client.prepare(ONE))?;
        let mut session = engine.session();
        let (mut first, mut second, mut third, mut fourth, mut fifth) = Default::default();
        let contestants = vec![
            Contestant::timed("sqlx `FromRow`", |times| {
                runtime.block_on(repeat(times, async || find(bare, Keys::draw(&mut first)).await.expect("a user")))
            }),
            Contestant::timed("sqlx, its pool", |times| {
                runtime.block_on(repeat(times, async || {
                    let query = sqlx::query_as::<_, User>(ONE).bind(Keys::draw(&mut second));
                    query.fetch_one(&*pool).await.expect("a user")
                }))
            }),
            Contestant::timed("tokio-postgres", |times| {
                runtime.block_on(repeat(times, async || {
                    read(&client.query_one(&statement, &[&Keys::draw(&mut third)]).await.expect("a row"))
                }))
            }),
            Contestant::timed("creole, engine", |times| {
                runtime.block_on(repeat(times, async || {
                    User::find(Keys::draw(&mut fourth), &*engine).await.expect("a query").expect("a user")
                }))
            }),
            Contestant::timed("creole, session", |times| {
                runtime.block_on(repeat(times, async || {
                    User::find(Keys::draw(&mut fifth), &mut session).await.expect("a query").expect("a user")
                }))
            }),
        ];
        let case = compete("point", contestants);
        runtime.block_on(session.rollback())?;
        Ok(case)
    }
}

/// Pins whatever serves connections to this database to one core.
pub async fn pin_backends(bare: &mut PgConnection) -> Result<(), Failure> {
    let backends: Vec<i32> = sqlx::query_scalar("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        .fetch_all(bare)
        .await?;
    backends.into_iter().filter_map(|backend| u32::try_from(backend).ok()).for_each(pin);
    Ok(())
}

/// Finds one user by sqlx.
pub async fn find(bare: &mut PgConnection, id: i64) -> sqlx::Result<User> {
    sqlx::query_as(ONE).bind(id).fetch_one(bare).await
}

fn read(row: &Row) -> User {
    User { id: row.get(0), name: row.get(1), hair_color: row.get(2) }
}
