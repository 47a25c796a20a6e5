//! The models of the tour: their tables compared whole, and rows through them.
#![allow(missing_docs)]

use chrono::{DateTime, Utc};
use creole::model::{Column, Model as _};
use creole::query::Expression as _;
use creole::schema::{Action, ColumnDef, Generated, Table};
use creole::types::{ColumnType, Value, ValueRef};
use creole_derive::Model;
use rust_decimal::Decimal;
use uuid::Uuid;

mod support;
use support::{MemoryRow, decode};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "products",
    default,
    index(category, price),
    unique(name = "one_name", category, name),
    check(price_not_negative = Product::price.ge(0))
)]
pub struct Product {
    #[model(primary_key, default = Uuid::now_v7())]
    pub id: Uuid,
    #[model(length = 100)]
    pub name: String,
    pub category: String,
    #[model(precision = 12, scale = 2)]
    pub price: Decimal,
    #[model(default = true)]
    pub in_stock: bool,
    #[model(default = creole::types::now())]
    pub created_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default)]
pub struct User {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(unique, length = 255)]
    pub email: String,
    pub nickname: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders", default)]
pub struct Order {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(references = User::id, on_delete = cascade)]
    pub user_id: i64,
    pub total: Decimal,
}

#[test]
fn the_tables_are_what_the_attributes_say() {
    let table: &Table = Product::TABLE;
    assert_eq!((table.schema, table.name), (None, "products"));
    assert_eq!(
        table.columns,
        [
            ColumnDef::new("id", ColumnType::Uuid),
            ColumnDef::new("name", ColumnType::Text { length: Some(100) }),
            ColumnDef::new("category", ColumnType::TEXT),
            ColumnDef::new("price", ColumnType::Decimal { precision: 12, scale: 2 }),
            ColumnDef::new("in_stock", ColumnType::Bool),
            ColumnDef::new("created_at", ColumnType::Instant),
        ]
    );
    assert_eq!(table.primary_key, [0]);
    let _: Column<Product, Decimal> = Product::price;
}
