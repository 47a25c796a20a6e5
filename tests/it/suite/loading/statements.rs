//! One statement for the rows, and one for each relation.

use creole::prelude::*;
use creole::query::load;

use super::{Line, Order, User, shop};
use crate::lab::Lab;

#[creole::test]
async fn one_for_each_relation(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    let count = || sent.verbs().len();
    assert!(count() > 0);
    User::select().with(User::orders).all(&spied).await?;
    assert_eq!(count(), 2);
    User::select().with(User::orders.with(Order::lines).with(Order::reviewer)).with(User::profile).all(&spied).await?;
    assert_eq!(count(), 5);
    User::select().with(User::following.order_by(User::name).limit(1)).all(&spied).await?;
    assert_eq!(count(), 2);
    Line::select().with(Line::order.with(Order::user.with(User::orders))).all(&spied).await?;
    assert_eq!(count(), 4);
    // Where there is nothing that anything could belong to, nothing is asked.
    User::select().filter(User::id.eq(9)).with(User::orders.with(Order::lines)).all(&spied).await?;
    assert_eq!(count(), 1);
    User::select().filter(User::id.eq(3)).with(User::orders.with(Order::lines)).all(&spied).await?;
    assert_eq!(count(), 2);
    Order::select().filter(Order::id.eq(1)).with(Order::reviewer).all(&spied).await?;
    assert_eq!(count(), 1);
    User::select().with(User::orders).optional(&spied).await.unwrap_err();
    assert_eq!(count(), 1);
    let users = User::select().all(&spied).await?;
    count();
    load(&users, User::orders.with(Order::lines)).all(&spied).await?;
    assert_eq!(count(), 2);
    load(&[], User::orders).all(&spied).await?;
    assert_eq!(count(), 0);
    spied.close().await;
    Ok(())
}

#[creole::test]
async fn what_is_refused_is_refused_before_anything_is_sent(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    sent.verbs();
    let misused = User::orders.filter(Line::id.gt(1));
    let error = User::select().with(misused).all(&spied).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");
    let error = User::select().with(User::orders.select(Order::total).with(Order::lines)).all(&spied).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Syntax);
    assert_eq!(sent.verbs(), [""; 0]);
    spied.close().await;
    Ok(())
}
