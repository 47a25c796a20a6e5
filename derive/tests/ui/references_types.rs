//! A foreign key has the type of the column it refers to.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    email: String,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::email)]
    user_id: i64,
    #[model(references = User::id, on_delete = set_null)]
    buyer_id: Option<i32>,
}

fn main() {}
