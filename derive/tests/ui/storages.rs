//! `sqlite = …` on columns that have no such form there.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "prices")]
struct Price {
    #[model(primary_key, sqlite = scaled_integer)]
    id: i64,
}

#[derive(Model)]
#[model(table = "prices")]
struct Wide {
    #[model(primary_key)]
    id: i64,
    #[model(sqlite = scaled_integer)]
    amount: Decimal,
}

#[derive(Model)]
#[model(table = "prices")]
struct Text {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 12, scale = 2, sqlite = text)]
    amount: Decimal,
}

fn main() {}
