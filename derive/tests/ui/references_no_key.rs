//! A foreign key refers to a column that holds no value twice.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users", unique(email, name))]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
    #[model(unique)]
    name: String,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::email)]
    email: String,
    #[model(references = User::name)]
    name: String,
}

fn main() {}
