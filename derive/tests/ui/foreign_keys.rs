//! Foreign keys of several columns that are not written as such.
use creole_derive::Model;

#[derive(Model)]
#[model(
    table = "shipments",
    foreign_key(warehouse, item),
    foreign_key(references = (Stock::warehouse, Stock::item)),
    foreign_key(warehouse, item, references = Stock::item),
    foreign_key(warehouse, item, references = (Stock::warehouse, Other::item)),
    foreign_key(warehouse, item, references = (warehouse, item)),
    foreign_key(warehouse, item, references = "stock"),
    foreign_key(warehouse, itme, references = (Stock::warehouse, Stock::item)),
    foreign_key(warehouse, item, references = (Stock::warehouse, Stock::item), on_delete = delete),
    foreign_key(warehouse, item, references = (Stock::warehouse, Stock::item), on_delete = set_default),
    foreign_key(warehouse, item, refers = (Stock::warehouse, Stock::item)),
    foreign_key
)]
struct Shipment {
    #[model(primary_key)]
    id: i64,
    warehouse: String,
    item: i32,
    #[model(references = Stock::number, on_delete = set_default)]
    number: i32,
    #[model(foreign_key)]
    other: i32,
}

#[derive(Model)]
#[model(table = "stock")]
struct Stock {
    #[model(primary_key)]
    warehouse: String,
    #[model(primary_key)]
    item: i32,
    #[model(unique)]
    number: i32,
}

fn main() {}
