//! Joining: pairs, relations, numbers over a join, pages of what was joined.

use creole::prelude::*;
use creole::query::values;

use crate::models::{Order, Product, User, filled_shop, names};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Joining");
    filled_shop(engine).await?;
    let bob = User::select().filter(User::nickname.eq("Bobby")).one(engine).await?;
    insert(&Order { user_id: bob.id, total: dec!(99.50), ..Default::default() }).exec(engine).await?;
    pairs(engine, report).await?;
    relations(engine, report).await?;
    numbers(engine, report).await?;
    pages(engine, report).await?;
    rows_of_the_program(engine, report).await
}

async fn pairs(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let on = table::<Order>().on(Order::user_id.eq(User::id));
    let pairs: Vec<(User, Order)> = select((User::ALL, Order::ALL)).join(on).order_by(Order::id).all(engine).await?;
    let pairs: Vec<(&str, Decimal)> = pairs.iter().map(|(user, order)| (&*user.email, order.total)).collect();
    let expected =
        [("ada@example.com", dec!(12.50)), ("ada@example.com", dec!(250.00)), ("bob@example.com", dec!(99.50))];
    report.check("pairs on a condition", pairs, expected);

    // Any condition will do: products that an order could have paid for, other than in full.
    let affordable = table::<Product>().on(Product::price.lt(Order::total).and(Product::category.eq("toys")));
    let affordable = select((Order::id, Product::name)).join(affordable).count(engine).await?;
    report.check("on a condition that is no key", affordable, 5);

    // The same table twice needs a second name.
    let other = alias::<Order>("other");
    let dearer = other.on(other.col(Order::user_id).eq(Order::user_id).and(other.col(Order::total).gt(Order::total)));
    let dearer = select((Order::total, other.col(Order::total))).join(dearer).all(engine).await?;
    report.check("a table with itself", dearer, [(dec!(12.50), dec!(250.00))]);
    Ok(())
}

async fn relations(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let of_ada = Order::select().join(Order::user).filter(User::email.eq("ada@example.com")).order_by(Order::id);
    let totals: Vec<Decimal> = of_ada.all(engine).await?.into_iter().map(|order| order.total).collect();
    report.check("along a relation, filtered on the other side", totals, [dec!(12.50), dec!(250.00)]);

    let big = User::select().filter(User::orders.any(Order::total.gt(90))).order_by(User::id).all(engine).await?;
    let emails: Vec<&str> = big.iter().map(|user| &*user.email).collect();
    report.check("who has such an order, each once", emails, ["ada@example.com", "bob@example.com"]);
    let idle = User::select().filter(not(User::orders.exists())).one(engine).await?;
    report.check("who has no order", idle.email, "eve@example.org");

    let all: Vec<(User, Option<Order>)> = select((User::ALL, Order::ALL.optional()))
        .left_join(User::orders)
        .order_by((User::id, Order::id))
        .all(engine)
        .await?;
    let orders: Vec<Option<Decimal>> = all.into_iter().map(|(_, order)| order.map(|order| order.total)).collect();
    let expected = [Some(dec!(12.50)), Some(dec!(250.00)), Some(dec!(99.50)), None];
    report.check("everybody, with or without an order", orders, expected);
    Ok(())
}

async fn numbers(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let total = select(sum(Order::total)).one(engine).await?;
    report.check("a sum as a scalar", total, Some(dec!(362.00)));

    let per_user = || {
        select((User::email, count(Order::id), sum(Order::total)))
            .left_join(User::orders)
            .group_by((User::id, User::email))
            .order_by(User::id)
    };
    let expected = [
        ("ada@example.com", 2, Some(dec!(262.50))),
        ("bob@example.com", 1, Some(dec!(99.50))),
        ("eve@example.org", 0, None),
    ];
    let owned = |rows: &[(&str, i64, Option<Decimal>)]| -> Vec<(String, i64, Option<Decimal>)> {
        rows.iter().map(|&(email, count, sum)| (email.into(), count, sum)).collect()
    };
    report.check("count and sum per user", per_user().all(engine).await?, owned(&expected));
    let frequent = per_user().having(count(Order::id).ge(1)).all(engine).await?;
    report.check("of those who have ordered", frequent, owned(&expected[..2]));

    let best = select(Order::total).filter(Order::total.ge(all_of(select(Order::total)))).one(engine).await?;
    report.check("at least as much as any", best, dec!(250.00));
    Ok(())
}

async fn pages(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let page = |number: u64| {
        select((User::email, Order::total)).join(User::orders).order_by(Order::id).limit(2).offset(2 * number)
    };
    report.check("a page of a join by its offset", page(0).all(engine).await?.len(), 2);
    report.check("the next one", page(1).all(engine).await?, [("bob@example.com".to_string(), dec!(99.50))]);

    // By key, no row is left out or comes twice when others are inserted meanwhile.
    let query = Product::select().order_by(Product::price.desc());
    let first = query.clone().first_page().limit(3).all(engine).await?;
    report.check("a page by key", names(&first), ["Crane", "Anvil", "Drill"]);
    let Some(last) = first.last() else { return Ok(()) };
    let next = query.clone().page_after(&query.cursor(last)?).limit(3).all(engine).await?;
    report.check("the one behind it", names(&next), ["Doll", "Ball"]);
    Ok(())
}

async fn rows_of_the_program(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let discounts = values("discounts", [("toys", dec!(0.50)), ("tools", dec!(0.90))]);
    let (category, factor) = discounts.columns();
    let reduced = select((Product::name, Product::price * factor))
        .join(discounts.on(category.eq(Product::category)))
        .order_by(Product::name)
        .limit(2);
    let expected = [("Anvil".to_string(), dec!(134.91)), ("Ball".to_string(), dec!(2.495))];
    report.check("rows of the program, joined", reduced.all(engine).await?, expected);
    Ok(())
}
