//! Bare rusqlite, in two ways.

use rusqlite::{Connection, params, params_from_iter};

use super::Writer;
use super::sqlx::{MOST_ROWS, Texts};
use super::work::{Account, Person, SQLITE_TABLES};

const INSERT: &str = "INSERT INTO people (name, hair_color) VALUES (?1, ?2)";
const UPSERT: &str = "INSERT INTO accounts (id, name, hair_color) VALUES (?1, ?2, ?3) \
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, hair_color = excluded.hair_color";

/// A statement for one row, run for each within a transaction.
pub struct RowByRow(Connection);

/// One statement for all rows.
pub struct OneValues {
    db: Connection,
    texts: Texts,
}

/// A database in memory as creole would have it, with the tables.
pub fn open() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    crate::sqlite::set_up(&db)?;
    db.execute_batch(SQLITE_TABLES)?;
    Ok(db)
}

impl RowByRow {
    pub fn open() -> rusqlite::Result<RowByRow> {
        open().map(RowByRow)
    }

    pub fn insert(&mut self, people: &[Person]) -> rusqlite::Result<()> {
        if let [person] = people {
            self.0.prepare_cached(INSERT)?.execute(params![person.name, person.hair_color])?;
            return Ok(());
        }
        self.0.prepare_cached("BEGIN")?.execute([])?;
        let mut statement = self.0.prepare_cached(INSERT)?;
        for person in people {
            statement.execute(params![person.name, person.hair_color])?;
        }
        self.0.prepare_cached("COMMIT")?.execute([]).map(|_| ())
    }

    pub fn upsert(&mut self, accounts: &[Account]) -> rusqlite::Result<()> {
        self.0.prepare_cached("BEGIN")?.execute([])?;
        let mut statement = self.0.prepare_cached(UPSERT)?;
        for account in accounts {
            statement.execute(params![account.id, account.name, account.hair_color])?;
        }
        self.0.prepare_cached("COMMIT")?.execute([]).map(|_| ())
    }
}

impl OneValues {
    pub fn open() -> rusqlite::Result<OneValues> {
        Ok(OneValues { db: open()?, texts: Texts::sqlite() })
    }

    pub fn insert(&mut self, people: &[Person]) -> rusqlite::Result<()> {
        let is_several = people.len() > MOST_ROWS;
        if is_several {
            self.db.prepare_cached("BEGIN")?.execute([])?;
        }
        for people in people.chunks(MOST_ROWS) {
            let mut statement = self.db.prepare_cached(self.texts.insert(people.len()))?;
            let values = people.iter().flat_map(|person| [Some(&person.name), person.hair_color.as_ref()]);
            statement.execute(params_from_iter(values))?;
        }
        if is_several {
            self.db.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }

    pub fn upsert(&mut self, accounts: &[Account]) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(self.texts.upsert(accounts.len()))?;
        let mut place = 0;
        for account in accounts {
            statement.raw_bind_parameter(place + 1, account.id)?;
            statement.raw_bind_parameter(place + 2, &account.name)?;
            statement.raw_bind_parameter(place + 3, &account.hair_color)?;
            place += 3;
        }
        statement.raw_execute().map(|_| ())
    }
}

fn empty(db: &Connection) {
    db.execute_batch("DELETE FROM people; DELETE FROM accounts").expect("two deletes");
}

impl Writer for RowByRow {
    async fn insert(&mut self, people: &[Person]) {
        RowByRow::insert(self, people).expect("an insert");
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        RowByRow::upsert(self, accounts).expect("an upsert");
    }

    async fn empty(&mut self) {
        empty(&self.0);
    }
}

impl Writer for OneValues {
    async fn insert(&mut self, people: &[Person]) {
        OneValues::insert(self, people).expect("an insert");
    }

    async fn upsert(&mut self, accounts: &[Account]) {
        OneValues::upsert(self, accounts).expect("an upsert");
    }

    async fn empty(&mut self) {
        empty(&self.db);
    }
}
