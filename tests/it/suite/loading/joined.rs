//! The row of a relation to one, read by a join.

#![allow(clippy::type_complexity, reason = "the types of results are what is tested")]

use creole::prelude::*;
use creole::query::{load, row_number, window};

use super::{Line, Order, Profile, User, shop};
use crate::lab::Lab;
use crate::models::Node;

#[creole::test]
async fn it_is_what_a_statement_of_its_own_loads(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = || Order::select().order_by(Order::id);
    let joined: Vec<(Order, User)> = orders().with(Order::user.joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(Order::user).all(&engine).await?);
    let joined: Vec<(Order, Option<User>)> = orders().with(Order::reviewer.joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(Order::reviewer).all(&engine).await?);
    let joined: Vec<(User, Option<Profile>)> =
        User::select().order_by(User::id).with(User::profile.joined()).all(&engine).await?;
    assert_eq!(joined, User::select().order_by(User::id).with(User::profile).all(&engine).await?);

    // Two relations to one table, and others beside and beneath them.
    let joined = orders()
        .with(Order::user.with(User::orders).joined())
        .with(Order::lines)
        .with(Order::reviewer.with(User::profile.joined()).joined())
        .all(&engine)
        .await?;
    let by_statements = orders()
        .with(Order::user.with(User::orders))
        .with(Order::lines)
        .with(Order::reviewer.with(User::profile))
        .all(&engine)
        .await?;
    assert_eq!(joined, by_statements);

    // Beneath a relation, whose rows are numbered.
    let some = || User::orders.order_by(Order::id.desc()).limit(1);
    let users = || User::select().order_by(User::id);
    let joined = users().with(some().with(Order::reviewer.joined())).with(User::following).all(&engine).await?;
    assert_eq!(joined, users().with(some().with(Order::reviewer)).with(User::following).all(&engine).await?);
    // And beneath a table between.
    let joined = users().with(User::following.with(User::profile.joined())).all(&engine).await?;
    assert_eq!(joined, users().with(User::following.with(User::profile)).all(&engine).await?);
    Ok(())
}

#[creole::test]
async fn what_is_said_of_the_rows_is_said_in_the_join(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = || Order::select().order_by(Order::id);
    let adas = || Order::user.filter(User::name.eq("Ada"));
    let joined: Vec<(Order, Option<User>)> = orders().with(adas().joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(adas()).all(&engine).await?);
    assert_eq!(joined.iter().map(|(_, user)| user.is_some()).collect::<Vec<_>>(), [true, true, false]);

    // A condition about rows of its own, and one about rows that belong to the joined one.
    let busiest = || Order::user.filter(User::orders.any(Order::total.ge(all_of(select(Order::total)))));
    let joined = orders().with(busiest().joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(busiest()).all(&engine).await?);
    let last = || Order::user.filter(User::id.ge(all_of(select(User::id).filter(User::orders.exists()))));
    let joined = orders().with(last().joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(last()).all(&engine).await?);
    assert_eq!(joined.iter().map(|(_, user)| user.is_some()).collect::<Vec<_>>(), [false, false, true]);

    let texts = || Order::user.select((User::name.upper(), User::orders.count()));
    let joined: Vec<(Order, (String, i64))> = orders().with(texts().joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(texts()).all(&engine).await?);
    assert_eq!(joined[0].1, ("ADA".to_owned(), 2));
    Ok(())
}

#[creole::test]
async fn it_takes_no_statement(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    sent.verbs();
    Order::select().with(Order::user.joined()).with(Order::reviewer.joined()).all(&spied).await?;
    assert_eq!(sent.verbs().len(), 1);
    Order::select().with(Order::user.with(User::orders).joined()).with(Order::lines).all(&spied).await?;
    assert_eq!(sent.verbs().len(), 3);
    Line::select().with(Line::order.with(Order::user.joined()).joined()).all(&spied).await?;
    assert_eq!(sent.verbs().len(), 1);
    User::select().with(User::orders.with(Order::user.joined())).all(&spied).await?;
    assert_eq!(sent.verbs().len(), 2);
    spied.close().await;
    Ok(())
}

#[creole::test]
async fn it_goes_with_every_clause(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let with = || Order::select().order_by(Order::id).with(Order::user.joined());
    let ids = |rows: &[(Order, User)]| rows.iter().map(|(order, user)| (order.id, user.id)).collect::<Vec<_>>();
    assert_eq!(ids(&with().limit(1).offset(1).all(&engine).await?), [(2, 1)]);
    assert_eq!(ids(&with().filter(Order::total.lt(30)).all(&engine).await?), [(2, 1), (3, 2)]);
    assert_eq!(ids(&with().join(Order::user).filter(User::name.eq("Bob")).all(&engine).await?), [(3, 2)]);
    assert_eq!(with().filter(Order::id.eq(3)).one(&engine).await?.1.name, "Bob");
    assert_eq!(with().first(&engine).await?.map(|(order, _)| order.id), Some(1));
    assert_eq!(with().one(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    assert_eq!(with().count(&engine).await?, 3);

    let mut streamed = Vec::new();
    let mut rows = with().stream_batches(&engine, std::num::NonZeroUsize::new(2).expect("it is not zero"));
    while let Some(row) = rows.try_next().await? {
        streamed.push(row);
    }
    assert_eq!(ids(&streamed), [(1, 1), (2, 1), (3, 2)]);
    let page = with().limit(2).page(&engine).await?;
    assert_eq!(ids(&page.rows), [(1, 1), (2, 1)]);
    let next = page.next.expect("there is one more");
    assert_eq!(ids(&with().page_after(&next).limit(2).all(&engine).await?), [(3, 2)]);

    // Rows of a table under another name have its relations.
    let order = alias::<Order>("o");
    let named = select(order.all()).order_by(order.col(Order::id)).with(Order::user.joined()).with(Order::lines);
    assert_eq!(named.all(&engine).await?.iter().map(|(_, user, _)| user.id).collect::<Vec<_>>(), [1, 1, 2]);
    // The key need not be selected.
    let totals: Vec<((i64,), User)> =
        select((Order::total,)).order_by(Order::id).with(Order::user.joined()).all(&engine).await?;
    assert_eq!(
        totals.iter().map(|((total,), user)| (*total, user.id)).collect::<Vec<_>>(),
        [(30, 1), (10, 1), (20, 2)]
    );
    Ok(())
}

#[creole::test]
async fn only_the_rows_of_the_select_are_locked(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let locked = engine
        .transaction(async |tx| {
            Order::select().order_by(Order::id).with(Order::reviewer.joined()).for_update().all(&mut *tx).await
        })
        .await;
    match engine.dialect().name() {
        // It can't say of which tables rows are locked.
        "mariadb" => assert_eq!(locked.unwrap_err().kind(), ErrorKind::Unsupported),
        _ => assert_eq!(locked?.len(), 3),
    }
    Ok(())
}

/// Orders of which the database knows no foreign key.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "loose_orders")]
struct LooseOrder {
    #[model(primary_key)]
    id: i64,
    user_id: i64,
}

/// The same table, as its models should have it.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "loose_orders")]
struct TightOrder {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
}

#[creole::test]
async fn a_row_that_must_be_there_and_is_not_is_an_error(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, LooseOrder]).await?;
    insert(&LooseOrder { id: 1, user_id: 7 }).exec(&engine).await?;
    let error = TightOrder::select().with(TightOrder::user.joined()).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    assert!(error.to_string().contains("TightOrder::user"), "{error}");
    let optional = TightOrder::select().with(TightOrder::user.optional().joined()).all(&engine).await?;
    assert_eq!(optional[0].1, None);

    insert(&User { id: 1, name: "Ada".into() }).exec(&engine).await?;
    let outer = || select((User::ALL, TightOrder::ALL.optional())).left_join(table::<TightOrder>());
    let error = outer().with(TightOrder::user.joined()).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("`TightOrder::user.optional()`"), "{error}");
    let rows = outer().with(TightOrder::user.optional().joined()).all(&engine).await?;
    assert_eq!(rows.iter().map(|(_, user)| user.is_some()).collect::<Vec<_>>(), [false]);
    Ok(())
}

#[creole::test]
async fn what_a_join_would_change_is_refused(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    sent.verbs();
    let error = Order::select().distinct().with(Order::user.joined()).all(&spied).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    let both = Order::select().union(Order::select()).with(Order::user.joined()).all(&spied).await.unwrap_err();
    assert_eq!(both.kind(), ErrorKind::Syntax, "{both}");
    let groups = select((Order::user_id, count_rows())).group_by(Order::user_id).with(Order::user.joined());
    assert_eq!(groups.all(&spied).await.unwrap_err().kind(), ErrorKind::Syntax);
    let of_another = Order::user.filter(Line::id.gt(1)).joined();
    let error = Order::select().with(of_another).all(&spied).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");
    let totals = select((sum(Order::total),)).with(Order::user.joined()).all(&spied).await.unwrap_err();
    assert!(totals.to_string().contains("leave `joined` out"), "{totals}");
    // As a statement of its own refuses them.
    let large = Order::user.filter(Order::total.gt(15)).joined();
    let error = Order::select().with(large).all(&spied).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedColumn, Some("orders")), "{error}");
    let numbers = || Order::user.select(row_number().over(window().order_by(User::id))).joined();
    for error in [
        Order::select().with(numbers()).all(&spied).await.unwrap_err(),
        User::select().with(User::orders.with(numbers())).all(&spied).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("a window among related rows"), "{error}");
    }
    let error = load(&[Order::default()], Order::user.joined()).all(&spied).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    assert_eq!(sent.verbs(), [""; 0]);
    spied.close().await;
    Ok(())
}

/// Profiles as a database has them that knows of no unique key.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "profiles", default)]
struct LooseProfile {
    #[model(primary_key, auto)]
    id: i64,
    user_id: i64,
    #[model(length = 40)]
    motto: String,
}

#[creole::test]
async fn a_second_row_is_an_error(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, LooseProfile, Order]).await?;
    insert_all(&["Ada", "Bob"].map(|name| User { id: 0, name: name.into() })).exec(&engine).await?;
    let profiles = [(1, "first"), (2, "only"), (1, "second")];
    insert_all(&profiles.map(|(user_id, motto)| LooseProfile { id: 0, user_id, motto: motto.into() }))
        .exec(&engine)
        .await?;
    insert_all(&[1, 2, 2].map(|user_id| Order { user_id, ..Order::default() })).exec(&engine).await?;
    for error in [
        User::select().with(User::profile.joined()).all(&engine).await.unwrap_err(),
        Order::select().with(Order::user.with(User::profile.joined()).joined()).all(&engine).await.unwrap_err(),
        User::select().with(User::profile.select(Profile::motto).joined()).all(&engine).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.table()), (ErrorKind::MultipleFound, Some("profiles")), "{error}");
    }
    let some = || User::profile.filter(Profile::motto.ne("second"));
    let users = || User::select().order_by(User::id);
    assert_eq!(users().with(some().joined()).all(&engine).await?, users().with(some()).all(&engine).await?);
    // The same row with several others is no second one.
    let orders = || Order::select().filter(Order::user_id.eq(2)).order_by(Order::id);
    let joined = orders().with(Order::user.with(User::profile.joined())).all(&engine).await?;
    assert_eq!(joined, orders().with(Order::user.with(User::profile)).all(&engine).await?);
    let joined = orders().with(Order::user.with(User::profile.joined()).joined()).all(&engine).await?;
    assert_eq!(joined, orders().with(Order::user.with(User::profile)).all(&engine).await?);
    Ok(())
}

#[creole::test]
async fn a_tree_is_joined_to_the_rows_that_are_selected(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let nodes = [(None, "a"), (Some(1), "b"), (Some(2), "c"), (Some(3), "d"), (Some(2), "e")];
    insert_all(&nodes.map(|(parent_id, name)| Node { parent_id, name: name.into(), ..Node::default() }))
        .exec(&engine)
        .await?;
    // The table stands there twice, and its rows are read by one name.
    let child = alias::<Node>("child");
    let children = || select(child.all()).join(child.along(Node::parent)).order_by(child.col(Node::id));
    let joined = children().with(Node::parent.joined()).all(&engine).await?;
    assert_eq!(joined, children().with(Node::parent).all(&engine).await?);
    let both = select((child.all(), Node::name)).join(child.along(Node::parent));
    let error = both.with(Node::parent.joined()).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");

    let nodes = || Node::select().order_by(Node::id);
    let deep = nodes().with(Node::parent.with(Node::parent.joined()).joined()).all(&engine).await?;
    assert_eq!(deep, nodes().with(Node::parent.with(Node::parent)).all(&engine).await?);
    let of_e = || Node::parent.filter(Node::children.any(Node::name.eq("e")));
    assert_eq!(nodes().with(of_e().joined()).all(&engine).await?, nodes().with(of_e()).all(&engine).await?);
    let inner = || Node::parent.filter(Node::id.is_in(select(Node::parent_id).filter(Node::name.ne("b"))));
    assert_eq!(nodes().with(inner().joined()).all(&engine).await?, nodes().with(inner()).all(&engine).await?);
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Order)]
struct Bill {
    id: i64,
    #[projection(Order::user.joined())]
    user: Payer,
    #[projection(Order::reviewer.joined())]
    reviewer: Option<Payer>,
    #[projection(Order::reviewer.with(User::profile).joined())]
    deep: Option<(User, Option<Profile>)>,
    #[projection(Order::user.joined())]
    whole: User,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Payer {
    #[projection(User::name.upper())]
    name: String,
    #[projection(User::orders.count())]
    count: i64,
    orders: Vec<Order>,
    #[projection(User::profile.joined())]
    profile: Option<Profile>,
}

#[creole::test]
async fn projections_are_joined_too(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    sent.verbs();
    let bills = Bill::select().order_by(Order::id).all(&spied).await?;
    // The orders of payers and of reviewers, and the profiles of the reviewers that are whole.
    assert_eq!(sent.verbs().len(), 4);
    let payers = User::select().order_by(User::id).project::<Payer>().all(&spied).await?;
    assert_eq!(bills.iter().map(|bill| &bill.user).collect::<Vec<_>>(), [&payers[0], &payers[0], &payers[1]]);
    let reviewers = bills.iter().map(|bill| bill.reviewer.as_ref());
    assert_eq!(reviewers.collect::<Vec<_>>(), [None, Some(&payers[1]), Some(&payers[0])]);
    let whole = Order::select().order_by(Order::id).with(Order::user).with(Order::reviewer.with(User::profile));
    for (bill, (order, user, deep)) in bills.into_iter().zip(whole.all(&spied).await?) {
        assert_eq!((bill.id, bill.whole, bill.deep), (order.id, user, deep));
    }
    spied.close().await;
    Ok(())
}
