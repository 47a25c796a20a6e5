//! Foreign keys of several columns whose columns do not fit.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "stock")]
struct Stock {
    #[model(primary_key)]
    warehouse: String,
    #[model(primary_key)]
    item: i32,
}

#[derive(Model)]
#[model(table = "shipments", foreign_key(warehouse, item, references = (Stock::warehouse, Stock::item)))]
struct OfAnotherType {
    #[model(primary_key)]
    id: i64,
    warehouse: String,
    item: i64,
}

#[derive(Model)]
#[model(table = "shipments", foreign_key(item, warehouse, references = (Stock::item, Stock::warehouse)))]
struct InAnotherOrder {
    #[model(primary_key)]
    id: i64,
    warehouse: String,
    item: i32,
}

#[derive(Model)]
#[model(
    table = "shipments",
    foreign_key(warehouse, item, references = (Stock::warehouse, Stock::item), on_delete = set_null)
)]
struct NeverNull {
    #[model(primary_key)]
    id: i64,
    warehouse: Option<String>,
    item: i32,
}

fn main() {}
