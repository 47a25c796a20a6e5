//! `on_update` is an action of a foreign key, or a value of the column's type.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key, on_update = 7)]
    id: i64,
    #[model(references = Order::id, on_update = casade)]
    parent_id: i64,
    #[model(on_update = cascade)]
    other_id: i64,
    #[model(on_update)]
    number: i64,
}

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(on_update = "now")]
    changed: i64,
}

fn main() {}
