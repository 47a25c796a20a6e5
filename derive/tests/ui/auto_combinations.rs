//! What does not go with `auto`.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users", default)]
struct User {
    #[model(primary_key, auto, default = 7, server_default = "7")]
    id: i64,
    #[model(auto)]
    number: i64,
}

#[derive(Model)]
#[model(table = "seats")]
struct Seat {
    #[model(primary_key, auto)]
    row: i64,
    #[model(primary_key)]
    number: i64,
}

fn main() {}
