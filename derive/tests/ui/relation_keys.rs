//! Relations by several columns that are no foreign key, or not of one model.

use creole::prelude::*;

#[derive(Model)]
#[model(
    table = "orders",
    has_many(in_another_order = (Line::number, Line::year)),
    has_many(of_two_models = (Line::year, Tagged::number)),
    has_many(one_of_two = Line::year),
    has_many(relations = (Line::order, Line::number)),
    has_one(several = (Line::year, Line::number)),
    many_to_many(tags: Tag = (Tagged::year, Tagged::number) -> Line::id)
)]
struct Order {
    #[model(primary_key)]
    year: i32,
    #[model(primary_key)]
    number: i32,
}

#[derive(Model)]
#[model(table = "lines", foreign_key(year, number, references = (Order::year, Order::number), belongs_to = order))]
struct Line {
    #[model(primary_key)]
    id: i64,
    year: i32,
    number: i32,
}

#[derive(Model)]
#[model(table = "tags")]
struct Tag {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(table = "tagged", foreign_key(year, number, references = (Order::year, Order::number)))]
struct Tagged {
    #[model(primary_key, references = Tag::id)]
    tag_id: i64,
    #[model(primary_key)]
    year: i32,
    #[model(primary_key)]
    number: i32,
}

fn main() {}
