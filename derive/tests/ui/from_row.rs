//! A struct that is read by the names of columns has named fields that columns can hold.
use creole::prelude::*;

#[derive(FromRow)]
struct Pair(i64, String);

#[derive(FromRow)]
struct Nothing;

#[derive(FromRow)]
enum Either {
    A,
}

#[derive(FromRow)]
struct Generic<T> {
    value: T,
}

struct Point;

#[derive(FromRow)]
struct Nested {
    place: Point,
}

#[derive(FromRow)]
struct Twice {
    id: i64,
    #[from_row(rename = "id")]
    other: i64,
}

#[derive(FromRow)]
struct Inside {
    #[from_row(nested)]
    point: Point,
    #[from_row(nested = 1)]
    pair: Twice,
    #[from_row(nested, rename = "x")]
    both: Twice,
}

#[derive(FromRow)]
#[from_row(rename = "rows")]
struct Words {
    #[from_row(renam = "b")]
    a: i64,
    #[from_row(rename)]
    b: i64,
    #[from_row(rename = "")]
    c: i64,
}

fn main() {}
