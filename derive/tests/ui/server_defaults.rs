//! Defaults of the database that are of another type than their column, or that are no default.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "of_types")]
struct OfTypes {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = now)]
    number: i64,
    #[model(server_default = uuid)]
    token: String,
    #[model(server_default = true)]
    flag: i64,
    #[model(server_default = 5)]
    text: String,
    #[model(server_default = text("5"))]
    count: i64,
}

#[derive(Model)]
#[model(table = "of_words")]
struct OfWords {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = today)]
    word: i64,
    #[model(server_default = 5i64)]
    suffix: i64,
    #[model(server_default)]
    nothing: i64,
    #[model(server_default(postgress = "1", mysql = "1", mysql = "2"))]
    databases: i64,
    #[model(server_default(sqlite = ""))]
    empty: i64,
    #[model(server_default())]
    none: i64,
}

fn main() {}
