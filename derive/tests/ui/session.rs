//! Relations in a session, used wrongly.

use creole::prelude::*;

#[derive(Model)]
#[model(table = "users", has_many(orders = Order::user_id))]
struct User {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
}

async fn wrong(session: &mut Session, user: Tracked<User>, order: Tracked<Order>) -> creole::Result<()> {
    session.one(user, User::orders)?;
    session.many(order, Order::user)?;
    session.relate(user, User::orders, order);
    session.unrelate(order, Order::user)?;
    session.load(order, User::orders).await?;
    User::select().with(User::orders.select(Order::id)).track(session).await?;
    Order::select().with(Order::user.joined()).track(session).await?;
    Ok(())
}

fn main() {}
