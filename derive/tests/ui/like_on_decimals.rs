//! `like` is for text.
use creole::query::Expression as _;
use creole_derive::Model;
use rust_decimal::Decimal;

#[derive(Model)]
#[model(table = "products")]
struct Product {
    #[model(primary_key)]
    id: i64,
    price: Decimal,
}

fn main() {
    let _ = Product::price.like("9%");
}
