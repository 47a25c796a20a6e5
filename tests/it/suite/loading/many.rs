//! Any number of rows.

use creole::prelude::*;

use super::{Order, User};

/// 70,000 parents are more than any database takes parameters.
#[creole::test]
async fn seventy_thousand_parents(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, super::Profile, super::Follow, Order]).await?;
    let users: Vec<User> = (1..=70_000).map(|id| User { id, name: String::new() }).collect();
    insert_all(&users).exec(&engine).await?;
    let order = |id| Order { id, user_id: id * 100, reviewer_id: None, total: id };
    insert_all(&(1..=700).map(order).collect::<Vec<_>>()).exec(&engine).await?;
    let rows = User::select().order_by(User::id).with(User::orders).all(&engine).await?;
    assert_eq!(rows.len(), 70_000);
    for (user, orders) in &rows {
        let expected = if user.id % 100 == 0 { vec![user.id / 100] } else { Vec::new() };
        assert_eq!(super::ids(orders), expected);
    }
    let last = User::orders.order_by(Order::total.desc()).limit(1);
    let rows = User::select().order_by(User::id).with(last).all(&engine).await?;
    assert_eq!(rows.iter().filter(|(_, orders)| orders.len() == 1).count(), 700);
    Ok(())
}
