//! What rows are read as, by the kind of the relation.

#![allow(clippy::type_complexity, reason = "the types of results are what is tested")]

use creole::prelude::*;

use super::{Line, Order, Profile, User, ids, shop};

#[creole::test]
async fn to_many_is_a_vec_in_the_order_of_keys(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let users: Vec<(User, Vec<Order>)> = User::select().order_by(User::id).with(User::orders).all(&engine).await?;
    assert_eq!(users.iter().map(|(user, _)| user.name.as_str()).collect::<Vec<_>>(), ["Ada", "Bob", "Cleo"]);
    assert_eq!(users.iter().map(|(_, orders)| ids(orders)).collect::<Vec<_>>(), [vec![1, 2], vec![3], vec![]]);
    let reviewed = User::select().order_by(User::id).with(User::reviewed).all(&engine).await?;
    assert_eq!(reviewed.iter().map(|(_, orders)| ids(orders)).collect::<Vec<_>>(), [vec![3], vec![2], vec![]]);
    Ok(())
}

/// However they are stored, and whoever sorts them.
#[creole::test]
async fn related_rows_come_in_the_order_of_their_keys(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let late = [(12, 2), (9, 1), (11, 1), (-3, 2), (10, 2), (-4, 1)];
    insert_all(&late.map(|(id, user_id)| Order { id, user_id, total: id, reviewer_id: None })).exec(&engine).await?;
    let lines = late.map(|(order_id, _)| Line { id: 0, order_id, item: format!("of {order_id}") });
    insert_all(&lines).exec(&engine).await?;
    let (of_ada, of_bob) = (vec![-4, 1, 2, 9, 11], vec![-3, 3, 10, 12]);

    let users = User::select().order_by(User::id).with(User::orders.with(Order::lines)).all(&engine).await?;
    let orders = |at: usize| users[at].1.iter().map(|(order, _)| order.id).collect::<Vec<_>>();
    assert_eq!((orders(0), orders(1)), (of_ada.clone(), of_bob.clone()));
    for (order, lines) in users.iter().flat_map(|(_, orders)| orders) {
        assert!(lines.iter().all(|line| line.order_id == order.id));
        assert_eq!(
            lines.iter().filter(|line| line.item == format!("of {}", order.id)).count() == 1,
            !(1..=3).contains(&order.id)
        );
    }
    let columns = User::orders.select((Order::total, Order::id)).filter(Order::total.eq(Order::id));
    let users = User::select().order_by(User::id).with(columns).all(&engine).await?;
    assert_eq!(users[1].1, [(-3, -3), (10, 10), (12, 12)]);
    let totals = User::orders.select(Order::total).filter(Order::total.eq(Order::id));
    let users = User::select().order_by(User::id).with(totals).all(&engine).await?;
    assert_eq!(users[0].1, [-4, 9, 11]);
    Ok(())
}

#[creole::test]
async fn a_row_that_others_share_is_read_for_each(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders: Vec<(Order, User)> = Order::select().order_by(Order::id).with(Order::user).all(&engine).await?;
    assert_eq!(orders.iter().map(|(_, user)| user.id).collect::<Vec<_>>(), [1, 1, 2]);
    let orders: Vec<(Order, Option<User>)> =
        Order::select().order_by(Order::id).with(Order::reviewer).all(&engine).await?;
    let reviewers = orders.iter().map(|(_, user)| user.as_ref().map(|user| user.id));
    assert_eq!(reviewers.collect::<Vec<_>>(), [None, Some(2), Some(1)]);
    Ok(())
}

#[creole::test]
async fn one_at_most_is_an_option(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let users: Vec<(User, Option<Profile>)> =
        User::select().order_by(User::id).with(User::profile).all(&engine).await?;
    let mottos = users.iter().map(|(_, profile)| profile.as_ref().map(|profile| profile.motto.as_str()));
    assert_eq!(mottos.collect::<Vec<_>>(), [Some("first"), None, None]);
    Ok(())
}

/// A table that others made, without the key that the model says it has.
#[derive(Model)]
#[model(table = "profiles", default)]
struct LooseProfile {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id)]
    user_id: i64,
    #[model(length = 40)]
    motto: String,
}

#[creole::test]
async fn a_second_row_of_one_is_an_error_that_names_the_relation(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, LooseProfile]).await?;
    insert(&User { id: 1, name: "Ada".into() }).exec(&engine).await?;
    for motto in ["first", "second"] {
        insert(&LooseProfile { user_id: 1, motto: motto.into(), ..Default::default() }).exec(&engine).await?;
    }
    let error = User::select().with(User::profile).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::MultipleFound, Some("profiles")));
    assert!(error.to_string().contains("User::profile"), "{error}");
    // Which of them is meant, a filter may say.
    let second = User::profile.filter(Profile::motto.eq("second"));
    let (_, profile) = User::select().filter(User::id.eq(1)).with(second).one(&engine).await?;
    assert_eq!(profile.map(|profile| profile.motto).as_deref(), Some("second"));
    Ok(())
}

#[creole::test]
async fn many_to_many_leads_from_a_table_to_itself(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let users = User::select().order_by(User::id).with(User::following).with(User::followers).all(&engine).await?;
    let names = |users: &[User]| users.iter().map(|user| user.name.clone()).collect::<Vec<_>>().join(" ");
    let found = users.iter().map(|(_, following, followers)| (names(following), names(followers)));
    let expected = [("Bob Cleo", "Bob"), ("Ada", "Ada"), ("", "Ada")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    Ok(())
}

#[creole::test]
async fn relations_nest_and_stand_side_by_side(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let users: Vec<(User, Vec<(Order, Vec<Line>, Option<User>)>, Option<Profile>)> = User::select()
        .order_by(User::id)
        .with(User::orders.with(Order::lines).with(Order::reviewer))
        .with(User::profile)
        .all(&engine)
        .await?;
    let items = |lines: &[Line]| lines.iter().map(|line| line.item.clone()).collect::<Vec<_>>();
    let (ada, orders, profile) = &users[0];
    assert_eq!((ada.id, orders.len(), profile.is_some()), (1, 2, true));
    assert_eq!((items(&orders[0].1), items(&orders[1].1)), (vec!["lamp".to_owned(), "bulb".to_owned()], vec![]));
    assert_eq!(orders[1].2.as_ref().map(|user| user.id), Some(2));
    assert_eq!(users[1].1[0].1[0].item, "desk");
    assert!(users[2].1.is_empty() && users[2].2.is_none());

    // From below, by way of a row that others share, and down again.
    let lines: Vec<(Line, (Order, (User, Vec<Order>)))> =
        Line::select().order_by(Line::id).with(Line::order.with(Order::user.with(User::orders))).all(&engine).await?;
    let found = lines.iter().map(|(line, (order, (user, orders)))| (line.id, order.id, user.id, ids(orders)));
    assert_eq!(found.collect::<Vec<_>>(), [(1, 1, 1, vec![1, 2]), (2, 1, 1, vec![1, 2]), (3, 3, 2, vec![3])]);
    Ok(())
}

#[creole::test]
async fn eight_stand_side_by_side(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let found = User::select()
        .order_by(User::id)
        .with(User::orders)
        .with(User::orders.filter(Order::total.gt(15)))
        .with(User::orders.order_by(Order::total))
        .with(User::orders.limit(1))
        .with(User::profile)
        .with(User::reviewed)
        .with(User::following)
        .with(User::followers)
        .first(&engine)
        .await?;
    let (_, all, dear, cheap_first, one, profile, reviewed, following, followers) = found.expect("there are users");
    assert_eq!((ids(&all), ids(&dear), ids(&cheap_first), ids(&one)), (vec![1, 2], vec![1], vec![2, 1], vec![1]));
    assert_eq!((profile.is_some(), ids(&reviewed), following.len(), followers.len()), (true, vec![3], 2, 1));
    Ok(())
}

#[creole::test]
async fn related_rows_are_read_as_columns(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let totals = User::orders.order_by(Order::total).select((Order::id, Order::total));
    let users: Vec<(User, Vec<(i64, i64)>)> = User::select().order_by(User::id).with(totals).all(&engine).await?;
    assert_eq!(users[0].1, [(2, 10), (1, 30)]);
    let names = Order::user.select(User::name);
    let orders: Vec<(Order, String)> = Order::select().order_by(Order::id).with(names).all(&engine).await?;
    assert_eq!(orders.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Ada", "Ada", "Bob"]);
    // What is read of them decides whether there is more to load.
    let with_lines = User::orders.select((Order::id, Order::total)).with(Order::lines.select(Line::item));
    let (_, orders) = User::select().filter(User::id.eq(1)).with(with_lines).one(&engine).await?;
    assert_eq!(orders, [((1, 30), vec!["lamp".to_owned(), "bulb".to_owned()]), ((2, 10), vec![])]);
    let error = User::select().with(User::orders.select(Order::total).with(Order::lines)).all(&engine).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("orders")));
    assert!(error.to_string().contains("orders.id, which the statement does not select"), "{error}");
    Ok(())
}

#[creole::test]
async fn tuples_and_aliases_have_relations_too(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let pairs = select((Order::ALL, User::ALL)).join(Order::user).order_by(Order::id);
    let rows: Vec<((Order, User), Vec<Line>, Option<Profile>)> =
        pairs.with(Order::lines).with(User::profile).all(&engine).await?;
    let found = rows.iter().map(|((order, user), lines, profile)| (order.id, user.id, lines.len(), profile.is_some()));
    assert_eq!(found.collect::<Vec<_>>(), [(1, 1, 2, true), (2, 1, 0, true), (3, 2, 1, false)]);
    let follower = alias::<User>("follower");
    let rows = select(follower.all()).from(follower).order_by(follower.col(User::id)).with(User::orders);
    assert_eq!(rows.all(&engine).await?[1].1[0].id, 3);
    let error = select((User::name, User::name)).with(User::orders).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("users.id, which the statement does not select"), "{error}");
    Ok(())
}
