//! Joins, subqueries, compounds and common table expressions, beside what they should yield.

use creole::prelude::*;
use creole::query::val;

use crate::models::{Node, Order, User, user};

/// Three users: one with three orders, one with one, one with none.
pub(super) async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    for (email, nickname) in [("ada", Some("Countess")), ("bob", None), ("eve", Some("eavesdropper"))] {
        insert(&User { nickname: nickname.map(String::from), ..user(email) }).exec(engine).await?;
    }
    for (user_id, total) in [(1, dec!(10)), (1, dec!(99.5)), (1, dec!(100)), (2, dec!(10.00))] {
        insert(&Order { user_id, total, ..Default::default() }).exec(engine).await?;
    }
    Ok(())
}

/// A tree: 1 has the children 2 and 3, 3 has 4, 4 has 5.
async fn tree(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    for (parent_id, name) in
        [(None, "root"), (Some(1), "left"), (Some(1), "right"), (Some(3), "leaf"), (Some(4), "last")]
    {
        insert(&Node { parent_id, name: name.into(), ..Default::default() }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn rows_are_joined_with_those_they_belong_to(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let pairs: Vec<(User, Order)> = select((User::ALL, Order::ALL))
        .join(User::orders)
        .filter(Order::total.gt(dec!(10)))
        .order_by(Order::id)
        .all(&engine)
        .await?;
    let found: Vec<_> = pairs.iter().map(|(user, order)| (user.email.as_str(), order.total)).collect();
    assert_eq!(found, [("ada", dec!(99.5)), ("ada", dec!(100))]);

    // Along the other end, by the foreign key, and by a condition: the same.
    let by_key = select((Order::id, User::email)).join(table::<User>()).order_by(Order::id).all(&engine).await?;
    assert_eq!(select((Order::id, User::email)).join(Order::user).order_by(Order::id).all(&engine).await?, by_key);
    let on = table::<User>().on(User::id.eq(Order::user_id));
    assert_eq!(select((Order::id, User::email)).join(on).order_by(Order::id).all(&engine).await?, by_key);
    assert_eq!(by_key.len(), 4);

    let all = select((User::email, Order::id.optional()))
        .left_join(User::orders)
        .order_by((User::id, Order::id.optional()))
        .all(&engine)
        .await?;
    let expected = [("ada", Some(1)), ("ada", Some(2)), ("ada", Some(3)), ("bob", Some(4)), ("eve", None)];
    assert_eq!(all, expected.map(|(email, id)| (String::from(email), id)));
    let whole: Vec<(User, Option<Order>)> = select((User::ALL, Order::ALL.optional()))
        .left_join(User::orders)
        .order_by((User::id, Order::id))
        .all(&engine)
        .await?;
    assert_eq!(
        whole.iter().map(|(_, order)| order.as_ref().map(|order| order.id)).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(3), Some(4), None]
    );
    // NULLs that a join makes stand last going up, though the column itself has none.
    let sorted = select(User::email).left_join(User::orders).order_by((Order::total, User::email)).all(&engine).await?;
    assert_eq!(sorted, ["ada", "bob", "ada", "ada", "eve"]);
    let right = select((Order::id.optional(), User::email))
        .right_join(table::<User>())
        .order_by((User::id, Order::id))
        .all(&engine)
        .await?;
    assert_eq!(right.len(), 5);
    assert_eq!(right[4], (None, "eve".into()));
    let crossed = select((User::id, Order::id)).join(table::<Order>().cross()).count(&engine).await?;
    assert_eq!(crossed, 12);
    let never = select((User::id, Order::id)).join(table::<Order>().on(val(1).eq(2))).count(&engine).await?;
    assert_eq!(never, 0);
    Ok(())
}

#[creole::test]
async fn a_table_beside_a_subquery_of_it_keeps_its_own_columns(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    // The subquery selects `user_id` too: what is filtered and sorted by is the table's all the same.
    let last = select(Order::user_id).order_by(Order::id.desc()).limit(1).subquery("last");
    let ids = select(Order::id)
        .from(&last)
        .join(table::<Order>().cross())
        .filter(Order::user_id.eq(1))
        .order_by((Order::user_id, Order::id.desc()))
        .all(&engine)
        .await?;
    assert_eq!(ids, [3, 2, 1]);
    Ok(())
}

#[creole::test]
async fn what_is_wrong_with_an_arm_is_wrong_with_the_whole(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let misused = select(User::id).skip_locked().union(select(Order::id));
    assert!(misused.all(&engine).await.unwrap_err().to_string().contains("come after `for_update`"));
    let mixed = select((User::id, count_rows())).union(select((Order::id, Order::id)));
    assert!(mixed.all(&engine).await.unwrap_err().to_string().contains("stands beside an aggregate"));
    Ok(())
}

#[creole::test]
async fn relations_of_a_table_to_itself_nest(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let names = async |condition: creole::query::Expr<bool>| {
        select(Node::name).filter(condition).order_by(Node::id).all(&engine).await
    };
    assert_eq!(names(Node::children.any(Node::children.any(Node::name.eq("leaf")))).await?, ["root"]);
    assert_eq!(names(Node::children.any(Node::children.any(Node::children.exists()))).await?, ["root"]);
    assert_eq!(names(Node::parent.any(Node::parent.any(Node::name.eq("root")))).await?, ["leaf"]);
    // A subquery about the same table has rows of its own.
    assert_eq!(names(Node::children.any(Node::id.ge(all_of(select(Node::id))))).await?, ["leaf"]);
    let mut deep = Node::name.eq("leaf");
    for _ in 0..9 {
        deep = Node::children.any(deep);
    }
    assert!(names(deep).await.unwrap_err().to_string().contains("at most 8 levels deep"));
    assert_eq!(names(Node::children.any(Node::children.none(Node::name.eq("leaf")))).await?, ["root", "right", "leaf"]);
    Ok(())
}

#[creole::test]
async fn a_full_join_keeps_both_sides_or_is_refused(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let query = select((User::email.optional(), Order::id.optional()))
        .full_join(table::<Order>().on(User::id.eq(Order::user_id).and(Order::id.gt(3))));
    match engine.dialect().name() {
        "mysql" | "mariadb" => {
            let error = query.all(&engine).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.to_string().contains("`union`"), "{error}");
        }
        _ => assert_eq!(query.count(&engine).await?, 6),
    }
    Ok(())
}

#[creole::test]
async fn a_table_joins_itself_under_another_name(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let parent = alias::<Node>("parent");
    let pairs = select((Node::name, parent.col(Node::name)))
        .join(parent.on(Node::parent_id.eq(parent.col(Node::id))))
        .order_by(Node::id)
        .all(&engine)
        .await?;
    let expected = [("left", "root"), ("right", "root"), ("leaf", "right"), ("last", "leaf")];
    assert_eq!(pairs, expected.map(|(a, b)| (String::from(a), String::from(b))));
    let with_models: Vec<(Node, Option<Node>)> = select((Node::ALL, parent.optional()))
        .left_join(parent.on(Node::parent_id.eq(parent.col(Node::id))))
        .order_by(Node::id)
        .all(&engine)
        .await?;
    assert_eq!(with_models[0].1, None);
    assert_eq!(with_models[4].1.as_ref().map(|node| node.name.as_str()), Some("leaf"));
    Ok(())
}

#[creole::test]
async fn conditions_on_related_rows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let emails = async |condition: creole::query::Expr<bool>| {
        select(User::email).filter(condition).order_by(User::id).all(&engine).await
    };
    assert_eq!(emails(User::orders.any(Order::total.ge(100))).await?, ["ada"]);
    assert_eq!(emails(User::orders.none(Order::total.eq(10))).await?, ["eve"]);
    assert_eq!(emails(User::orders.exists()).await?, ["ada", "bob"]);
    assert_eq!(emails(User::orders.count().gt(1)).await?, ["ada"]);
    assert_eq!(emails(not(User::orders.exists())).await?, ["eve"]);
    assert_eq!(emails(User::orders.any(Order::user.any(User::email.eq("bob")))).await?, ["bob"]);
    let counts = select((User::email, User::orders.count())).order_by(User::orders.count().desc()).all(&engine).await?;
    assert_eq!(counts.iter().map(|(_, orders)| *orders).collect::<Vec<_>>(), [3, 1, 0]);

    tree(&engine).await?;
    let parents =
        select(Node::name).filter(Node::children.any(Node::name.like("l%"))).order_by(Node::id).all(&engine).await?;
    assert_eq!(parents, ["root", "right", "leaf"]);
    Ok(())
}

#[creole::test]
async fn subqueries_are_values_lists_and_sources(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let average = || select(avg(Order::total));
    let dear = select(Order::id).filter(Order::total.gt(average())).order_by(Order::id).all(&engine).await?;
    assert_eq!(dear, [2, 3]);
    let buyers = || select(Order::user_id).filter(Order::total.ge(dec!(99.5)));
    assert_eq!(select(User::email).filter(User::id.is_in(buyers())).all(&engine).await?, ["ada"]);
    assert_eq!(
        select(User::email).filter(User::id.not_in(buyers())).order_by(User::id).all(&engine).await?,
        ["bob", "eve"]
    );
    // With a limit inside, too.
    let last = select(Order::user_id).order_by(Order::id.desc()).limit(1);
    assert_eq!(select(User::email).filter(User::id.is_in(last)).all(&engine).await?, ["bob"]);
    let correlated = exists(Order::select().filter(Order::user_id.eq(User::id)).filter(Order::total.eq(10)));
    assert_eq!(select(User::email).filter(correlated).order_by(User::id).all(&engine).await?, ["ada", "bob"]);
    let newest = select(max(Order::id)).filter(Order::user_id.eq(User::id)).value();
    let rows = select((User::email, newest)).order_by(User::id).all(&engine).await?;
    assert_eq!(rows.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [Some(3), Some(4), None]);

    let totals = select((Order::user_id, sum(Order::total), count_rows())).group_by(Order::user_id).subquery("totals");
    let rows = select((User::email, totals.col(sum(Order::total)), totals.col(count_rows())))
        .join(totals.on(User::id.eq(totals.col(Order::user_id))))
        .filter(totals.col(count_rows()).gt(1))
        .all(&engine)
        .await?;
    assert_eq!(rows, [("ada".into(), Some(dec!(209.5)), 3)]);
    let nested = select(max(totals.col(sum(Order::total)))).from(&totals).one(&engine).await?;
    assert_eq!(nested, Some(dec!(209.5)));
    Ok(())
}

#[creole::test]
async fn rows_of_several_selects_are_put_together(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let ids = |low: i64, high: i64| select(Order::id).filter(Order::id.between(low, high));
    let sorted = async |query: creole::query::Select<i64>| query.order_by(Order::id).all(&engine).await;
    assert_eq!(sorted(ids(1, 2).union(ids(2, 3))).await?, [1, 2, 3]);
    assert_eq!(sorted(ids(1, 2).union_all(ids(2, 3))).await?, [1, 2, 2, 3]);
    assert_eq!(sorted(ids(1, 3).intersect(ids(2, 4))).await?, [2, 3]);
    assert_eq!(sorted(ids(1, 3).except(ids(2, 4))).await?, [1]);
    // From left to right, whichever operator binds more tightly in the database.
    assert_eq!(sorted(ids(1, 1).union(ids(2, 3)).intersect(ids(3, 4))).await?, [3]);
    assert_eq!(sorted(ids(1, 1).union(ids(2, 3).intersect(ids(3, 4)))).await?, [1, 3]);
    assert_eq!(sorted(ids(1, 4).except(ids(2, 2)).except(ids(3, 3))).await?, [1, 4]);
    assert_eq!(sorted(ids(1, 4).except(ids(2, 3).except(ids(3, 3)))).await?, [1, 3, 4]);
    // An arm with an order and a limit, the whole with others.
    let newest = ids(1, 4).order_by(Order::id.desc()).limit(1);
    let both = ids(1, 2).union_all(newest).order_by(Order::id.desc()).limit(2).offset(1).all(&engine).await?;
    assert_eq!(both, [2, 1]);
    let filtered = ids(1, 3).union(ids(3, 4)).filter(Order::id.gt(2)).order_by(Order::id).all(&engine).await?;
    assert_eq!(filtered, [3, 4]);
    assert_eq!(ids(1, 2).union(ids(2, 3)).count(&engine).await?, 3);
    assert!(ids(1, 2).union(ids(2, 3)).exists(&engine).await?);
    assert_eq!(ids(1, 1).union(ids(9, 9)).one(&engine).await?, 1);
    let totals = |low| select(Order::total).filter(Order::id.ge(low));
    assert_eq!(totals(1).union(totals(2)).count(&engine).await?, 3, "10 and 10.00 are one value");
    assert_eq!(
        select(User::email).filter(User::id.is_in(ids(1, 1).union(ids(3, 3)))).order_by(User::id).all(&engine).await?,
        ["ada", "eve"]
    );
    let all = ids(1, 3).union_all(ids(2, 3)).intersect_all(ids(2, 4).union_all(ids(3, 3)));
    match engine.dialect().name() {
        "sqlite" => assert_eq!(all.all(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported),
        _ => assert_eq!(sorted(all).await?, [2, 3, 3]),
    }
    Ok(())
}

#[creole::test]
async fn common_table_expressions_also_recursive(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let base = select((Node::id, Node::name, val(0_i64))).filter(Node::parent_id.is_null());
    let below = base.recursive("below", |below| {
        select((Node::id, Node::name, below.col(val(0_i64)) + 1))
            .join(below.on(Node::parent_id.eq(below.col(Node::id))))
    });
    let rows = select((below.col(Node::name), below.col(val(0_i64))))
        .from(&below)
        .with_cte(&below)
        .order_by(below.col(Node::id))
        .all(&engine)
        .await?;
    let expected = [("root", 0), ("left", 1), ("right", 1), ("leaf", 2), ("last", 3)];
    assert_eq!(rows, expected.map(|(name, depth)| (String::from(name), depth)));

    let named = select((Node::parent_id, count_rows())).group_by(Node::parent_id).cte("children");
    let rows = select((Node::name, named.col(count_rows())))
        .join(named.on(Node::id.eq(named.col(Node::parent_id))))
        .with_cte(&named)
        .order_by(Node::id)
        .all(&engine)
        .await?;
    assert_eq!(rows, [("root".to_owned(), 2), ("right".into(), 1), ("leaf".into(), 1)]);
    Ok(())
}

#[creole::test]
async fn recursion_is_as_deep_as_it_is(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    insert(&Node { name: "one".into(), ..Default::default() }).exec(&engine).await?;
    let numbers = select(val(1_i64)).from(table::<Node>()).recursive("numbers", |numbers| {
        select(numbers.col(val(1_i64)) + 1).from(numbers).filter(numbers.col(val(1_i64)).lt(5_000))
    });
    let (rows, last) =
        select((count_rows(), max(numbers.col(val(1_i64))))).from(&numbers).with_cte(&numbers).one(&engine).await?;
    assert_eq!((rows, last), (5_000, Some(5_000)));
    Ok(())
}

#[creole::test]
async fn what_can_t_be_meant_is_an_error_that_names_it(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let message = async |query: creole::query::Select<i64>| query.all(&engine).await.unwrap_err().to_string();
    let missing = message(select(User::id).filter(Order::total.gt(1))).await;
    assert!(missing.contains("orders is not part of this statement"), "{missing}");
    let twice = message(select(User::id).join(table::<User>().on(User::id.eq(1)))).await;
    assert!(twice.contains("two sources of the statement are called users"), "{twice}");
    let unconnected = message(select(User::id).join(table::<Node>())).await;
    assert!(unconnected.contains("no foreign key connects nodes with users"), "{unconnected}");
    let totals = select(Order::user_id).subquery("totals");
    let unselected = message(select(totals.col(Order::id)).from(&totals)).await;
    assert!(unselected.contains("totals does not select"), "{unselected}");
    let absent = message(select(User::id).filter(totals.col(Order::user_id).gt(1))).await;
    assert!(absent.contains("the subquery totals is not part of this statement"), "{absent}");
    let early = message(select(User::id).skip_locked()).await;
    assert!(early.contains("come after `for_update`"), "{early}");
    Ok(())
}

#[creole::test]
async fn locked_rows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let locked = User::select().order_by(User::id).limit(1).for_update().all(&engine).await?;
    assert_eq!(locked.len(), 1);
    assert_eq!(User::select().for_share().all(&engine).await?.len(), 3);
    if engine.dialect().name() == "sqlite" {
        let error = User::select().for_update().skip_locked().all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    let mut holder = engine.session();
    User::select().filter(User::id.eq(1)).for_update().all(&mut holder).await?;
    let rest = select(User::id).order_by(User::id).for_update().skip_locked().all(&engine).await?;
    assert_eq!(rest, [2, 3]);
    let error = User::select().for_update().nowait().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LockTimeout, "{error}");
    holder.rollback().await?;
    Ok(())
}

#[creole::test]
async fn long_lists_have_few_texts(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let query = |count: i64| User::select().filter(User::id.is_in(1..=count));
    let texts: std::collections::HashSet<String> =
        (1..=1_000).map(|count| query(count).sql(engine.dialect())).collect::<creole::Result<_>>()?;
    assert!(texts.len() <= 8 + 7, "{}", texts.len());
    assert_eq!(query(1_000).count(&engine).await?, 3);
    let most = engine.dialect().capabilities().max_binds as i64;
    assert_eq!(query(most).count(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn a_subquery_in_the_condition_of_an_outer_join_holds_or_does_not(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let (above, below) = (alias::<Node>("above"), alias::<Node>("below"));
    let has_leaf = || {
        let of_it = below.col(Node::parent_id).eq(above.col(Node::id));
        exists(select(below.col(Node::id)).filter(of_it).filter(below.col(Node::name).eq("leaf")))
    };
    let listed = above.col(Node::id).is_in(select(below.col(Node::id)).filter(below.col(Node::name).eq("right")));
    for condition in [has_leaf(), listed, has_leaf().or(above.col(Node::id).eq(9)), not(not(has_leaf()))] {
        let on = above.on(above.col(Node::id).eq(Node::parent_id).and(condition));
        let rows = select((Node::id, above.col(Node::id).optional())).left_join(on).order_by(Node::id);
        let expected = [(1, None), (2, None), (3, None), (4, Some(3)), (5, None)];
        assert_eq!(rows.all(&engine).await?, expected);
    }
    Ok(())
}
