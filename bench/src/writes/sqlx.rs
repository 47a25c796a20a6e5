//! sqlx, as one would write it who wants it fast: one VALUES, of which each number of rows has its text once; UNNEST on PostgreSQL.

use std::collections::HashMap;

use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::Writer;
use super::work::{Account, Person, SQLITE_TABLES};
use crate::Failure;

/// How many rows one VALUES has at most: more make it no quicker.
pub const MOST_ROWS: usize = 1_000;

const POSTGRES_INSERT: &str = "INSERT INTO people (name, hair_color) SELECT * FROM unnest($1::text[], $2::text[])";
const POSTGRES_UPSERT: &str = "INSERT INTO accounts (id, name, hair_color) \
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]) \
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, hair_color = excluded.hair_color";

/// The texts of INSERTs by VALUES, each made once.
pub struct Texts {
    on_conflict: &'static str,
    inserts: HashMap<usize, String>,
    upserts: HashMap<usize, String>,
}

impl Texts {
    pub fn sqlite() -> Texts {
        Texts::new(" ON CONFLICT (id) DO UPDATE SET name = excluded.name, hair_color = excluded.hair_color")
    }

    /// MariaDB knows this form only, and MySQL still does.
    fn mysql() -> Texts {
        Texts::new(" ON DUPLICATE KEY UPDATE name = VALUES(name), hair_color = VALUES(hair_color)")
    }

    fn new(on_conflict: &'static str) -> Texts {
        Texts { on_conflict, inserts: HashMap::new(), upserts: HashMap::new() }
    }

    /// Of so many people.
    pub fn insert(&mut self, rows: usize) -> &str {
        let text = || format!("INSERT INTO people (name, hair_color) VALUES {}", vec!["(?, ?)"; rows].join(", "));
        self.inserts.entry(rows).or_insert_with(text)
    }

    /// Of so many accounts.
    pub fn upsert(&mut self, rows: usize) -> &str {
        let values = || vec!["(?, ?, ?)"; rows].join(", ");
        let text = || format!("INSERT INTO accounts (id, name, hair_color) VALUES {}{}", values(), self.on_conflict);
        self.upserts.entry(rows).or_insert_with(text)
    }
}

/// On SQLite.
pub struct Sqlite {
    connection: SqliteConnection,
    texts: Texts,
}

/// On MySQL and MariaDB.
pub struct MySql {
    pub connection: MySqlConnection,
    texts: Texts,
}

/// On PostgreSQL.
pub struct Postgres {
    pub connection: PgConnection,
}

impl Sqlite {
    pub async fn open() -> Result<Sqlite, Failure> {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
        sqlx::raw_sql(SQLITE_TABLES).execute(&mut connection).await?;
        Ok(Sqlite { connection, texts: Texts::sqlite() })
    }
}

impl MySql {
    pub async fn open(url: &str) -> Result<MySql, Failure> {
        Ok(MySql { connection: MySqlConnection::connect(url).await?, texts: Texts::mysql() })
    }
}

impl Postgres {
    /// From here on, no commit in this database waits for the disk.
    pub async fn open_without_sync(url: &str) -> Result<Postgres, Failure> {
        let mut owner = PgConnection::connect(url).await?;
        let sql =
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$";
        owner.execute(sql).await?;
        owner.close().await?;
        Ok(Postgres { connection: PgConnection::connect(url).await? })
    }
}

/// Writes VALUES: the same for two databases whose types differ.
macro_rules! by_values {
    ($writer:ty, $empty:expr) => {
        impl Writer for $writer {
            async fn insert(&mut self, people: &[Person]) {
                let is_several = people.len() > MOST_ROWS;
                if is_several {
                    self.connection.execute("BEGIN").await.expect("a transaction");
                }
                for people in people.chunks(MOST_ROWS) {
                    let mut query = sqlx::query(AssertSqlSafe(self.texts.insert(people.len())));
                    for person in people {
                        query = query.bind(&*person.name).bind(person.hair_color.as_deref());
                    }
                    query.execute(&mut self.connection).await.expect("an insert");
                }
                if is_several {
                    self.connection.execute("COMMIT").await.expect("a commit");
                }
            }

            async fn upsert(&mut self, accounts: &[Account]) {
                let mut query = sqlx::query(AssertSqlSafe(self.texts.upsert(accounts.len())));
                for account in accounts {
                    query = query.bind(account.id).bind(&*account.name).bind(account.hair_color.as_deref());
                }
                query.execute(&mut self.connection).await.expect("an upsert");
            }

            async fn empty(&mut self) {
                for sql in $empty {
                    sqlx::raw_sql(sql).execute(&mut self.connection).await.expect("an empty table");
                }
            }
        }
    };
}

by_values!(Sqlite, ["DELETE FROM people", "DELETE FROM accounts"]);
by_values!(MySql, ["TRUNCATE TABLE people", "TRUNCATE TABLE accounts"]);

impl Writer for Postgres {
    async fn insert(&mut self, people: &[Person]) {
        let names: Vec<&str> = people.iter().map(|person| &*person.name).collect();
        let hair_colors: Vec<Option<&str>> = people.iter().map(|person| person.hair_color.as_deref()).collect();
        let query = sqlx::query(POSTGRES_INSERT).bind(names).bind(hair_colors);
        query.execute(&mut self.connection).await.expect("an insert");
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        let ids: Vec<i64> = accounts.iter().map(|account| account.id).collect();
        let names: Vec<&str> = accounts.iter().map(|account| &*account.name).collect();
        let hair_colors: Vec<Option<&str>> = accounts.iter().map(|account| account.hair_color.as_deref()).collect();
        let query = sqlx::query(POSTGRES_UPSERT).bind(ids).bind(names).bind(hair_colors);
        query.execute(&mut self.connection).await.expect("an upsert");
    }

    async fn empty(&mut self) {
        self.connection.execute("TRUNCATE TABLE people, accounts").await.expect("empty tables");
    }
}
