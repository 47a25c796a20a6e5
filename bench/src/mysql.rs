//! MySQL and MariaDB: creole beside sqlx.

use creole::prelude::*;
use sqlx::mysql::{MySqlConnection, MySqlPoolOptions};
use sqlx::{Connection as _, MySqlPool};
use tokio::runtime::Runtime;

use crate::Failure;
use crate::harness::{Case, Contestant, compete, print, repeat};
use crate::pin::{Kept, keep, pin};
use crate::users::{ALL, Keys, MANY, SIZES, User, fill, with_database};

const ONE: &str = "SELECT id, name, hair_color FROM users WHERE id = ?";

/// Which of the two servers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Server {
    MySql,
    MariaDb,
}

impl Server {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Server::MySql => "MySQL",
            Server::MariaDb => "MariaDB",
        }
    }
}

/// What of a server is on the benchmark's core.
pub enum Pinned {
    /// The threads that serve this database, until their connections end.
    Threads,
    /// All of it: MySQL tells which threads it has only where performance_schema is on.
    Process(Kept),
    /// Nothing.
    Nothing,
}

impl Pinned {
    /// What a table's title says of it.
    pub fn describe(&self) -> &'static str {
        match self {
            Pinned::Threads => "client and server on one core",
            Pinned::Process(_) => "client and the whole server on one core",
            Pinned::Nothing => "the server on any core",
        }
    }
}

/// Runs the cases in a database of their own on the server.
pub fn run(runtime: &Runtime, server: Server, url: &str) -> Result<(), Failure> {
    with_own_database(runtime, url, |urls| in_database(runtime, server, urls))
}

/// Makes a database on the server for as long as `work` takes, which gets its URL as creole and as sqlx write it.
pub fn with_own_database(
    runtime: &Runtime,
    url: &str,
    work: impl FnOnce(&[String; 2]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let database = format!("creole_bench_{}", std::process::id());
    // sqlx knows no `mariadb:`, and would ask for TLS where the server offers it.
    let peer = format!("mysql:{}", url.split_once(':').map_or("", |(_, rest)| rest));
    let mut owner = runtime.block_on(MySqlConnection::connect(&peer))?;
    let mut ask = |sql: String| runtime.block_on(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut owner));
    ask(format!("CREATE DATABASE {database}"))?;
    let urls = [with_database(url, &database), with_database(&peer, &database)];
    let urls = urls.map(|url| format!("{url}?ssl-mode=disabled"));
    let outcome = work(&urls);
    ask(format!("DROP DATABASE {database}"))?;
    outcome
}

fn in_database(runtime: &Runtime, server: Server, urls: &[String; 2]) -> Result<(), Failure> {
    let mut stand = runtime.block_on(Stand::open(runtime, server, urls))?;
    print(&format!("{}, loopback TCP, {}", server.name(), stand.pinned.describe()), &stand.cases()?);
    Ok(())
}

/// The contestants, with their connections.
struct Stand<'r> {
    runtime: &'r Runtime,
    engine: Engine,
    bare: MySqlConnection,
    pool: MySqlPool,
    pinned: Pinned,
}

impl<'r> Stand<'r> {
    async fn open(runtime: &'r Runtime, server: Server, [own, peer]: &[String; 2]) -> Result<Stand<'r>, Failure> {
        let engine = Engine::builder(own).max_connections(2).min_connections(2).connect().await?;
        engine.create_all(tables![User]).await?;
        let mut bare = MySqlConnection::connect(peer).await?;
        let pool = MySqlPoolOptions::new().max_connections(2).min_connections(2).connect(peer).await?;
        let pinned = pin_server(&mut bare, server).await?;
        Ok(Stand { runtime, engine, bare, pool, pinned })
    }

    fn cases(&mut self) -> Result<Vec<Case>, Failure> {
        let mut cases = Vec::new();
        for size in SIZES {
            self.runtime.block_on(fill(&self.engine, size))?;
            cases.push(self.trivial(size)?);
        }
        self.runtime.block_on(fill(&self.engine, MANY))?;
        cases.push(self.point()?);
        Ok(cases)
    }

    fn trivial(&mut self, size: i64) -> Result<Case, Failure> {
        let Stand { runtime, engine, bare, pool, .. } = self;
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
        let Stand { runtime, engine, bare, pool, .. } = self;
        let mut session = engine.session();
        let (mut first, mut second, mut third, mut fourth) = Default::default();
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
            Contestant::timed("creole, engine", |times| {
                runtime.block_on(repeat(times, async || {
                    User::find(Keys::draw(&mut third), &*engine).await.expect("a query").expect("a user")
                }))
            }),
            Contestant::timed("creole, session", |times| {
                runtime.block_on(repeat(times, async || {
                    User::find(Keys::draw(&mut fourth), &mut session).await.expect("a query").expect("a user")
                }))
            }),
        ];
        let case = compete("point", contestants);
        runtime.block_on(session.rollback())?;
        Ok(case)
    }
}

/// Pins whatever serves connections to this database to one core, or else the server.
pub async fn pin_server(bare: &mut MySqlConnection, server: Server) -> Result<Pinned, Failure> {
    if server == Server::MySql {
        let file: String = sqlx::query_scalar("SELECT @@pid_file").fetch_one(bare).await?;
        let process = std::fs::read_to_string(file).ok().and_then(|process| process.trim().parse().ok());
        return Ok(process.and_then(keep).map_or(Pinned::Nothing, Pinned::Process));
    }
    let threads = "SELECT cast(tid AS unsigned) FROM information_schema.processlist WHERE db = database()";
    let threads: Vec<u64> = sqlx::query_scalar(threads).fetch_all(bare).await?;
    threads.into_iter().filter_map(|thread| u32::try_from(thread).ok()).for_each(pin);
    Ok(Pinned::Threads)
}

/// Finds one user by sqlx.
pub async fn find(bare: &mut MySqlConnection, id: i64) -> sqlx::Result<User> {
    sqlx::query_as(ONE).bind(id).fetch_one(bare).await
}
