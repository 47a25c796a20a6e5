//! Defaults that nobody would use, and one of another type.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(default = true)]
    active: bool,
}

#[derive(Model)]
#[model(table = "orders", default)]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(default = "seven")]
    number: i64,
    #[model(server_default = "")]
    total: i64,
}

fn main() {}
