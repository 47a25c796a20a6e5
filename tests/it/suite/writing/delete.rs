//! DELETE: which rows it is about and how many they were.

use creole::prelude::*;

use super::{HOSTILE, Plain, all_plain, plain};
use crate::models::{Node, Order, User, user};

#[creole::test]
async fn a_deleted_row_is_gone_and_the_others_stay(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    assert_eq!(delete::<Plain>().filter(Plain::id.eq(2)).exec(&engine).await?, 1);
    assert_eq!(delete::<Plain>().filter(Plain::id.eq(2)).exec(&engine).await?, 0);
    assert_eq!(all_plain(&engine).await?, [(1, "d1".into()), (3, "d3".into())]);
    Ok(())
}

#[creole::test]
async fn a_delete_compares_with_a_value_of_a_cte(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    insert(&Plain { id: 4, data: "d2".into() }).exec(&engine).await?;
    insert(&Plain { id: 5, data: "d5".into() }).exec(&engine).await?;
    let p = alias::<Plain>("p");
    let some =
        select((p.col(Plain::id), p.col(Plain::data))).from(p).filter(p.col(Plain::id).is_in([2, 3])).cte("some_rows");
    let first = select(min(some.col(p.col(Plain::data)))).from(&some);
    assert_eq!(delete::<Plain>().with_cte(&some).filter(Plain::data.eq(first)).exec(&engine).await?, 2);
    let list = select(some.col(p.col(Plain::id))).from(&some);
    assert_eq!(delete::<Plain>().with_cte(&some).filter(Plain::id.is_in(list)).exec(&engine).await?, 1);
    assert_eq!(all_plain(&engine).await?, [(1, "d1".into()), (5, "d5".into())]);
    Ok(())
}

async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    for email in ["a", "b", "c"] {
        insert(&user(email)).exec(engine).await?;
    }
    for (user_id, total) in [(1, 10), (1, 20), (2, 30), (2, 40)] {
        insert(&Order { id: 0, user_id, total: total.into() }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn rows_are_chosen_by_what_belongs_to_them(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let rich = delete::<Order>().join(Order::user).filter(User::email.eq("b").and(Order::total.gt(30)));
    assert_eq!(rich.exec(&engine).await?, 1);
    assert_eq!(delete::<Order>().join(Order::user).filter(User::email.is_in(HOSTILE)).exec(&engine).await?, 0);
    // However many orders a user has, there is one user; and the orders go by the foreign key's action.
    assert_eq!(delete::<User>().join(User::orders).filter(Order::total.lt(25)).exec(&engine).await?, 1);
    assert_eq!(select(Order::id).all(&engine).await?, [3]);
    assert_eq!(delete::<User>().left_join(User::orders).filter(Order::id.is_null()).exec(&engine).await?, 1);
    assert_eq!(select(User::email).all(&engine).await?, ["b"]);
    let totals =
        select((Order::user_id, sum(Order::total))).from(table::<Order>()).group_by(Order::user_id).subquery("t");
    let by_total = delete::<User>().join(totals.on(totals.col(Order::user_id).eq(User::id)));
    assert_eq!(by_total.filter(totals.col(sum(Order::total)).eq(30)).exec(&engine).await?, 1);
    assert_eq!(User::select().count(&engine).await?, 0);
    let error = delete::<User>().join(User::orders).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    Ok(())
}

#[creole::test]
async fn the_table_itself_stands_in_subqueries(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    for (id, parent_id) in [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, None)] {
        insert(&Node { id, parent_id, name: format!("n{id}"), visited: false }).exec(&engine).await?;
    }
    let n = alias::<Node>("n");
    let below = delete::<Node>().join(n.on(n.col(Node::id).eq(Node::parent_id))).filter(n.col(Node::name).eq("n2"));
    assert_eq!(below.filter(Node::name.ne("n4")).exec(&engine).await?, 1);
    assert_eq!(
        delete::<Node>().filter(not(Node::children.exists()).and(Node::parent_id.is_not_null())).exec(&engine).await?,
        1
    );
    let most = select(max(n.col(Node::id))).from(n);
    assert_eq!(delete::<Node>().filter(Node::id.eq(most)).exec(&engine).await?, 1);
    let least = n.col(Node::id).lt(Node::id);
    let not_first = exists(select(n.col(Node::id)).from(n).filter(least));
    assert_eq!(delete::<Node>().filter(not_first).exec(&engine).await?, 1);
    assert_eq!(select(Node::name).all(&engine).await?, ["n1"]);
    Ok(())
}

/// Some databases would not count, nor return, rows that were taken along before it was their turn.
#[creole::test]
async fn rows_that_take_each_other_along_are_all_counted_and_returned(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Chain]).await?;
    let fill = async || {
        for id in 1..=6 {
            insert(&Chain { id, before: (id > 1).then_some(id - 1) }).exec(&engine).await?;
        }
        creole::Result::Ok(())
    };
    fill().await?;
    assert_eq!(delete::<Chain>().filter(Chain::id.is_in([2, 3, 5])).exec(&engine).await?, 3);
    assert_eq!(select(Chain::id).all(&engine).await?, [1]);
    assert_eq!(delete::<Chain>().all_rows().exec(&engine).await?, 1);
    fill().await?;
    let rows = Chain::select().all(&engine).await?;
    assert_eq!(delete_all(&rows).exec(&engine).await?, 6);
    fill().await?;
    let mut gone = delete::<Chain>().filter(Chain::id.is_in([3, 4, 6])).returning().all(&engine).await?;
    gone.sort_by_key(|row| row.id);
    assert_eq!(gone, [3, 4, 6].map(|id| Chain { id, before: Some(id - 1) }));
    let next = alias::<Chain>("next");
    let mut session = engine.session();
    assert_eq!(
        delete::<Chain>().join(next.on(next.col(Chain::before).eq(Chain::id))).all_rows().exec(&mut session).await?,
        1
    );
    assert_eq!(Chain::select().count(&mut session).await?, 0);
    session.rollback().await?;
    assert_eq!(select(Chain::id).order_by(Chain::id).all(&engine).await?, [1, 2]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "chain")]
struct Chain {
    #[model(primary_key)]
    id: i64,
    #[model(references = Chain::id, on_delete = cascade)]
    before: Option<i64>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "shelves")]
struct Shelf {
    #[model(primary_key)]
    id: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "books")]
struct Book {
    #[model(primary_key)]
    id: i32,
    #[model(references = Shelf::id)]
    shelf_id: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "branches")]
struct Branch {
    #[model(primary_key)]
    id: i32,
    #[model(references = Branch::id)]
    parent_id: Option<i32>,
}

#[creole::test]
async fn an_error_says_which_row_can_not_be_deleted(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Shelf, Book]).await?;
    let shelves: Vec<Shelf> = (0..1_200).map(|id| Shelf { id }).collect();
    insert_all(&shelves).exec(&engine).await?;
    insert_all(&[Book { id: 1, shelf_id: 1_150 }, Book { id: 2, shelf_id: 700 }]).exec(&engine).await?;
    let refused = |error: creole::Error, row| {
        assert_eq!((error.kind(), error.row()), (ErrorKind::ForeignKeyViolation, row), "{error}");
    };
    for (rows, row) in [(&shelves[..], 700), (&shelves[690..710], 10), (&shelves[700..701], 0), (&shelves[701..], 449)]
    {
        refused(delete_all(rows).exec(&engine).await.unwrap_err(), Some(row));
        let mut session = engine.session();
        refused(delete_all(rows).exec(&mut session).await.unwrap_err(), Some(row));
        session.rollback().await?;
        assert_eq!(Shelf::select().count(&engine).await?, 1_200);
    }
    assert_eq!(delete_all(&shelves[..700]).exec(&engine).await?, 700);
    // Of rows that refer to one another nobody can say which one it is.
    engine.create_all(tables![Branch]).await?;
    let branch = |(id, parent_id)| Branch { id, parent_id };
    let branches: Vec<Branch> = [(1, None), (2, Some(1)), (3, Some(1))].into_iter().map(branch).collect();
    insert_all(&branches).exec(&engine).await?;
    let error = delete_all(&branches[..2]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::ForeignKeyViolation, None), "{error}");
    Ok(())
}

#[creole::test]
async fn hostile_values_are_values_in_every_position(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let p = alias::<Plain>("p");
    for text in HOSTILE {
        insert(&Plain { id: 9, data: text.into() }).exec(&engine).await?;
        let here = select(p.col(Plain::id)).from(p).filter(p.col(Plain::data).eq(text)).cte("here");
        let statement = delete::<Plain>()
            .with_cte(&here)
            .join(here.on(here.col(p.col(Plain::id)).eq(Plain::id)))
            .left_join(p.on(p.col(Plain::data).eq(text)))
            .filter(p.col(Plain::data).eq(text).and(Plain::data.is_in(HOSTILE)));
        let returned = statement.returning_of((Plain::data, Plain::data.concat(text))).all(&engine).await?;
        assert_eq!(returned, [(text.into(), format!("{text}{text}"))]);
        assert_eq!(all_plain(&engine).await?.len(), 3, "{text:?}");
    }
    Ok(())
}
