//! Relations that are loaded for rows they are not from, and more of them than eight.

use creole::prelude::*;
use creole::query::load;

#[derive(Model)]
#[model(table = "users", has_many(orders = Order::user_id))]
struct User {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(table = "orders", has_many(lines = Line::order_id))]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
}

#[derive(Model)]
#[model(table = "lines")]
struct Line {
    #[model(primary_key)]
    id: i64,
    #[model(references = Order::id)]
    order_id: i64,
}

fn main() {
    let _ = User::select().with(Order::lines);
    let _ = User::select().with(User::orders.with(User::orders));
    let _ = User::select().with(User::id);
    let _ = select(User::id).with(User::orders);
    let users: Vec<User> = Vec::new();
    let _ = load(&users, Order::lines);
    let _ = Order::select().with(Order::user.limit(1));
    let _ = Order::lines.shared();
    let _ = User::select().with(User::orders.joined());
    let _ = Order::select().with(Order::user.shared().joined());
    let four = || User::select().with(User::orders).with(User::orders).with(User::orders).with(User::orders);
    let eight = four().with(User::orders).with(User::orders).with(User::orders).with(User::orders);
    let _ = eight.with(User::orders);
}
