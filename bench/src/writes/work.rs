//! What is written, and where.

use creole::prelude::*;

/// A row of a table that numbers its rows, as creole and diesel take it.
#[derive(Model, Debug, Clone, PartialEq)]
#[cfg_attr(feature = "peers", derive(diesel::Insertable))]
#[cfg_attr(feature = "peers", diesel(table_name = super::diesel::people, treat_none_as_default_value = false))]
#[model(table = "people", default)]
pub struct Person {
    #[model(primary_key, auto)]
    #[cfg_attr(feature = "peers", diesel(skip_insertion))]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

/// A row that has its key.
#[derive(Model, Debug, Clone, PartialEq)]
#[cfg_attr(feature = "peers", derive(diesel::Insertable))]
#[cfg_attr(feature = "peers", diesel(table_name = super::diesel::accounts, treat_none_as_default_value = false))]
#[model(table = "accounts", default)]
pub struct Account {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

/// How many rows are inserted at once.
pub const SIZES: [usize; 6] = [1, 10, 25, 50, 100, 10_000];

/// How many are upserted at once; half of them are there already.
pub const UPSERTED: usize = 100;

/// The tables as creole creates them on SQLite, for those who have a database of their own.
pub const SQLITE_TABLES: &str = "
    CREATE TABLE people (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name text NOT NULL, hair_color text) STRICT;
    CREATE TABLE accounts (id integer PRIMARY KEY NOT NULL, name text NOT NULL, hair_color text) STRICT";

/// So many people.
pub fn people(count: usize) -> Vec<Person> {
    (0..count).map(|place| Person { id: 0, name: name(place), hair_color: hair_color(place) }).collect()
}

/// So many accounts, whose keys are the first ones.
pub fn accounts(count: usize) -> Vec<Account> {
    let account = |place| Account { id: place as i64 + 1, name: name(place), hair_color: hair_color(place) };
    (0..count).map(account).collect()
}

/// The accounts of the next upsert: half of the keys were in the one before.
pub fn go_on(accounts: &mut [Account]) {
    let half = accounts.len() as i64 / 2;
    accounts.iter_mut().for_each(|account| account.id += half);
}

fn name(place: usize) -> String {
    format!("User {place}")
}

fn hair_color(place: usize) -> Option<String> {
    (!place.is_multiple_of(2)).then(|| String::from("black"))
}
