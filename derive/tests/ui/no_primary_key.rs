//! Every model has a primary key. Code that uses the model's columns adds no errors of its own.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    id: i64,
    email: String,
}

fn main() {
    let _ = (User::id, User::email, User::ALL, User::TABLE);
}
