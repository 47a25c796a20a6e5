//! Indexes and unique keys over fields that are not there.
use creole_derive::Model;

#[derive(Model)]
#[model(
    table = "users",
    index(emial),
    index(cache),
    index(email, email),
    index(),
    unique(name = "only_a_name"),
    unique(title = "uq_users", email),
    unique = email
)]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
    #[model(skip)]
    cache: Vec<String>,
}

fn main() {}
