//! SQLite: creole beside bare rusqlite, and sqlx for comparison.

use std::path::Path;

use creole::prelude::*;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, FromRow as _};
use tokio::runtime::Runtime;

use crate::Failure;
use crate::harness::{Case, Contestant, compete, print, repeat};
use crate::users::{ALL, Keys, MANY, SIZES, User, fill};

const TABLE: &str = "CREATE TABLE users (id integer PRIMARY KEY NOT NULL, name text NOT NULL, hair_color text) STRICT";

const ONE: &str = "SELECT id, name, hair_color FROM users WHERE id = ?1";

/// Runs the cases on a database in memory that belongs to one connection, and on a file.
pub fn run(runtime: &Runtime) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("creole-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("users.db");
    let outcome = in_memory(runtime).and_then(|()| in_file(runtime, &file));
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn in_memory(runtime: &Runtime) -> Result<(), Failure> {
    let engine = runtime.block_on(Engine::connect("sqlite::memory:?connections=1"))?;
    let other = runtime.block_on(Engine::connect("sqlite::memory:?connections=1"))?;
    let raw = bare_in_memory(MANY)?;
    let sqlx = runtime.block_on(SqliteConnection::connect("sqlite::memory:"))?;
    let mut stand = Stand { runtime, engine, other, raw, sqlx, place: Place::Memory };
    stand.create()?;
    print("SQLite in memory, one connection", &stand.cases()?);
    Ok(())
}

fn in_file(runtime: &Runtime, file: &Path) -> Result<(), Failure> {
    let engine = runtime.block_on(Engine::connect(&format!("sqlite:{}", file.display())))?;
    let other = engine.clone();
    runtime.block_on(engine.create_all(tables![User]))?;
    let raw = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    set_up(&raw)?;
    let sqlx = runtime.block_on(SqliteConnectOptions::new().filename(file).connect())?;
    let mut stand = Stand { runtime, engine, other, raw, sqlx, place: Place::File };
    print("SQLite, a file in WAL mode", &stand.cases()?);
    Ok(())
}

/// A database in memory as creole would have it, with so many users.
pub fn bare_in_memory(count: i64) -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    set_up(&db)?;
    db.execute_batch(TABLE)?;
    db.execute_batch(&refill(count))?;
    Ok(db)
}

fn refill(count: i64) -> String {
    format!(
        "DELETE FROM users; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO users SELECT i, 'User ' || i, NULL FROM n"
    )
}

/// As creole sets its connections up.
pub(crate) fn set_up(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_prepared_statement_cache_capacity(256);
    db.execute_batch("PRAGMA case_sensitive_like = ON")
}

/// Where the database is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Each contestant has its own.
    Memory,
    /// They share one.
    File,
}

/// The contestants, with their connections.
struct Stand<'r> {
    runtime: &'r Runtime,
    engine: Engine,
    /// For the session, which keeps its connection.
    other: Engine,
    raw: Connection,
    sqlx: SqliteConnection,
    place: Place,
}

impl Stand<'_> {
    /// Makes the table for those who have a database of their own.
    fn create(&mut self) -> Result<(), Failure> {
        for engine in [&self.engine, &self.other] {
            self.runtime.block_on(engine.create_all(tables![User]))?;
        }
        self.runtime.block_on(sqlx::raw_sql(TABLE).execute(&mut self.sqlx))?;
        Ok(())
    }

    fn fill(&mut self, count: i64) -> Result<(), Failure> {
        self.runtime.block_on(fill(&self.engine, count))?;
        if self.place == Place::File {
            return Ok(());
        }
        self.runtime.block_on(fill(&self.other, count))?;
        let sql = refill(count);
        self.raw.execute_batch(&sql)?;
        self.runtime.block_on(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut self.sqlx))?;
        Ok(())
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

    fn trivial(&mut self, size: i64) -> Result<Case, Failure> {
        let Stand { runtime, engine, other, raw, sqlx, .. } = self;
        let mut session = other.session();
        let contestants = vec![
            Contestant::new("rusqlite", || load(raw).expect("rusqlite loads users")),
            Contestant::timed("creole, engine", |times| {
                runtime.block_on(repeat(times, async || User::select().all(&*engine).await.expect("users")))
            }),
            Contestant::timed("creole, session", |times| {
                runtime.block_on(repeat(times, async || User::select().all(&mut session).await.expect("users")))
            }),
            Contestant::timed("sqlx `FromRow`", |times| {
                runtime.block_on(repeat(times, async || {
                    sqlx::query_as::<_, User>(ALL).fetch_all(&mut *sqlx).await.expect("users")
                }))
            }),
        ];
        let case = compete(format!("trivial@{size}"), contestants);
        runtime.block_on(session.rollback())?;
        Ok(case)
    }

    fn point(&mut self) -> Result<Case, Failure> {
        let Stand { runtime, engine, other, raw, sqlx, .. } = self;
        let mut session = other.session();
        let (mut first, mut second, mut third, mut fourth) = Default::default();
        let contestants = vec![
            Contestant::new("rusqlite", || find(raw, Keys::draw(&mut first)).expect("rusqlite finds a user")),
            Contestant::timed("creole, engine", |times| {
                runtime.block_on(repeat(times, async || {
                    User::find(Keys::draw(&mut second), &*engine).await.expect("a query").expect("a user")
                }))
            }),
            Contestant::timed("creole, session", |times| {
                runtime.block_on(repeat(times, async || {
                    User::find(Keys::draw(&mut third), &mut session).await.expect("a query").expect("a user")
                }))
            }),
            Contestant::timed("sqlx `FromRow`", |times| {
                runtime.block_on(repeat(times, async || {
                    let query = sqlx::query(ONE).bind(Keys::draw(&mut fourth));
                    User::from_row(&query.fetch_one(&mut *sqlx).await.expect("a row")).expect("a user")
                }))
            }),
        ];
        let case = compete("point", contestants);
        runtime.block_on(session.rollback())?;
        Ok(case)
    }
}

/// Loads every user by rusqlite.
pub fn load(db: &Connection) -> rusqlite::Result<Vec<User>> {
    let mut statement = db.prepare_cached(ALL)?;
    statement.query_map([], read)?.collect()
}

/// Finds one user by rusqlite.
pub fn find(db: &Connection, id: i64) -> rusqlite::Result<User> {
    db.prepare_cached(ONE)?.query_row([id], read)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, hair_color: row.get(2)? })
}
