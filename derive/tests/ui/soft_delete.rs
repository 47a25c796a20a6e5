//! What marks rows as deleted, and what keeps UPDATEs from a column.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users", default)]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(soft_delete)]
    deleted_at: DateTime<Utc>,
}

#[derive(Model)]
#[model(table = "notes", default)]
struct Note {
    #[model(primary_key, soft_delete)]
    id: bool,
    #[model(soft_delete, on_update = None)]
    deleted_at: Option<DateTime<Utc>>,
    #[model(created, on_update = 7)]
    number: i64,
    #[model(created)]
    created: String,
}

#[derive(Model)]
#[model(table = "days", soft_delete)]
struct Day {
    #[model(primary_key)]
    id: i64,
    #[model(soft_delete)]
    deleted_on: Option<NaiveDate>,
    #[model(soft_deleted)]
    gone: bool,
}

fn main() {}
