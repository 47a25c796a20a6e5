//! What can't be bound, and is no part of a statement, can't stand in the braces of `sql!`.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
}

struct Point;

struct Plain;

fn main() {
    let _ = sql!("select {Point}");
    let _ = sql!("select 1 where 1 in ({..7_i64})");
    let _ = sql!("select {User::ALL}").rows::<User>();
    let _ = sql!("select {User::ALL}").read_as::<Plain>();
    let _ = select(sql!("count(*)")).from(table::<User>());
}
