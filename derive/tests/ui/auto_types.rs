//! What the database can't number.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key, auto)]
    id: u8,
}

#[derive(Model)]
#[model(table = "names")]
struct Name {
    #[model(primary_key, auto)]
    id: String,
}

fn main() {}
