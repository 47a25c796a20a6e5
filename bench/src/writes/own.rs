//! creole.

use creole::prelude::*;

use super::Writer;
use super::work::{Account, Person};
use crate::Failure;

/// creole's engine, which goes to its pool for each statement.
pub struct Creole {
    engine: Engine,
    emptying: Emptying,
}

/// How a table is emptied the fastest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Emptying {
    /// SQLite does it by itself where a DELETE has no filter.
    Delete,
    /// Servers must be told.
    Truncate,
}

/// An engine on a database in memory.
pub async fn sqlite() -> Result<Creole, Failure> {
    let engine = Engine::connect("sqlite::memory:?connections=1").await?;
    engine.create_all(tables![Person, Account]).await?;
    Ok(Creole::on(engine, Emptying::Delete))
}

/// An engine on a server's database, and the tables.
pub async fn server(url: &str) -> Result<Engine, Failure> {
    let engine = Engine::builder(url).max_connections(1).min_connections(1).connect().await?;
    engine.create_all(tables![Person, Account]).await?;
    Ok(engine)
}

impl Creole {
    /// The tables must be there.
    pub fn on(engine: Engine, emptying: Emptying) -> Creole {
        Creole { engine, emptying }
    }
}

impl Writer for Creole {
    async fn insert(&mut self, people: &[Person]) {
        match people {
            [person] => insert(person).exec(&self.engine).await.expect("an insert"),
            people => insert_all(people).exec(&self.engine).await.expect("an insert"),
        };
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        let upsert = insert_all(accounts).on_conflict(Account::id).update_all();
        upsert.exec(&self.engine).await.expect("an upsert");
    }

    async fn empty(&mut self) {
        match self.emptying {
            Emptying::Delete => {
                delete::<Person>().all_rows().exec(&self.engine).await.expect("a delete");
                delete::<Account>().all_rows().exec(&self.engine).await.expect("a delete");
            }
            Emptying::Truncate => {
                sql!("TRUNCATE TABLE people").exec(&self.engine).await.expect("a truncate");
                sql!("TRUNCATE TABLE accounts").exec(&self.engine).await.expect("a truncate");
            }
        }
    }
}
