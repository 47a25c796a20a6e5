//! diesel-async, which needs no client library of the servers.

use diesel::dsl::{DuplicatedKeys, sql};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel::upsert::excluded;
use diesel_async::{
    AsyncConnection as _, AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};

use super::Writer;
use super::diesel::{accounts, people};
use super::work::{Account, Person};
use crate::Failure;

/// On PostgreSQL.
pub struct Postgres(AsyncPgConnection);

/// On MySQL and MariaDB.
pub struct MySql(AsyncMysqlConnection);

impl Postgres {
    pub async fn open(url: &str) -> Result<Postgres, Failure> {
        Ok(Postgres(AsyncPgConnection::establish(url).await?))
    }
}

impl MySql {
    pub async fn open(url: &str) -> Result<MySql, Failure> {
        // It knows sqlx's options not.
        let url = url.split('?').next().unwrap_or_default();
        Ok(MySql(AsyncMysqlConnection::establish(url).await?))
    }
}

impl Writer for Postgres {
    async fn insert(&mut self, people: &[Person]) {
        let insert = diesel::insert_into(people::table).values(people);
        insert.execute(&mut self.0).await.expect("an insert");
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        diesel::insert_into(accounts::table)
            .values(accounts)
            .on_conflict(accounts::id)
            .do_update()
            .set((accounts::name.eq(excluded(accounts::name)), accounts::hair_color.eq(excluded(accounts::hair_color))))
            .execute(&mut self.0)
            .await
            .expect("an upsert");
    }

    async fn empty(&mut self) {
        self.0.batch_execute("TRUNCATE TABLE people, accounts").await.expect("empty tables");
    }
}

impl Writer for MySql {
    async fn insert(&mut self, people: &[Person]) {
        let insert = diesel::insert_into(people::table).values(people);
        insert.execute(&mut self.0).await.expect("an insert");
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        diesel::insert_into(accounts::table)
            .values(accounts)
            .on_conflict(DuplicatedKeys)
            .do_update()
            .set((
                accounts::name.eq(sql::<Text>("VALUES(name)")),
                accounts::hair_color.eq(sql::<Nullable<Text>>("VALUES(hair_color)")),
            ))
            .execute(&mut self.0)
            .await
            .expect("an upsert");
    }

    async fn empty(&mut self) {
        self.0.batch_execute("TRUNCATE TABLE people; TRUNCATE TABLE accounts").await.expect("empty tables");
    }
}
