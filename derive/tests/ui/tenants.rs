//! What says whose a row is.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "invoices", default)]
struct Invoice {
    #[model(primary_key, auto, tenant)]
    id: i64,
    #[model(tenant, created)]
    account_id: i64,
    #[model(tenant, case_insensitive, on_update = String::new())]
    name: String,
}

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    owner: Option<i64>,
}

#[derive(Model)]
#[model(table = "days", tenant = account)]
struct Day {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    day: NaiveDate,
}

fn main() {}
