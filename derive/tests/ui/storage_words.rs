//! Words that `sqlite = …` does not know, and what does not go with it.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "prices")]
struct Price {
    #[model(primary_key, sqlite = txt)]
    id: Uuid,
    #[model(precision = 12, scale = 2, sqlite = "scaled_integer")]
    amount: Decimal,
    #[model(precision = 12, scale = 2, sqlite = scaled_integer, server_default = "1.50")]
    old: Decimal,
}

fn main() {}
