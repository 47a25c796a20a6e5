//! The work: orders, each with the user that it is of.

use std::sync::Arc;

use creole::prelude::*;

/// Who orders.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "buyers")]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
    pub email: String,
    pub city: Option<String>,
}

/// What is ordered.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "purchases", index(user_id))]
pub struct Order {
    #[model(primary_key)]
    pub id: i64,
    #[model(references = User::id, belongs_to = user)]
    pub user_id: i64,
    pub item: String,
    pub price: i64,
}

/// Makes the tables and fills them: so many orders, of so many users in turn.
pub async fn create(engine: &Engine, orders: i64, users: i64) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    fill(engine, orders, users).await
}

/// Leaves just so many orders and users.
pub async fn fill(engine: &Engine, orders: i64, users: i64) -> creole::Result<()> {
    delete::<Order>().all_rows().exec(engine).await?;
    delete::<User>().all_rows().exec(engine).await?;
    let rows = (1..=users).map(|id| User {
        id,
        name: format!("User {id}"),
        email: format!("user-{id}@example.com"),
        city: Some("London".to_owned()),
    });
    insert_each(rows).exec(engine).await?;
    let rows = (0..orders).map(|id| Order {
        id: id + 1,
        user_id: id % users + 1,
        item: format!("Item {id}"),
        price: id * 100,
    });
    insert_each(rows).exec(engine).await.map(|_| ())
}

/// Each order with its user, the user by a statement of its own.
pub async fn apart(engine: &Engine) -> creole::Result<Vec<(Order, User)>> {
    Order::select().with(Order::user).all(engine).await
}

/// The same by one statement.
pub async fn joined(engine: &Engine) -> creole::Result<Vec<(Order, User)>> {
    Order::select().with(Order::user.joined()).all(engine).await
}

/// The same by two statements, with one user for all of its orders.
pub async fn shared(engine: &Engine) -> creole::Result<Vec<(Order, Arc<User>)>> {
    Order::select().with(Order::user.shared()).all(engine).await
}
