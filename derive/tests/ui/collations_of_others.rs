//! A collation on what is not text.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key, case_insensitive)]
    id: i64,
    #[model(collation = "C")]
    age: i32,
    #[model(collation = binary)]
    data: Vec<u8>,
}

fn main() {}
