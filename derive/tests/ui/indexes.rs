//! Indexes that are not what an index can be.
use creole_derive::Model;

#[allow(clippy::duplicated_attributes)]
#[derive(Model)]
#[model(
    table = "users",
    index(email.upwards()),
    index(email.desc),
    index(email.desc(1)),
    index(email.desc(), email),
    index(expr = User::email.eq("a")),
    index(filter = User::age.gt(1)),
    index(age, filter = User::age.gt(1), filter = User::age.gt(2)),
    index(age, name = "one", name = "two"),
    unique_index(age, nmae = "a"),
    unique_index(),
    unique_index = email,
    unique(age, filter = User::age.gt(1)),
    unique(expr = User::age.gt(1))
)]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
    age: i32,
}

#[derive(Model)]
#[model(table = "orders", index(total), index(total.desc()), unique_index(total), unique_index(total))]
struct Order {
    #[model(primary_key, unique_index)]
    id: i64,
    total: i32,
}

fn main() {}
