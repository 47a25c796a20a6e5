//! What would mean something else than it says, and what was refused without need.

use creole::prelude::*;
use creole::query::{Expr, row_number, window};

use super::{Order, Profile, User, ids, shop};

/// A row of this table is between two others of it.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "links", many_to_many(ends: Link = Link::a -> Link::b))]
struct Link {
    #[model(primary_key)]
    id: i64,
    #[model(references = Link::id)]
    a: Option<i64>,
    #[model(references = Link::id)]
    b: Option<i64>,
}

#[creole::test]
async fn a_table_between_that_is_an_end(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Link]).await?;
    let one = Link { id: 1, a: None, b: None };
    insert_all(&[one.clone(), Link { id: 2, a: Some(1), b: Some(1) }]).exec(&engine).await?;
    let refused = |error: creole::Error| {
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.to_string().contains("goes through links, which is one of them"), "{error}");
    };
    let conditions: [Expr<bool>; 4] =
        [Link::ends.any(Link::id.eq(2)), Link::ends.exists(), Link::ends.count().gt(0), Link::ends.of(&one)];
    for condition in conditions {
        refused(Link::select().filter(condition).all(&engine).await.unwrap_err());
    }
    refused(Link::select().with(Link::ends).all(&engine).await.unwrap_err());
    refused(Link::select().with(Link::ends.filter(Link::id.gt(0))).all(&engine).await.unwrap_err());
    refused(one.related(Link::ends).all(&engine).await.unwrap_err());
    Ok(())
}

#[creole::test]
async fn windows_among_related_rows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let number = || row_number().over(window().order_by(Order::id.desc()));
    let selected = User::orders.select((Order::id, number()));
    let error = User::select().with(selected).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    assert!(error.to_string().contains("a window among related rows"), "{error}");
    let error = User::select().with(User::orders.order_by(number()).limit(1)).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    Ok(())
}

#[creole::test]
async fn parents_of_a_union_have_the_key_in_every_arm(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let users = || select((User::name, User::id));
    let mixed = users().union(select((Profile::motto, Profile::id)));
    let error = mixed.with(User::orders).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("users")));
    let raised = users().union(select((User::name, User::id + 1)));
    assert_eq!(raised.with(User::orders).all(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    let of_one_kind = users().filter(User::id.lt(2)).union(users().filter(User::id.gt(2))).order_by(User::id);
    let found = of_one_kind.with(User::orders).all(&engine).await?;
    assert_eq!(found.iter().map(|(_, orders)| orders.len()).collect::<Vec<_>>(), [2, 0]);
    Ok(())
}

#[creole::test]
async fn a_row_that_an_outer_join_leaves_out_has_no_related_row(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let pairs = || select((User::id, Order::ALL.optional())).left_join(User::orders).order_by((User::id, Order::id));
    let error = pairs().with(Order::user).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("load `Order::user.optional()`"), "{error}");
    let found = pairs().with(Order::user.optional()).all(&engine).await?;
    let owners = found.iter().map(|(_, user)| user.as_ref().map(|user| user.id));
    assert_eq!(owners.collect::<Vec<_>>(), [Some(1), Some(1), Some(2), None]);
    Ok(())
}

#[creole::test]
async fn columns_of_an_alias_are_a_key(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let reader = alias::<User>("reader");
    let names = select((reader.col(User::id), reader.col(User::name))).from(reader).order_by(reader.col(User::id));
    let found = names.with(User::orders).all(&engine).await?;
    assert_eq!(found.iter().map(|(_, orders)| ids(orders)).collect::<Vec<_>>(), [vec![1, 2], vec![3], vec![]]);
    Ok(())
}

#[creole::test]
async fn streams_and_pages_of_distinct_on(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let first_of_each = || User::select().distinct_on(User::name).order_by((User::name, User::id));
    let mut stream = first_of_each().with(User::orders).stream(&engine);
    assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::Syntax);
    drop(stream);
    assert_eq!(first_of_each().first_page().all(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    Ok(())
}

/// A table between whose rows have keys of their own, so that two of them may join the same rows.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "wearers", many_to_many(hats: Hat = Wearing::wearer -> Wearing::hat))]
struct Wearer {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "hats")]
struct Hat {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "wearings", default)]
struct Wearing {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Wearer::id)]
    wearer: i64,
    #[model(references = Hat::id)]
    hat: i64,
    day: i32,
}

#[creole::test]
async fn rows_of_the_table_between_come_each_and_in_their_order(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Wearer, Hat, Wearing]).await?;
    insert(&Wearer { id: 1 }).exec(&engine).await?;
    insert_all(&[Hat { id: 1 }, Hat { id: 2 }]).exec(&engine).await?;
    let days = [(2, 7), (1, 9), (1, 3), (1, 5)].map(|(hat, day)| Wearing { id: 0, wearer: 1, hat, day });
    insert_all(&days).exec(&engine).await?;
    let worn = Wearer::hats.select((Hat::id, Wearing::day));
    let (_, found) = Wearer::select().with(worn.clone()).one(&engine).await?;
    assert_eq!(found, [(1, 9), (1, 3), (1, 5), (2, 7)]);
    let (_, found) = Wearer::select().with(worn.offset(1).limit(2)).one(&engine).await?;
    assert_eq!(found, [(1, 3), (1, 5)]);
    Ok(())
}
