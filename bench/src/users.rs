//! The work: a table of users, and what is asked of it.

use creole::prelude::*;

/// A row, as everybody reads it.
#[derive(Model, Debug, Clone, PartialEq, sqlx::FromRow)]
#[model(table = "users", default)]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

/// How many users are loaded at once.
pub const SIZES: [i64; 3] = [1, 100, 10_000];

/// How many users there are where one is looked for.
pub const MANY: i64 = 10_000;

/// What everybody asks for all users.
pub const ALL: &str = "SELECT id, name, hair_color FROM users";

/// Leaves just so many users in the table.
pub async fn fill(engine: &Engine, count: i64) -> creole::Result<()> {
    delete::<User>().all_rows().exec(engine).await?;
    let mut session = engine.session();
    for id in 1..=count {
        session.add(user(id));
    }
    session.commit().await
}

fn user(id: i64) -> User {
    User { id, name: format!("User {id}"), hair_color: None }
}

/// Keys in an order that looks like chance and is the same for everybody.
#[derive(Default)]
pub struct Keys(i64);

impl Keys {
    /// The next key.
    pub fn draw(&mut self) -> i64 {
        self.0 = (self.0 + 7_919) % MANY;
        self.0 + 1
    }
}

/// A server's URL with another database.
pub fn with_database(server: &str, database: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("", server));
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    format!("{scheme}://{host}/{database}")
}
