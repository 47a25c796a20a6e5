//! Numbers are not compared with text.
use creole::query::Expression as _;
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
}

fn main() {
    let _ = User::id.eq("seven");
}
