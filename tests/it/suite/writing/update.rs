//! UPDATE: what its values see, from where they come, which rows it is about and how many they were.

use std::time::Duration;

use creole::prelude::*;

use super::{Employee, HOSTILE, Plain, Triple, all_plain, all_triples, employees, plain, triples};
use crate::models::{Node, Order, User, user};

#[creole::test]
async fn every_right_hand_side_sees_the_old_row(engine: Engine) -> creole::Result<()> {
    triples(&engine).await?;
    let chain = update::<Triple>().set(Triple::a, Triple::a + 10).set(Triple::b, Triple::a).set(Triple::c, Triple::b);
    assert_eq!(chain.all_rows().exec(&engine).await?, 3);
    assert_eq!(all_triples(&engine).await?, [(11, 1, Some(10)), (12, 2, Some(20)), (13, 3, Some(30))]);
    let swap = update::<Triple>().set(Triple::a, Triple::b).set(Triple::b, Triple::a);
    assert_eq!(swap.clone().filter(Triple::number.gt(1)).exec(&engine).await?, 2);
    assert_eq!(all_triples(&engine).await?, [(11, 1, Some(10)), (2, 12, Some(20)), (3, 13, Some(30))]);
    // Round in a circle of three, and a value of the program's beside it.
    let circle = update::<Triple>()
        .set(Triple::note, HOSTILE[1])
        .set(Triple::a, Triple::b)
        .set(Triple::b, coalesce(Triple::c, -1))
        .set(Triple::c, Triple::a + Triple::b);
    assert_eq!(circle.filter(Triple::part.eq("x").and(Triple::number.ne(2))).exec(&engine).await?, 2);
    assert_eq!(all_triples(&engine).await?, [(1, 10, Some(12)), (2, 12, Some(20)), (13, 30, Some(16))]);
    assert_eq!(select(Triple::note).filter(Triple::number.eq(1)).one(&engine).await?.as_deref(), Some(HOSTILE[1]));
    // A column of the key takes part.
    let key = update::<Triple>().set(Triple::number, Triple::number + 100).set(Triple::a, Triple::number.cast::<i64>());
    key.all_rows().exec(&engine).await?;
    assert_eq!(select(Triple::a).order_by(Triple::number).all(&engine).await?, [1, 2, 3]);
    assert_eq!(swap.filter(Triple::number.eq(7)).exec(&engine).await?, 0);
    Ok(())
}

/// What somebody else has written and not yet committed is waited for, and is what the right-hand sides see then.
#[creole::test]
async fn columns_that_change_places_lose_no_update(engine: Engine) -> creole::Result<()> {
    triples(&engine).await?;
    let mut session = engine.session();
    update::<Triple>().set(Triple::a, Triple::a + 1_000).filter(Triple::number.eq(2)).exec(&mut session).await?;
    let other = engine.clone();
    let swap = tokio::spawn(async move {
        let swap = update::<Triple>().set(Triple::a, Triple::b).set(Triple::b, Triple::a);
        swap.filter(Triple::number.le(2)).exec(&other).await
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    session.commit().await?;
    assert_eq!(swap.await.expect("no panic")?, 2);
    assert_eq!(all_triples(&engine).await?, [(10, 1, Some(100)), (20, 1_002, None), (3, 30, Some(300))]);
    Ok(())
}

#[creole::test]
async fn rows_count_where_they_match_changed_or_not(engine: Engine) -> creole::Result<()> {
    employees(&engine).await?;
    let to = async |from: &str, to: &str| {
        update::<Employee>().set(Employee::department, to).filter(Employee::department.eq(from)).exec(&engine).await
    };
    assert_eq!(to("C", "C").await?, 3);
    assert_eq!(to("C", "Z").await?, 3);
    assert_eq!(to("C", "Z").await?, 0);
    Ok(())
}

#[creole::test]
async fn a_raw_update_counts_alike(engine: Engine) -> creole::Result<()> {
    employees(&engine).await?;
    let (from, to) = ("C", "C");
    let statement = sql!("UPDATE employees SET department = {to} WHERE department = {from}");
    assert_eq!(statement.exec(&engine).await?, 3);
    Ok(())
}

async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    for (email, nickname) in [("a", None), ("b", Some("bob")), ("c", Some("cy"))] {
        insert(&User { nickname: nickname.map(Into::into), ..user(email) }).exec(engine).await?;
    }
    for (user_id, total) in [(1, 10), (1, 20), (2, 30), (2, 40), (2, 50)] {
        insert(&Order { id: 0, user_id, total: total.into() }).exec(engine).await?;
    }
    Ok(())
}

async fn totals(engine: &Engine) -> creole::Result<Vec<Decimal>> {
    select(Order::total).order_by(Order::id).all(engine).await
}

async fn nicknames(engine: &Engine) -> creole::Result<Vec<Option<String>>> {
    select(User::nickname).order_by(User::id).all(engine).await
}

fn decimals(numbers: &[i64]) -> Vec<Decimal> {
    numbers.iter().copied().map(Decimal::from).collect()
}

#[creole::test]
async fn values_come_from_the_row_that_belongs_to_each(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let add = update::<Order>().join(Order::user).set(Order::total, Order::total + User::id.cast::<Decimal>());
    let found = add.clone().filter(User::email.eq("b").and(Order::total.ne(40))).exec(&engine).await?;
    assert_eq!((found, totals(&engine).await?), (2, decimals(&[10, 20, 32, 40, 52])));
    assert_eq!(add.filter(User::email.is_in(HOSTILE)).exec(&engine).await?, 0);
    // The foreign key is found by itself, and the unique key leads to one row as well.
    let by_key = update::<Order>().join(table::<User>()).set(Order::total, User::id.cast::<Decimal>());
    assert_eq!(by_key.filter(Order::id.le(2)).exec(&engine).await?, 2);
    let by_unique = update::<Order>().join(table::<User>().on(User::email.eq("c"))).set(Order::user_id, User::id);
    assert_eq!(by_unique.filter(Order::id.eq(5)).exec(&engine).await?, 1);
    assert_eq!(totals(&engine).await?, decimals(&[1, 1, 32, 40, 52]));
    assert_eq!(select(Order::user_id).filter(Order::id.eq(5)).one(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn rows_without_a_partner_have_nulls_in_a_left_join(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let named = User::nickname.is_not_null().and(User::id.eq(Order::user_id));
    let statement = update::<Order>()
        .left_join(table::<User>().on(named))
        .set(Order::total, coalesce(User::id.optional().cast::<Decimal>(), -7))
        .set(Order::user_id, Order::user_id + 1);
    assert_eq!(statement.filter(Order::id.ne(5)).exec(&engine).await?, 4);
    assert_eq!(totals(&engine).await?, decimals(&[-7, -7, 2, 2, 50]));
    assert_eq!(select(Order::user_id).order_by(Order::id).all(&engine).await?, [2, 2, 3, 3, 2]);
    let without = update::<User>().left_join(User::orders).set(User::nickname, "none").filter(Order::id.is_null());
    assert_eq!(without.exec(&engine).await?, 1);
    assert_eq!(nicknames(&engine).await?, [Some("none".into()), Some("bob".into()), Some("cy".into())]);
    // Nothing is asked of what is joined, so that every row is meant, and once.
    let all = update::<User>().left_join(User::orders).set(User::nickname, None).all_rows();
    assert_eq!(all.exec(&engine).await?, 3);
    // What may be NULL does not fit a column that may not.
    let nobody = table::<User>().on(User::email.eq("nobody"));
    let error = update::<Order>().left_join(nobody).set(Order::user_id, User::id).all_rows().exec(&engine).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotNullViolation);
    Ok(())
}

#[creole::test]
async fn a_row_is_written_and_counted_once_however_many_belong_to_it(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    engine.create_all(tables![Counter]).await?;
    for id in 1..=3 {
        insert(&Counter { id, hits: id }).exec(&engine).await?;
    }
    let orders = || table::<Order>().on(Order::user_id.eq(Counter::id));
    let once = update::<Counter>().join(orders()).set(Counter::hits, Counter::hits + 1);
    assert_eq!(once.clone().all_rows().exec(&engine).await?, 2);
    assert_eq!(once.filter(Order::total.ge(40)).exec(&engine).await?, 1);
    let twice = update::<Counter>().join(orders()).left_join(Order::user).set(Counter::hits, Counter::hits * 10);
    assert_eq!(twice.filter(User::nickname.eq("bob")).exec(&engine).await?, 1);
    assert_eq!(select(Counter::hits).order_by(Counter::id).all(&engine).await?, [2, 40, 3]);
    // Matched and not changed: counted, and once.
    assert_eq!(update::<Counter>().join(orders()).set(Counter::hits, Counter::hits).all_rows().exec(&engine).await?, 2);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "counters")]
struct Counter {
    #[model(primary_key)]
    id: i64,
    hits: i64,
}

#[creole::test]
async fn values_of_several_rows_are_refused_and_those_of_a_group_are_one(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let any_order = update::<User>().join(User::orders).set(User::nickname, Order::user_id.cast::<String>());
    let error = any_order.all_rows().exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("users")), "{error}");
    assert!(error.to_string().contains("several rows of orders"), "{error}");
    let cross =
        update::<User>().join(table::<Order>().cross()).set(User::nickname, Order::user_id.cast::<String>()).all_rows();
    assert_eq!(cross.exec(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    let either = User::id.eq(Order::user_id).or(User::email.eq("a"));
    let either = update::<Order>().join(table::<User>().on(either)).set(Order::user_id, User::id).all_rows();
    assert_eq!(either.exec(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    let per_user = select((Order::user_id, count_rows())).from(table::<Order>()).group_by(Order::user_id).subquery("t");
    let statement = update::<User>().join(per_user.on(per_user.col(Order::user_id).eq(User::id)));
    let statement = statement.set(User::nickname, per_user.col(count_rows()).cast::<String>());
    assert_eq!(statement.all_rows().exec(&engine).await?, 2);
    assert_eq!(nicknames(&engine).await?, [Some("2".into()), Some("3".into()), Some("cy".into())]);
    // One row in all belongs to everything.
    let all = select(max(Order::id)).from(table::<Order>()).subquery("t");
    let statement = update::<User>().join(all.cross()).set(User::nickname, all.col(max(Order::id)).cast::<String>());
    assert_eq!(statement.filter(User::id.eq(3)).exec(&engine).await?, 1);
    assert_eq!(nicknames(&engine).await?, [Some("2".into()), Some("3".into()), Some("5".into())]);
    Ok(())
}

async fn tree(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    for (id, parent_id) in [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, None)] {
        let node = Node { id, parent_id, name: format!("n{id}"), visited: false };
        insert(&node).exec(engine).await?;
    }
    Ok(())
}

async fn names(engine: &Engine) -> creole::Result<Vec<String>> {
    select(Node::name).order_by(Node::id).all(engine).await
}

#[creole::test]
async fn a_table_is_joined_with_itself_as_it_was(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let parent = alias::<Node>("parent");
    let up = update::<Node>()
        .join(parent.on(parent.col(Node::id).eq(Node::parent_id)))
        .set(Node::name, parent.col(Node::name));
    assert_eq!(up.all_rows().exec(&engine).await?, 3);
    assert_eq!(names(&engine).await?, ["n1", "n1", "n2", "n2", "n5"]);
    let twice = update::<Node>().join(table::<Node>().on(Node::id.eq(1))).set(Node::name, "x").all_rows();
    assert_eq!(twice.exec(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    Ok(())
}

/// SQLite's own meaning would be another one: a subquery there sees what was written to the rows before.
#[creole::test]
async fn values_of_other_rows_are_those_from_before(engine: Engine) -> creole::Result<()> {
    triples(&engine).await?;
    let other = alias::<Triple>("other");
    let before = || select(other.col(Triple::a)).from(other).filter(other.col(Triple::number).eq(Triple::number - 1));
    let statement = update::<Triple>().set(Triple::a, coalesce(before().value(), 0));
    assert_eq!(statement.all_rows().exec(&engine).await?, 3);
    assert_eq!(all_triples(&engine).await?, [(0, 10, Some(100)), (1, 20, None), (2, 30, Some(300))]);
    let so_far = select(sum(other.col(Triple::b))).from(other).filter(other.col(Triple::number).le(Triple::number));
    let sums =
        update::<Triple>().set(Triple::b, coalesce(so_far.value().cast::<i64>(), 0)).filter(Triple::number.ge(1));
    let mut rows = sums.returning_of((Triple::number, Triple::b)).all(&engine).await?;
    rows.sort_unstable();
    assert_eq!(rows, [(1, 10), (2, 30), (3, 60)]);
    let on = other.col(Triple::number).eq(Triple::number - 1).and(other.col(Triple::part).eq(Triple::part));
    let left =
        update::<Triple>().left_join(other.on(on.clone())).set(Triple::a, coalesce(other.col(Triple::a).optional(), 7));
    assert_eq!(left.all_rows().exec(&engine).await?, 3);
    assert_eq!(all_triples(&engine).await?, [(7, 10, Some(100)), (0, 30, None), (1, 60, Some(300))]);
    let joined = update::<Triple>().left_join(other.on(on)).set(Triple::c, before().value());
    assert_eq!(joined.filter(other.col(Triple::number).is_not_null()).exec(&engine).await?, 2);
    assert_eq!(all_triples(&engine).await?, [(7, 10, Some(100)), (0, 30, Some(7)), (1, 60, Some(0))]);
    Ok(())
}

#[creole::test]
async fn the_table_itself_stands_in_subqueries(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let n = alias::<Node>("n");
    let parents = || select(n.col(Node::parent_id)).from(n).filter(n.col(Node::parent_id).is_not_null());
    let leaves = update::<Node>().set(Node::name, "leaf").filter(not(Node::id.optional().is_in(parents())));
    assert_eq!(leaves.exec(&engine).await?, 3);
    assert_eq!(names(&engine).await?, ["n1", "n2", "leaf", "leaf", "leaf"]);
    let any = update::<Node>().set(Node::name, "above a leaf").filter(Node::children.any(Node::name.eq("leaf")));
    assert_eq!(any.exec(&engine).await?, 1);
    let nested = Node::children.any(Node::children.any(Node::name.eq("leaf")));
    assert_eq!(update::<Node>().set(Node::name, "root").filter(nested).exec(&engine).await?, 1);
    let largest = update::<Node>().set(Node::parent_id, select(max(n.col(Node::id))).from(n)).filter(Node::id.eq(3));
    assert_eq!(largest.exec(&engine).await?, 1);
    assert_eq!(select(Node::parent_id).filter(Node::id.eq(3)).one(&engine).await?, Some(5));
    // Within a subquery of its own, and in one that joins it.
    let subquery = select(n.col(Node::id)).from(n).filter(n.col(Node::name).eq("root")).subquery("roots");
    let joined = update::<Node>().join(subquery.on(subquery.col(n.col(Node::id)).eq(Node::parent_id)));
    assert_eq!(joined.set(Node::name, "child").all_rows().exec(&engine).await?, 1);
    assert_eq!(names(&engine).await?, ["root", "child", "leaf", "leaf", "leaf"]);
    Ok(())
}

#[creole::test]
async fn an_update_takes_its_rows_from_a_cte(engine: Engine) -> creole::Result<()> {
    tree(&engine).await?;
    let n = alias::<Node>("n");
    let some = select(n.col(Node::id)).from(n).filter(n.col(Node::id).between(2, 4)).cte("some_nodes");
    let statement = update::<Node>().with_cte(&some).join(some.on(some.col(n.col(Node::id)).eq(Node::id)));
    assert_eq!(statement.set(Node::parent_id, 5).all_rows().exec(&engine).await?, 3);
    let parents = select(Node::parent_id).order_by(Node::id).all(&engine).await?;
    assert_eq!(parents, [None, Some(5), Some(5), Some(5), None]);
    // A value from it, by the key that it selects; and as a list.
    let texts =
        select((n.col(Node::id), n.col(Node::name))).from(n).filter(n.col(Node::name).ne(HOSTILE[1])).cte("texts");
    let statement = update::<Node>().with_cte(&texts).join(texts.on(texts.col(n.col(Node::id)).eq(Node::parent_id)));
    assert_eq!(statement.set(Node::name, texts.col(n.col(Node::name))).all_rows().exec(&engine).await?, 3);
    let list = update::<Node>().with_cte(&some).with_cte(&texts).set(Node::name, HOSTILE[3]);
    let list = list.filter(
        Node::id
            .is_in(select(some.col(n.col(Node::id))).from(&some))
            .and(Node::name.is_in(select(texts.col(n.col(Node::name))).from(&texts))),
    );
    assert_eq!(list.exec(&engine).await?, 3);
    assert_eq!(names(&engine).await?, ["n1", HOSTILE[3], HOSTILE[3], HOSTILE[3], "n5"]);
    // What lies below a node, of the table itself, as deep as it goes.
    let below = select((n.col(Node::id), n.col(Node::parent_id))).from(n).filter(n.col(Node::id).eq(5)).recursive(
        "below",
        |below| {
            let child = alias::<Node>("child");
            let on = child.col(Node::parent_id).eq(below.col(n.col(Node::id)));
            select((child.col(Node::id), child.col(Node::parent_id))).from(child).join(below.on(on))
        },
    );
    let statement = update::<Node>().with_cte(&below).set(Node::name, "below");
    let statement = statement.filter(Node::id.is_in(select(below.col(n.col(Node::id))).from(&below)));
    assert_eq!(statement.exec(&engine).await?, 4);
    Ok(())
}

#[creole::test]
async fn hostile_values_are_values_in_every_position(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let p = alias::<Plain>("p");
    for text in HOSTILE {
        update::<Plain>().set(Plain::data, text).filter(Plain::id.eq(1)).exec(&engine).await?;
        assert_eq!(all_plain(&engine).await?[0].1, text);
        let here = select(p.col(Plain::id)).from(p).filter(p.col(Plain::data).eq(text)).cte("here");
        let statement = update::<Plain>()
            .with_cte(&here)
            .join(here.on(here.col(p.col(Plain::id)).eq(Plain::id)))
            .left_join(p.on(p.col(Plain::data).eq(text).and(p.col(Plain::id).eq(Plain::id))))
            .set(Plain::data, p.col(Plain::data).concat(text).concat(here.col(p.col(Plain::id)).cast::<String>()))
            .filter(p.col(Plain::data).eq(text).and(Plain::data.is_in(HOSTILE)));
        assert_eq!(statement.exec(&engine).await?, 1, "{text:?}");
        assert_eq!(all_plain(&engine).await?[0].1, format!("{text}{text}1"));
        assert_eq!(all_plain(&engine).await?[1..], [(2, "d2".into()), (3, "d3".into())]);
    }
    Ok(())
}

#[creole::test]
async fn a_statement_that_says_too_little_is_refused(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let refused = async |statement: creole::query::Update<Order>| statement.exec(&engine).await.unwrap_err().kind();
    assert_eq!(refused(update().set(Order::user_id, 1)).await, ErrorKind::Syntax);
    assert_eq!(refused(update().join(Order::user).set(Order::user_id, 1)).await, ErrorKind::Syntax);
    assert_eq!(
        refused(update().set(Order::user_id, 1).filter_some(None::<i64>, |id| Order::id.eq(id))).await,
        ErrorKind::Syntax
    );
    assert_eq!(refused(update().filter(Order::id.eq(1))).await, ErrorKind::Syntax);
    assert_eq!(refused(update().set(Order::user_id, User::id).all_rows()).await, ErrorKind::UndefinedColumn);
    assert_eq!(refused(update().set(Order::user_id, 1).filter(User::id.eq(1))).await, ErrorKind::UndefinedColumn);
    assert_eq!(totals(&engine).await?, decimals(&[10, 20, 30, 40, 50]));
    Ok(())
}
