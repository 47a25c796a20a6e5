//! What this shows: a first program. Two tables are created, rows are written and read, and a session changes some of
//! them as one unit of work.
//!
//! How to run it: `cargo run --example quickstart`. Nothing needs to be installed: the database is SQLite in memory.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default)]
struct User {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 255)]
    email: String,
    nickname: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders", default, index(user_id, total))]
struct Order {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id, on_delete = cascade)]
    user_id: i64,
    #[model(precision = 12, scale = 2)]
    total: Decimal,
}

#[tokio::main]
async fn main() -> creole::Result<()> {
    let engine = Engine::connect("sqlite::memory:").await?;
    engine.create_all(tables![User, Order]).await?;

    // A statement of its own each; the database makes the keys.
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let bob = insert(&user("bob@example.com")).returning().one(&engine).await?;
    for (buyer, total) in [(&ada, dec!(12.50)), (&ada, dec!(120.00)), (&bob, dec!(99.90))] {
        insert(&Order { user_id: buyer.id, total, ..Default::default() }).exec(&engine).await?;
    }
    print_users("After the inserts", &engine).await?;

    let large = Order::select().filter(Order::total.gt(50)).order_by(Order::total.desc());
    println!("\nOrders above 50, as SQL: {}", large.sql(engine.dialect())?);
    for order in large.all(&engine).await? {
        println!("  order {} of user {}: {}", order.id, order.user_id, order.total);
    }

    // Several changes that belong together: a session notices them, and `commit` writes them in one transaction.
    let mut session = engine.session();
    if let Some(ada) = session.get::<User>(ada.id).await? {
        session[ada].nickname = Some("Countess".into());
    }
    let eve = session.add(user("eve@example.com"));
    session.flush().await?; // now the database has given Eve her key
    let eves_id = session[eve].id;
    session.add(Order { user_id: eves_id, total: dec!(7.25), ..Default::default() });
    session.commit().await?;
    print_users("After the session", &engine).await?;

    // Errors are data: the kind and the column, the same on every backend.
    match insert(&user("ada@example.com")).exec(&engine).await {
        Err(error) if error.is_unique(User::email) => println!("\nAda can't be added twice: {error}"),
        other => println!("\nThis was not expected: {other:?}"),
    }
    Ok(())
}

fn user(email: &str) -> User {
    User { email: email.into(), ..Default::default() }
}

/// Prints every user with the number and the sum of the orders.
async fn print_users(title: &str, engine: &Engine) -> creole::Result<()> {
    println!("\n{title}\n  {:>2}  {:<16}  {:<9}  {:>6}  {:>7}", "id", "email", "nickname", "orders", "total");
    for user in User::select().order_by(User::id).all(engine).await? {
        let orders = Order::select().filter(Order::user_id.eq(user.id)).all(engine).await?;
        let total: Decimal = orders.iter().map(|order| order.total).sum();
        let nickname = user.nickname.as_deref().unwrap_or("-");
        println!("  {:>2}  {:<16}  {nickname:<9}  {:>6}  {total:>7}", user.id, user.email, orders.len());
    }
    Ok(())
}
