//! A primary key is never NULL, not even under another name.
use creole_derive::Model;

type MaybeNumber = Option<i64>;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: Option<i64>,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: MaybeNumber,
}

fn main() {}
