//! `&&` is Rust's.
use creole::query::Expression as _;
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
}

fn filter(_: impl creole::query::Condition) {}

fn main() {
    filter(User::id.gt(1) && User::id.lt(9));
}
