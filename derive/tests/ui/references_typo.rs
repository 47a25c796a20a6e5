//! A column that the other model has not.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::idd)]
    user_id: i64,
}

fn main() {}
