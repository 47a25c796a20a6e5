//! Defaults of the database that say nothing, twice the same, or what no database knows.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(server_default)]
    said_nothing: i64,
    #[model(server_default = yes)]
    no_word: bool,
    #[model(server_default = 7_i64)]
    suffix: i64,
    #[model(server_default = text(7))]
    no_text: String,
    #[model(server_default())]
    empty_list: i64,
    #[model(server_default(postgres = ""))]
    empty_text: i64,
    #[model(server_default(postgres = "1", postgres = "2"))]
    twice: i64,
    #[model(server_default(postgre = "1"))]
    misspelt: i64,
    #[model(server_default("1"))]
    no_name: i64,
}

fn main() {}
