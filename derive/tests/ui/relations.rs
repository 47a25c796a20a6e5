//! Relations that name something else than a foreign key.

use creole::prelude::*;

#[derive(Model)]
#[model(
    table = "users",
    has_many(orders = Order::id),
    has_one(order = Order::user_id),
    has_many(lines = user_id),
    many_to_many(tags = Order::user_id),
    many_to_many(others: User = Order::user_id -> Order::other_id, owned)
)]
struct User {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
    #[model(belongs_to = nobody)]
    other_id: i64,
}

fn main() {}
