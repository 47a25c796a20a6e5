//! `length` on a number, `precision` on a text.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key, length = 100)]
    id: i64,
    #[model(precision = 12, scale = 2)]
    email: String,
}

fn main() {}
