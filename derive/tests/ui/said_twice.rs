//! One thing is said once.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users", table = "people", index(email), index(email))]
struct User {
    #[model(primary_key, unique)]
    id: i64,
    #[model(length = 100, unique)]
    #[model(length = 200)]
    email: String,
}

fn main() {}
