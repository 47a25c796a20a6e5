//! `set_null` writes NULL, which the column must allow.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "nodes")]
struct Node {
    #[model(primary_key)]
    id: i64,
    #[model(references = Self::id, on_delete = set_null)]
    parent_id: i64,
}

fn main() {}
