//! A field that is no column is nothing else.
use creole_derive::Model;

struct Connection;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(skip, unique)]
    cache: Vec<String>,
    #[model(skip)]
    connection: Connection,
}

fn main() {}
