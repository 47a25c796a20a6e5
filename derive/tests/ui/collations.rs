//! Collations and comments that are not what they can be.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users", comment = "", case_insensitive)]
struct User {
    #[model(primary_key, case_insensitive = true)]
    id: i64,
    #[model(collation)]
    a: String,
    #[model(collation = nocase)]
    b: String,
    #[model(collation = "")]
    c: String,
    #[model(collation = "C", case_insensitive)]
    d: String,
    #[model(comment = 7)]
    e: String,
    #[model(comment = "a\0b")]
    f: String,
}

fn main() {}
