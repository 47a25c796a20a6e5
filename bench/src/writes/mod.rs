//! Writing: INSERTs of one row and of many, and upserts. creole beside sqlx by hand, bare rusqlite and, with the feature
//! `peers`, diesel and sea-orm.

pub mod work;
pub mod own;
pub mod rusqlite;
pub mod sqlx;
#[cfg(feature = "peers")]
pub mod diesel;
#[cfg(feature = "peers")]
pub mod diesel_async;
#[cfg(feature = "peers")]
pub mod sea_orm;

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::Failure;
use crate::harness::{Case, Contestant, compete, print_with_fastest, repeat};
use crate::mysql::{self, Server};
use crate::postgres;
use work::{Account, Person, SIZES, UPSERTED, accounts, go_on, people};

/// One way to write, with a connection of its own. It panics where the database refuses.
#[expect(async_fn_in_trait, reason = "all is on one thread")]
pub trait Writer {
    /// Inserts people, whom the database numbers.
    async fn insert(&mut self, people: &[Person]);

    /// Inserts accounts, and updates those that are there.
    async fn upsert(&mut self, accounts: &[Account]);

    /// Empties both tables, which is not timed.
    async fn empty(&mut self);
}

/// What a contestant's turn is.
#[derive(Clone, Copy)]
enum Work<'w> {
    Insert(&'w [Person]),
    Upsert,
}

/// A [`Writer`] that has a name and a runtime.
trait Turns {
    fn name(&self) -> &'static str;

    fn turn(&mut self, work: Work<'_>, times: u32) -> Duration;
}

struct Named<'r, W> {
    name: &'static str,
    runtime: &'r Runtime,
    writer: W,
}

impl<W: Writer> Turns for Named<'_, W> {
    fn name(&self) -> &'static str {
        self.name
    }

    /// The first time is not counted: half of the keys are there only from the second on, and some servers prepare statements anew
    /// when a table was emptied.
    fn turn(&mut self, work: Work<'_>, times: u32) -> Duration {
        let writer = &mut self.writer;
        self.runtime.block_on(async {
            writer.empty().await;
            match work {
                Work::Insert(people) => {
                    writer.insert(people).await;
                    repeat(times, async || writer.insert(people).await).await
                }
                Work::Upsert => {
                    let mut rows = accounts(UPSERTED);
                    writer.upsert(&rows).await;
                    let upsert = async || {
                        go_on(&mut rows);
                        writer.upsert(&rows).await;
                    };
                    repeat(times, upsert).await
                }
            }
        })
    }
}

/// Those who compete, in the order of the table's columns.
struct Field<'r> {
    runtime: &'r Runtime,
    writers: Vec<Box<dyn Turns + 'r>>,
}

impl<'r> Field<'r> {
    fn new(runtime: &'r Runtime) -> Field<'r> {
        Field { runtime, writers: Vec::new() }
    }

    fn join(&mut self, name: &'static str, writer: impl Writer + 'r) {
        self.writers.push(Box::new(Named { name, runtime: self.runtime, writer }));
    }

    fn cases(&mut self) -> Vec<Case> {
        let mut cases: Vec<Case> = SIZES
            .iter()
            .map(|&size| {
                let people = people(size);
                self.case(format!("insert@{size}"), Work::Insert(&people))
            })
            .collect();
        cases.push(self.case(format!("upsert@{UPSERTED}"), Work::Upsert));
        cases
    }

    fn case(&mut self, name: String, work: Work<'_>) -> Case {
        let contestants = self.writers.iter_mut().map(|writer| {
            let name = writer.name();
            Contestant::timed(name, move |times| writer.turn(work, times))
        });
        compete(name, contestants.collect())
    }
}

/// Runs the cases on databases in memory, one for each contestant.
pub fn run_sqlite(runtime: &Runtime) -> Result<(), Failure> {
    let mut field = Field::new(runtime);
    field.join("creole", runtime.block_on(own::sqlite())?);
    field.join("rusqlite", rusqlite::RowByRow::open()?);
    field.join("rusqlite, one VALUES", rusqlite::OneValues::open()?);
    field.join("sqlx by hand", runtime.block_on(sqlx::Sqlite::open())?);
    #[cfg(feature = "peers")]
    {
        field.join("diesel", diesel::Sqlite::open()?);
        field.join("sea-orm", runtime.block_on(sea_orm::sqlite())?);
    }
    print_with_fastest("Writing: SQLite in memory, one connection", &field.cases());
    Ok(())
}

/// Runs the cases in a database of their own on PostgreSQL. Commits do not wait for the disk: that takes the same time for all.
pub fn run_postgres(runtime: &Runtime, server: &str) -> Result<(), Failure> {
    postgres::with_own_database(runtime, server, |url| {
        let mut bare = runtime.block_on(sqlx::Postgres::open_without_sync(url))?;
        let engine = runtime.block_on(own::server(url))?;
        let mut field = Field::new(runtime);
        field.join("creole", own::Creole::on(engine, own::Emptying::Truncate));
        #[cfg(feature = "peers")]
        {
            field.join("diesel-async", runtime.block_on(diesel_async::Postgres::open(url))?);
            field.join("sea-orm", runtime.block_on(sea_orm::server(url))?);
        }
        runtime.block_on(postgres::pin_backends(&mut bare.connection))?;
        field.join("sqlx by hand", bare);
        print_with_fastest("Writing: PostgreSQL, client and server on one core", &field.cases());
        Ok(())
    })
}

/// The same on MySQL or MariaDB.
pub fn run_mysql(runtime: &Runtime, server: Server, url: &str) -> Result<(), Failure> {
    mysql::with_own_database(runtime, url, |[url, peer]| {
        let engine = runtime.block_on(own::server(url))?;
        let mut bare = runtime.block_on(sqlx::MySql::open(peer))?;
        let mut field = Field::new(runtime);
        field.join("creole", own::Creole::on(engine, own::Emptying::Truncate));
        #[cfg(feature = "peers")]
        {
            field.join("diesel-async", runtime.block_on(diesel_async::MySql::open(peer))?);
            field.join("sea-orm", runtime.block_on(sea_orm::server(peer))?);
        }
        let pinned = runtime.block_on(mysql::pin_server(&mut bare.connection, server))?;
        field.join("sqlx by hand", bare);
        print_with_fastest(&format!("Writing: {}, {}", server.name(), pinned.describe()), &field.cases());
        Ok(())
    })
}
