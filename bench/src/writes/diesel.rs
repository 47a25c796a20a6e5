//! diesel.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Writer;
use super::work::{Account, Person, SQLITE_TABLES};
use crate::Failure;

diesel::table! {
    people (id) {
        id -> BigInt,
        name -> Text,
        hair_color -> Nullable<Text>,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        name -> Text,
        hair_color -> Nullable<Text>,
    }
}

/// On SQLite, where it blocks.
pub struct Sqlite(SqliteConnection);

impl Sqlite {
    pub fn open() -> Result<Sqlite, Failure> {
        let mut db = SqliteConnection::establish(":memory:")?;
        db.batch_execute(SQLITE_TABLES)?;
        Ok(Sqlite(db))
    }
}

impl Writer for Sqlite {
    async fn insert(&mut self, people: &[Person]) {
        match people {
            [person] => diesel::insert_into(people::table).values(person).execute(&mut self.0).expect("an insert"),
            people => diesel::insert_into(people::table).values(people).execute(&mut self.0).expect("an insert"),
        };
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        diesel::insert_into(accounts::table)
            .values(accounts)
            .on_conflict(accounts::id)
            .do_update()
            .set((accounts::name.eq(excluded(accounts::name)), accounts::hair_color.eq(excluded(accounts::hair_color))))
            .execute(&mut self.0)
            .expect("an upsert");
    }

    async fn empty(&mut self) {
        self.0.batch_execute("DELETE FROM people; DELETE FROM accounts").expect("two deletes");
    }
}
