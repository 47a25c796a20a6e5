//! sea-orm, on every database.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait, Set};

use super::Writer;
use super::work::{Account, Person, SQLITE_TABLES};
use crate::Failure;

mod people {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod accounts {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Its pool of one connection. It takes values for its own, so each row is copied for it.
pub struct SeaOrm {
    db: DatabaseConnection,
    emptying: [&'static str; 2],
}

/// On a database in memory.
pub async fn sqlite() -> Result<SeaOrm, Failure> {
    let db = connect("sqlite::memory:").await?;
    db.execute_unprepared(SQLITE_TABLES).await?;
    Ok(SeaOrm { db, emptying: ["DELETE FROM people", "DELETE FROM accounts"] })
}

/// On a server, where the tables must be.
pub async fn server(url: &str) -> Result<SeaOrm, Failure> {
    Ok(SeaOrm { db: connect(url).await?, emptying: ["TRUNCATE TABLE people", "TRUNCATE TABLE accounts"] })
}

async fn connect(url: &str) -> Result<DatabaseConnection, Failure> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

impl Writer for SeaOrm {
    async fn insert(&mut self, people: &[Person]) {
        let rows = people.iter().map(|person| people::ActiveModel {
            name: Set(person.name.clone()),
            hair_color: Set(person.hair_color.clone()),
            ..Default::default()
        });
        people::Entity::insert_many(rows).exec_without_returning(&self.db).await.expect("an insert");
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        let rows = accounts.iter().map(|account| accounts::ActiveModel {
            id: Set(account.id),
            name: Set(account.name.clone()),
            hair_color: Set(account.hair_color.clone()),
        });
        let mut on_conflict = OnConflict::column(accounts::Column::Id);
        on_conflict.update_columns([accounts::Column::Name, accounts::Column::HairColor]);
        let upsert = accounts::Entity::insert_many(rows).on_conflict(on_conflict);
        upsert.exec_without_returning(&self.db).await.expect("an upsert");
    }

    async fn empty(&mut self) {
        for sql in self.emptying {
            self.db.execute_unprepared(sql).await.expect("an empty table");
        }
    }
}
