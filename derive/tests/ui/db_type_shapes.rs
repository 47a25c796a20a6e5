//! What can't be a newtype.
use creole_derive::DbType;

#[derive(DbType, Clone)]
struct Two(i64, i64);

#[derive(DbType, Clone)]
struct None;

#[derive(DbType, Clone)]
struct Generic<T>(T);

#[derive(DbType, Clone)]
enum Enum {
    A,
}

#[derive(DbType, Clone)]
struct Nullable(Option<String>);

#[derive(DbType, Clone)]
#[db_type(tryfrom, try_from = String)]
struct Words(#[db_type(try_from)] String);

fn main() {}
