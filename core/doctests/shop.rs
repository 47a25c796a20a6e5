// A small shop: the models and rows that the examples of the documentation share. An example includes this file by a hidden
// line and begins with `let engine = shop().await?`.

use creole::prelude::*;

/// Ada, who has two orders, Bob, who has one, and Cleo, who has none.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default, has_many(orders = Order::user_id))]
struct User {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 100)]
    email: String,
    name: String,
    age: Option<i32>,
}

/// An order. Prices are in cents.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders", default)]
struct Order {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
    item: String,
    price: i64,
    paid: bool,
    day: NaiveDate,
}

/// A shop in memory: users 1 to 3 and orders 1 to 3.
async fn shop() -> creole::Result<Engine> {
    let engine = Engine::connect("sqlite::memory:").await?;
    engine.create_all(tables![User, Order]).await?;
    let user = |id, name: &str, age| {
        let email = format!("{}@example.com", name.to_lowercase());
        User { id, email, name: name.into(), age }
    };
    let users = [user(1, "Ada", Some(36)), user(2, "Bob", Some(41)), user(3, "Cleo", None)];
    insert_all(&users).exec(&engine).await?;
    let order = |id, user_id, item: &str, price, paid, day| {
        let day = NaiveDate::from_ymd_opt(2026, 3, day).expect("the month has that day");
        Order { id, user_id, item: item.into(), price, paid, day }
    };
    let orders =
        [order(1, 1, "lamp", 3000, true, 2), order(2, 1, "desk", 8000, false, 9), order(3, 2, "lamp", 2500, true, 15)];
    insert_all(&orders).exec(&engine).await?;
    Ok(engine)
}
