//! Words that nobody knows, said about a field and about the struct.
use creole_derive::Model;

#[derive(Model)]
#[model(tabel = "users", indexes(email))]
struct User {
    #[model(primarykey)]
    id: i64,
    #[model(uniqe, nullable)]
    email: String,
}

fn main() {}
