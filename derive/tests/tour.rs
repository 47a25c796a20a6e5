//! The models of the tour: their tables compared whole, and rows through them.
// Helpers of tests fail as tests do.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use chrono::{DateTime, Utc};
use creole::ErrorKind;
use creole::model::{All, Column, Model as _};
use creole::query::{Condition as _, Expression as _};
use creole::schema::{Action, ColumnDef, Table};
use creole::types::{ColumnType, Value, ValueRef};
use creole_derive::Model;
use rust_decimal::Decimal;
use support::{MemoryRow, check_round_trip};
use uuid::Uuid;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "products", default, index(category, price), check(price_not_negative = Product::price.ge(0)))]
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

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "configs", default)]
pub struct Config {
    #[model(primary_key, auto)]
    pub id: i64,
    pub settings: serde_json::Value,
}

#[test]
fn the_table_is_what_the_attributes_say() {
    let table: &'static Table = Product::TABLE;
    assert!(std::ptr::eq(table, Product::table()));
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
    assert!(table.uniques.is_empty() && table.foreign_keys.is_empty());
    let [index] = table.indexes else { panic!("one index") };
    assert_eq!((index.name, index.columns().as_slice()), (None, [2, 3].as_slice()));
    let [check] = table.checks else { panic!("one check") };
    assert_eq!(check.name, "price_not_negative");
    let expected = Product::price.ge(0).condition();
    assert_eq!(format!("{:?}", (check.condition)()), format!("{expected:?}"));
}

#[test]
fn a_numbered_key_a_unique_key_and_null_are_in_the_table() {
    let table = User::TABLE;
    assert_eq!(
        table.columns,
        [
            ColumnDef::new("id", ColumnType::I64).auto(),
            ColumnDef::new("email", ColumnType::Text { length: Some(255) }),
            ColumnDef::new("nickname", ColumnType::TEXT).nullable(),
        ]
    );
    let [unique] = table.uniques else { panic!("one unique key") };
    assert_eq!((unique.name, unique.columns), (None, [1].as_slice()));
    assert!(table.indexes.is_empty());
    assert_eq!(table.auto_column(), Some(0));
}

#[test]
fn a_foreign_key_knows_its_table_its_column_and_its_actions() {
    let [key] = Order::TABLE.foreign_keys else { panic!("one foreign key") };
    assert_eq!((key.name, key.columns, key.references), (None, [1].as_slice(), [0].as_slice()));
    assert!(std::ptr::eq((key.table)(), User::TABLE));
    assert_eq!((key.on_delete, key.on_update), (Action::Cascade, Action::Restrict));
}

#[test]
fn the_constants_are_typed_columns() {
    const PRICE: Column<Product, Decimal> = Product::price;
    assert_eq!(PRICE.index(), 3);
    let nickname: Column<User, Option<String>> = User::nickname;
    assert_eq!(nickname.definition().unwrap().name, "nickname");
    let _: All<Product> = Product::ALL;
}

#[test]
fn default_honours_the_columns_defaults() {
    let (one, other) = (Product::default(), Product::default());
    assert_ne!(one.id, other.id);
    assert!(one.in_stock);
    assert_eq!((one.name.as_str(), one.price), ("", Decimal::ZERO));
    assert_eq!(one.created_at.timestamp_subsec_nanos() % 1_000, 0);
    let user = User { email: "ada@example.com".into(), ..Default::default() };
    assert_eq!((user.id, user.nickname), (0, None));
}

#[test]
fn rows_come_back_as_they_went() {
    let product = Product { name: "Widget".into(), price: Decimal::new(999, 2), in_stock: false, ..Default::default() };
    check_round_trip(&product, Product::default());
    let user = User { id: 7, email: "ada@example.com".into(), nickname: Some("Countess".into()) };
    check_round_trip(&user, User::default());
    check_round_trip(&User { nickname: None, ..user }, User { nickname: Some("x".into()), ..Default::default() });
    check_round_trip(&Order { id: 1, user_id: 7, total: Decimal::ONE }, Order::default());
    check_round_trip(&Config { id: 1, settings: serde_json::json!({"theme": "dark"}) }, Config::default());
    assert_eq!(product.key(), product.id);
}

#[test]
fn a_value_that_does_not_fit_names_its_column() {
    let mut row = MemoryRow::of(&User::default());
    row.values[1] = Value::Null;
    let error = row.decode::<User>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.columns().collect::<Vec<_>>(), ["email"]);
    row.values.truncate(1);
    assert_eq!(row.decode::<User>().unwrap_err().kind(), ErrorKind::Decode);

    let mut user = User { email: "ada@example.com".into(), ..Default::default() };
    assert_eq!(user.assign(1, ValueRef::Null).unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(user.email, "ada@example.com");
}
