//! A newtype around something that no column can hold, and one that can't be made from what is read.
use creole_derive::{DbType, Model};

#[derive(Clone)]
struct Point(f64, f64);

#[derive(DbType, Clone)]
struct Place(Point);

#[derive(DbType, Clone)]
#[db_type(try_from)]
struct Unchecked(String);

#[derive(DbType, Clone)]
struct UserId(i64);

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    #[model(length = 10)]
    manager: UserId,
}

fn main() {}
