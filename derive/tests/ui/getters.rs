//! A getter with a field's name clashes with the column's constant.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
}

impl User {
    fn id(&self) -> i64 {
        self.id
    }
}

fn main() {}
