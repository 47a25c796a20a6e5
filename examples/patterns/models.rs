//! The models of a small shop, and the rows that each group of patterns begins with.

use creole::prelude::*;
use creole::schema::Table;

/// A key made by the program, a length, an exact price, defaults, an index over two columns and a check.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "patterns_products",
    default,
    index(name = "patterns_products_by_price", category, price),
    check(price_not_negative = Product::price.ge(0))
)]
pub(crate) struct Product {
    #[model(primary_key, default = Uuid::now_v7())]
    pub(crate) id: Uuid,
    #[model(length = 100)]
    pub(crate) name: String,
    #[model(length = 50)]
    pub(crate) category: String,
    #[model(precision = 12, scale = 2)]
    pub(crate) price: Decimal,
    #[model(default = true)]
    pub(crate) in_stock: bool,
    #[model(default = creole::now())]
    pub(crate) created_at: DateTime<Utc>,
}

/// A key made by the database, a unique column and one that may be NULL; it has many orders.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "patterns_users", default, has_many(orders = Order::user_id))]
pub(crate) struct User {
    #[model(primary_key, auto)]
    pub(crate) id: i64,
    #[model(unique, length = 255)]
    pub(crate) email: String,
    pub(crate) nickname: Option<String>,
}

/// A row that belongs to another and goes with it.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "patterns_orders", default)]
pub(crate) struct Order {
    #[model(primary_key, auto)]
    pub(crate) id: i64,
    #[model(references = User::id, on_delete = cascade, belongs_to = user)]
    pub(crate) user_id: i64,
    #[model(precision = 12, scale = 2)]
    pub(crate) total: Decimal,
}

/// A key of two columns.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "patterns_stock", unique(warehouse, shelf))]
pub(crate) struct Stock {
    #[model(primary_key, length = 20)]
    pub(crate) warehouse: String,
    #[model(primary_key)]
    pub(crate) item: i32,
    pub(crate) shelf: i32,
    pub(crate) amount: i64,
}

/// A document.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "patterns_configs", default)]
pub(crate) struct Config {
    #[model(primary_key, auto)]
    pub(crate) id: i64,
    pub(crate) settings: creole::JsonValue,
}

/// The tables of all of them, in no particular order: creole finds the one that the foreign keys need.
pub(crate) const TABLES: &[&Table] = &[Config::TABLE, Order::TABLE, Product::TABLE, Stock::TABLE, User::TABLE];

/// Empty tables.
pub(crate) async fn empty_shop(engine: &Engine) -> creole::Result<()> {
    engine.drop_all(TABLES).await?;
    engine.create_all(TABLES).await
}

/// Tables with five products and three users, one of whom has two orders.
pub(crate) async fn filled_shop(engine: &Engine) -> creole::Result<()> {
    empty_shop(engine).await?;
    for (name, category, price, in_stock) in [
        ("Anvil", "tools", dec!(149.90), true),
        ("Ball", "toys", dec!(4.99), true),
        ("Crane", "tools", dec!(1250.00), false),
        ("Doll", "toys", dec!(19.50), true),
        ("Drill", "tools", dec!(100.00), true),
    ] {
        insert(&Product { in_stock, ..product(name, category, price) }).exec(engine).await?;
    }
    let ada = insert(&user("ada@example.com")).returning().one(engine).await?;
    insert(&User { nickname: Some("Bobby".into()), ..user("bob@example.com") }).exec(engine).await?;
    insert(&user("eve@example.org")).exec(engine).await?;
    for total in [dec!(12.50), dec!(250.00)] {
        insert(&Order { user_id: ada.id, total, ..Default::default() }).exec(engine).await?;
    }
    Ok(())
}

pub(crate) fn product(name: &str, category: &str, price: Decimal) -> Product {
    Product { name: name.into(), category: category.into(), price, ..Default::default() }
}

pub(crate) fn user(email: &str) -> User {
    User { email: email.into(), ..Default::default() }
}

/// The names of products, in their order.
pub(crate) fn names(products: &[Product]) -> Vec<&str> {
    products.iter().map(|product| &*product.name).collect()
}
