//! Words of the struct on a field, and the other way round.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users", primary_key)]
struct User {
    #[model(primary_key, table = "people")]
    id: i64,
}

fn main() {}
