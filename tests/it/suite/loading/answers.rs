//! `with` beside the other clauses and ends of a SELECT.

use creole::prelude::*;
use creole::query::load;

use super::{Follow, Line, Order, User, ids, shop};

#[creole::test]
async fn filters_orders_and_limits_are_for_each_parent(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    for (user_id, total) in [(1, 50), (1, 40), (2, 60), (3, 5)] {
        insert(&Order { user_id, total, ..Default::default() }).exec(&engine).await?;
    }
    let found = async |rows: creole::query::RelatedRows<User, Order, creole::model::Many>| {
        let users = User::select().order_by(User::id).with(rows).all(&engine).await?;
        creole::Result::Ok(users.iter().map(|(_, orders)| ids(orders)).collect::<Vec<_>>())
    };
    let by_total = || User::orders.order_by(Order::total.desc());
    assert_eq!(found(by_total().limit(2)).await?, [vec![4, 5], vec![6, 3], vec![7]]);
    assert_eq!(found(by_total().limit(2).offset(1)).await?, [vec![5, 1], vec![3], vec![]]);
    assert_eq!(found(by_total().offset(3)).await?, [vec![2], vec![], vec![]]);
    assert_eq!(found(by_total().filter(Order::total.lt(45)).limit(1)).await?, [vec![5], vec![3], vec![7]]);
    assert_eq!(found(User::orders.limit(0)).await?, [Vec::<i64>::new(), vec![], vec![]]);
    assert_eq!(found(User::orders.filter(Order::lines.exists())).await?, [vec![1], vec![3], vec![]]);
    assert_eq!(found(User::orders.filter(Order::user.any(User::name.eq("Bob")))).await?, [vec![], vec![3, 6], vec![]]);
    let followed = User::following.order_by(User::name.desc()).limit(1);
    let users = User::select().order_by(User::id).with(followed).all(&engine).await?;
    let names = users.iter().map(|(_, users)| users.first().map(|user| user.name.as_str()));
    assert_eq!(names.collect::<Vec<_>>(), [Some("Cleo"), Some("Ada"), None]);
    // Columns of the table between can be asked about as well.
    let only_third = User::following.filter(Follow::followed_id.eq(3));
    let users = User::select().order_by(User::id).with(only_third).all(&engine).await?;
    assert_eq!(users.iter().map(|(_, users)| users.len()).collect::<Vec<_>>(), [1, 0, 0]);
    Ok(())
}

#[creole::test]
async fn a_limit_with_documents_texts_and_nulls_reads_all_columns(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let deep = User::orders.order_by(Order::reviewer_id).limit(5).with(Order::lines.limit(1)).with(Order::reviewer);
    let (_, orders) = User::select().filter(User::id.eq(1)).with(deep).one(&engine).await?;
    let found = orders.iter().map(|(order, lines, reviewer)| (order.id, lines.len(), reviewer.is_some()));
    // NULL stands last.
    assert_eq!(found.collect::<Vec<_>>(), [(2, 0, true), (1, 1, false)]);
    Ok(())
}

#[creole::test]
async fn clauses_stand_before_and_after(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let before = User::select().filter(User::id.lt(3)).order_by(User::id.desc()).limit(1).with(User::orders);
    let after = User::select().with(User::orders).filter(User::id.lt(3)).order_by(User::id.desc()).limit(1);
    let expected = before.all(&engine).await?;
    assert_eq!(expected.len(), 1);
    assert_eq!(after.all(&engine).await?, expected);
    assert_eq!(expected[0].0.name, "Bob");
    let joined = User::select().with(User::orders).join(User::orders).order_by(User::id);
    let rows = joined.clone().all(&engine).await?;
    assert_eq!(rows.iter().map(|(user, orders)| (user.id, orders.len())).collect::<Vec<_>>(), [(1, 2), (1, 2), (2, 1)]);
    assert_eq!(joined.distinct().all(&engine).await?.len(), 2);
    let with = || User::select().with(User::orders);
    assert_eq!(with().filter(User::id.gt(1)).count(&engine).await?, 2);
    assert!(!with().filter(User::id.gt(9)).exists(&engine).await?);
    assert_eq!(with().filter_some(Some(2), |id| User::id.eq(id)).one(&engine).await?.1.len(), 1);
    assert_eq!(with().order_by(User::id).offset(2).limit(5).all(&engine).await?[0].0.name, "Cleo");
    Ok(())
}

#[creole::test]
async fn the_ends_are_those_of_a_select(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let with = || User::select().with(User::orders);
    let error = with().filter(User::id.eq(9)).one(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    let error = with().one(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::MultipleFound, Some("users")));
    assert_eq!(with().filter(User::id.eq(9)).optional(&engine).await?, None);
    assert_eq!(with().optional(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    assert_eq!(with().order_by(User::id.desc()).first(&engine).await?.map(|(user, _)| user.id), Some(3));
    assert_eq!(with().filter(User::id.eq(9)).first(&engine).await?, None);
    assert_eq!(with().filter(User::id.eq(9)).all(&engine).await?, []);
    Ok(())
}

#[creole::test]
async fn pages_count_parents(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let query = User::select().order_by(User::name.desc()).with(User::orders);
    let mut seen = Vec::new();
    let mut page = query.clone().first_page().limit(2).all(&engine).await?;
    while let Some((last, _)) = page.last() {
        seen.extend(page.iter().map(|(user, orders)| (user.id, orders.len())));
        let cursor = query.cursor_from(&query.cursor(last)?.token()?)?;
        page = query.clone().page_after(&cursor).limit(2).all(&engine).await?;
    }
    assert_eq!(seen, [(3, 0), (2, 1), (1, 2)]);
    Ok(())
}

#[creole::test]
async fn they_run_in_sessions_and_transactions(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let mut session = engine.session();
    session.add(Order { user_id: 3, total: 1, ..Default::default() });
    let cleo = User::select().filter(User::id.eq(3)).with(User::orders).one(&mut session).await?;
    assert_eq!(cleo.1.len(), 1, "what is pending is written before");
    session.rollback().await?;
    engine
        .transaction(async |tx| {
            let locked = User::select().with(User::orders).filter(User::id.eq(1)).for_update().one(&mut *tx).await?;
            assert_eq!(locked.1.len(), 2);
            let shared = User::select().with(User::orders).filter(User::id.eq(1)).for_share().one(&mut *tx).await?;
            assert_eq!(shared, locked);
            delete::<Line>().all_rows().exec(&mut *tx).await?;
            delete::<Order>().filter(User::orders.of(&locked.0)).exec(&mut *tx).await?;
            assert_eq!(load(&[locked.0], User::orders).all(&mut *tx).await?, [vec![]]);
            creole::Result::Ok(())
        })
        .await?;
    assert_eq!(Order::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn rows_at_hand_are_answered_in_their_order(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let users = User::select().order_by(User::id.desc()).all(&engine).await?;
    let orders = load(&users, User::orders.order_by(Order::total)).all(&engine).await?;
    assert_eq!(orders.iter().map(|orders| ids(orders)).collect::<Vec<_>>(), [vec![], vec![3], vec![2, 1]]);
    let twice = [users[2].clone(), users[2].clone()];
    let orders = load(&twice, User::orders.with(Order::lines)).all(&engine).await?;
    assert_eq!((orders[0].len(), &orders[0]), (2, &orders[1]));
    assert_eq!(load(&[], User::orders).all(&engine).await?, Vec::<Vec<Order>>::new());
    // A row that is in no table yet refers to one that is.
    let drafts = [Order { user_id: 2, ..Default::default() }, Order { user_id: 1, ..Default::default() }];
    let owners = load(&drafts, Order::user).all(&engine).await?;
    assert_eq!(owners.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 1]);
    let error = load(&[Order { user_id: 9, ..Default::default() }], Order::user).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    assert!(error.to_string().contains("Order::user"), "{error}");
    Ok(())
}

#[creole::test]
async fn what_belongs_to_a_row_is_a_statement_and_a_condition(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let ada = User::find(1, &engine).await?.expect("she was inserted");
    assert_eq!(ids(&ada.related(User::orders).order_by(Order::id).all(&engine).await?), [1, 2]);
    assert_eq!(ada.related(User::orders).filter(Order::total.gt(20)).count(&engine).await?, 1);
    let following = ada.related(User::following).order_by(User::id).all(&engine).await?;
    assert_eq!(following.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 3]);
    let order = Order::find(1, &engine).await?.expect("it was inserted");
    assert_eq!(order.related(Order::user).one(&engine).await?, ada);
    assert_eq!(order.related(Order::reviewer).all(&engine).await?, [], "nothing belongs to NULL");
    assert_eq!(order.related(Order::reviewer).count(&engine).await?, 0);
    let raised = update::<Order>().set(Order::total, Order::total + 1).filter(User::orders.of(&ada));
    assert_eq!(raised.exec(&engine).await?, 2);
    assert_eq!(delete::<Line>().filter(Order::lines.of(&order)).exec(&engine).await?, 2);
    let not_hers = Order::select().filter(not(User::orders.of(&ada))).all(&engine).await?;
    assert_eq!(ids(&not_hers), [3]);
    let followed = User::select().filter(not(User::following.of(&ada))).all(&engine).await?;
    assert_eq!(followed, [ada]);
    Ok(())
}

#[creole::test]
async fn streams_come_in_batches(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    insert_all(&(0..20).map(|n| User { id: 0, name: format!("user {}", n % 3) }).collect::<Vec<_>>())
        .exec(&engine)
        .await?;
    let query = || User::select().order_by(User::name.desc()).with(User::orders.order_by(Order::id.desc()));
    let expected = query().first_page().all(&engine).await?;
    assert_eq!(expected.len(), 23);
    for size in [1, 2, 7, 23, 24] {
        let size = std::num::NonZeroUsize::new(size).expect("it is not zero");
        let mut found = Vec::new();
        let mut stream = query().stream_batches(&engine, size);
        while let Some(row) = stream.try_next().await? {
            found.push(row);
        }
        assert_eq!(found, expected, "batches of {size}");
        let mut stream = query().offset(3).limit(5).stream_batches(&engine, size);
        for row in &expected[3..8] {
            assert_eq!(stream.try_next().await?.as_ref(), Some(row));
        }
        assert_eq!(stream.try_next().await?, None);
    }
    // Between two rows a session is free.
    let mut session = engine.session();
    let mut stream = query().limit(2).stream(&mut session);
    assert_eq!(stream.try_next().await?.as_ref(), expected.first());
    drop(stream);
    assert_eq!(User::select().count(&mut session).await?, 23);
    session.rollback().await?;
    let joined = || User::select().join(User::orders).with(User::orders);
    let error = joined().stream(&engine).try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("users")));
    let mut stream = joined().distinct().stream(&engine);
    assert_eq!(stream.try_next().await?.map(|(user, orders)| (user.id, orders.len())), Some((1, 2)));
    let mut by_nothing = User::select().order_by(User::orders.count()).with(User::orders).stream(&engine);
    assert_eq!(by_nothing.try_next().await.unwrap_err().kind(), ErrorKind::Syntax);
    assert_eq!(by_nothing.try_next().await?, None, "nothing comes after an error");
    Ok(())
}
