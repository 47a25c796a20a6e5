//! A check has a name and a condition.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "products", check(Product::price.ge(0)), check(in_stock), check(a = Product::price), check(b = Product::id.ge(0), b = Product::id.lt(9)))]
struct Product {
    #[model(primary_key)]
    id: i64,
    price: i64,
}

fn main() {}
