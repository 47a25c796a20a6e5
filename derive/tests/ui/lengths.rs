//! `length` and `precision` that are no numbers, or too large or too small.
use creole_derive::Model;
use rust_decimal::Decimal;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key, length = "100")]
    id: String,
    #[model(length = 0)]
    email: String,
    #[model(length(100))]
    nickname: String,
    #[model(precision = 12)]
    price: Decimal,
    #[model(scale = 2)]
    tax: Decimal,
    #[model(precision = 2, scale = 4)]
    discount: Decimal,
    #[model(precision = 40, scale = 2)]
    total: Decimal,
    #[model(length = 10, precision = 12, scale = 2)]
    sum: Decimal,
}

fn main() {}
