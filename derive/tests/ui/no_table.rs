//! The table is named, so that renaming the struct renames no table.
use creole_derive::Model;

#[derive(Model)]
struct LineItem {
    #[model(primary_key, auto)]
    id: i64,
}

fn main() {}
