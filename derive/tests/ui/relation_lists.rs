//! Relations by several columns that are not written as such.

use creole::prelude::*;

#[derive(Model)]
#[model(
    table = "orders",
    has_many(nothing = ()),
    has_many(fields = (year, number)),
    has_many(lines = (Line::year -> Line::number)),
    foreign_key(year, number, references = (Line::year, Line::number), belongs_to = "line"),
    foreign_key(year, number, references = (Line::year, Line::number), belongs_to = one, belongs_to = two),
    foreign_key(year, references = Line::id, belongs_to = line),
    foreign_key(year, references = Line::id, name = "again")
)]
struct Order {
    #[model(primary_key)]
    year: i64,
    #[model(primary_key)]
    number: i32,
}

#[derive(Model)]
#[model(
    table = "long",
    foreign_key(
        a, b, c, d, e, f, g, h, i,
        references = (Long::a, Long::b, Long::c, Long::d, Long::e, Long::f, Long::g, Long::h, Long::i),
        belongs_to = other
    )
)]
struct Long {
    #[model(primary_key)]
    a: i32,
    #[model(primary_key)]
    b: i32,
    #[model(primary_key)]
    c: i32,
    #[model(primary_key)]
    d: i32,
    #[model(primary_key)]
    e: i32,
    #[model(primary_key)]
    f: i32,
    #[model(primary_key)]
    g: i32,
    #[model(primary_key)]
    h: i32,
    #[model(primary_key)]
    i: i32,
}

fn main() {}
