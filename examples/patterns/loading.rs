//! Loading what belongs to a row: with the rows, for rows at hand, and as structs that say what they want.

use creole::prelude::*;
use creole::query::load;

use crate::models::{Order, User, filled_shop};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Loading relations");
    filled_shop(engine).await?;
    with_the_rows(engine, report).await?;
    for_rows_at_hand(engine, report).await?;
    projections(engine, report).await
}

async fn with_the_rows(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let users: Vec<(User, Vec<Order>)> = User::select().order_by(User::id).with(User::orders).all(engine).await?;
    let counts: Vec<(&str, usize)> = users.iter().map(|(user, orders)| (&*user.email, orders.len())).collect();
    let expected = [("ada@example.com", 2), ("bob@example.com", 0), ("eve@example.org", 0)];
    report.check("users with their orders", counts, expected);

    let orders: Vec<(Order, User)> = Order::select().order_by(Order::id).with(Order::user).all(engine).await?;
    let emails: Vec<&str> = orders.iter().map(|(_, user)| &*user.email).collect();
    report.check("orders with their user", emails, ["ada@example.com", "ada@example.com"]);

    let dearest = User::orders.filter(Order::total.gt(10)).order_by(Order::total.desc()).limit(1);
    let (_, dearest) = User::select().filter(User::email.eq("ada@example.com")).with(dearest).one(engine).await?;
    let totals: Vec<Decimal> = dearest.into_iter().map(|order| order.total).collect();
    report.check("the dearest order of each user", totals, [dec!(250.00)]);

    let deep: Vec<(Order, (User, Vec<Order>))> =
        Order::select().with(Order::user.with(User::orders)).all(engine).await?;
    report.check("one beneath the other", deep.iter().map(|(_, (_, all))| all.len()).collect::<Vec<_>>(), [2, 2]);
    Ok(())
}

async fn for_rows_at_hand(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let users = User::select().order_by(User::id).all(engine).await?;
    let orders: Vec<Vec<Order>> = load(&users, User::orders).all(engine).await?;
    report.check("for rows at hand", orders.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0, 0]);

    let Some(ada) = users.first() else { return Ok(()) };
    let small = ada.related(User::orders).filter(Order::total.lt(100)).count(engine).await?;
    report.check("as a statement that goes on", small, 1);
    let raised =
        update::<Order>().set(Order::total, Order::total + 1).filter(User::orders.of(ada)).exec(engine).await?;
    report.check("changed where they are", raised, 2);
    Ok(())
}

/// What an endpoint returns of a user.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct UserCard {
    #[projection(User::email.upper())]
    email: String,
    #[projection(User::orders.count())]
    order_count: i64,
    #[projection(User::orders.order_by(Order::total.desc()).limit(1))]
    dearest: Vec<OrderCard>,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Order)]
struct OrderCard {
    total: Decimal,
}

async fn projections(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let cards = UserCard::select().order_by(User::id).limit(2);
    let page = cards.clone().page(engine).await?;
    let card = |email: &str, order_count, dearest: &[Decimal]| UserCard {
        email: email.into(),
        order_count,
        dearest: dearest.iter().map(|&total| OrderCard { total }).collect(),
    };
    let expected = [card("ADA@EXAMPLE.COM", 2, &[dec!(251.00)]), card("BOB@EXAMPLE.COM", 0, &[])];
    report.check("structs that say what they want", page.rows, expected);
    let Some(next) = page.next else { return Ok(()) };
    let page = cards.page_after(&next).page(engine).await?;
    report.check("the page after it is the last", (page.rows.len(), page.next), (1, None));
    Ok(())
}
