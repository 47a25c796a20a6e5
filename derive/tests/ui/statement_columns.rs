//! An update sets the columns of its own model, each to a value it can hold.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
}

fn main() {
    let _ = update::<User>().set(Order::id, 1);
    let _ = update::<User>().set(User::email, None);
}
