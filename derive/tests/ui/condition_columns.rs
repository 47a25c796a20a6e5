//! A column that is not a bool is no condition.
use creole::query::Expression as _;
use creole_derive::Model;
use rust_decimal::Decimal;

#[derive(Model)]
#[model(table = "products")]
struct Product {
    #[model(primary_key)]
    id: i64,
    price: Decimal,
    in_stock: bool,
}

fn filter(_: impl creole::query::Condition) {}

fn main() {
    filter(Product::price);
    filter(Product::in_stock);
    filter(Product::price.gt(1));
    filter(true);
}
