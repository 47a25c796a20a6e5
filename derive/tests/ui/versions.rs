//! A version is an integer of its own, which every update counts up.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "accounts")]
struct Account {
    #[model(primary_key, version)]
    id: i64,
    #[model(version, on_update = 7)]
    version: i64,
    #[model(version, unique)]
    other: i64,
    #[model(version, references = Account::id)]
    parent: i64,
}

#[derive(Model)]
#[model(table = "maybes")]
struct Maybe {
    #[model(primary_key)]
    id: i64,
    #[model(version)]
    version: Option<i32>,
}

#[derive(Model)]
#[model(table = "moments")]
struct Moment {
    #[model(primary_key)]
    id: i64,
    #[model(version)]
    changed_at: DateTime<Utc>,
}

#[derive(Model)]
#[model(table = "names")]
struct Name {
    #[model(primary_key)]
    id: i64,
    #[model(version)]
    name: String,
}

fn main() {}
