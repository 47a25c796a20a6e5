//! A filter is a condition over values of the column's type.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
}

fn main() {
    let _ = User::select().filter(User::email);
    let _ = User::select().filter(User::id.eq("seven"));
    let _ = User::select().filter(User::emial.eq("ada@example.com"));
}
