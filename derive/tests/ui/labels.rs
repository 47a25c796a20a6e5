//! A label is for whoever reads the rows: a statement sorts and groups by the expression itself.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
}

struct Plain {
    email: String,
}

fn main() {
    let _ = select(User::email.label("address")).order_by(User::email.label("address"));
    let _ = select(User::email.label("address")).filter(User::email.label("address").eq("ada"));
    let _ = select(User::email).read_as::<Plain>();
}
