//! Slips of the pen.
use creole_derive::Model;

#[derive(Model)]
#[model(table: "users")]
#[model(schema = shop, default = true)]
struct User {
    #[model(primary_key = true, auto,)]
    id: i64,
    #[model(length = )]
    email: String,
    #[model]
    nickname: String,
    #[model(column = 7, references, default(7))]
    number: i64,
}

fn main() {}
