//! What can't be a column of labels.
use creole_derive::DbEnum;

#[derive(DbEnum, Clone)]
enum Empty {}

#[derive(DbEnum, Clone)]
struct Struct {
    label: String,
}

#[derive(DbEnum, Clone)]
enum WithFields {
    Plain,
    Tuple(i32),
    Named { x: i32 },
}

#[derive(DbEnum, Clone)]
enum Generic<T> {
    One,
}

fn main() {}
