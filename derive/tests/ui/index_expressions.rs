//! What an index is over, or which rows it holds, is of another type.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users", index(name = "twice", expr = 7), index(age, filter = User::age))]
struct User {
    #[model(primary_key)]
    id: i64,
    age: i32,
}

fn main() {}
