//! A field of a type that no column can have: one error for each.
use creole_derive::Model;

struct Money;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    balance: Money,
    tags: Vec<Vec<i32>>,
}

fn main() {}
