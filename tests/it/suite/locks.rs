//! Rows that are locked as they are read: what a lock keeps others from, and where there is none.

use std::time::Duration;

use creole::prelude::*;
use creole::query::{Select, row_number, values, window};

use super::queries::shop;
use crate::models::{Order, User};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "counters", default)]
struct Counter {
    #[model(primary_key)]
    id: i64,
    n: i64,
    #[model(length = 20)]
    state: String,
}

async fn counter(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Counter]).await?;
    insert(&Counter { id: 1, n: 100, state: "new".into() }).exec(engine).await?;
    Ok(())
}

/// Long enough for a session that waits for nobody to be done.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(200)).await;
}

#[creole::test]
async fn sessions_that_lock_what_they_count_up_lose_nothing(engine: Engine) -> creole::Result<()> {
    counter(&engine).await?;
    let once = |engine: Engine| async move {
        let mut session = engine.session();
        let found = Counter::select().for_update().track(&mut session).await?;
        // Whoever did not wait for the others has read by now what they will write.
        a_while().await;
        for &counter in &found {
            session[counter].n += 1;
        }
        session.commit().await
    };
    let tasks: Vec<_> = (0..5).map(|_| tokio::spawn(once(engine.clone()))).collect();
    for task in tasks {
        task.await.unwrap()?;
    }
    assert_eq!(select(Counter::n).one(&engine).await?, 105);
    Ok(())
}

#[creole::test]
async fn a_job_is_taken_by_one_worker(engine: Engine) -> creole::Result<()> {
    counter(&engine).await?;
    let take = || Counter::select().filter(Counter::state.eq("new")).order_by(Counter::id).limit(1).for_update();
    let mut first = engine.session();
    let job = take().track(&mut first).await?;
    let second = tokio::spawn({
        let engine = engine.clone();
        async move {
            let mut second = engine.session();
            let taken = take().all(&mut second).await;
            second.rollback().await?;
            taken
        }
    });
    a_while().await;
    first[job[0]].state = "taken".into();
    first.commit().await?;
    assert_eq!(second.await.unwrap()?, []);
    Ok(())
}

#[creole::test]
async fn rows_read_for_share_are_not_written_meanwhile(engine: Engine) -> creole::Result<()> {
    counter(&engine).await?;
    let mut reader = engine.session();
    let before = select(Counter::n).for_share().one(&mut reader).await?;
    let writer = tokio::spawn({
        let engine = engine.clone();
        async move { update::<Counter>().set(Counter::n, 1).all_rows().exec(&engine).await }
    });
    a_while().await;
    assert_eq!(select(Counter::n).one(&mut reader).await?, before);
    // It waits for as long as the lock is held.
    assert!(!writer.is_finished());
    reader.commit().await?;
    writer.await.unwrap()?;
    assert_eq!(select(Counter::n).one(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_stream_locks_what_it_reads(engine: Engine) -> creole::Result<()> {
    counter(&engine).await?;
    let mut first = engine.session();
    {
        let mut rows = Counter::select().for_update().stream(&mut first);
        while rows.try_next().await?.is_some() {}
    }
    let second = tokio::spawn({
        let engine = engine.clone();
        async move { update::<Counter>().set(Counter::n, Counter::n + 1).all_rows().exec(&engine).await }
    });
    a_while().await;
    update::<Counter>().set(Counter::n, 7).all_rows().exec(&mut first).await?;
    first.commit().await?;
    second.await.unwrap()?;
    assert_eq!(select(Counter::n).one(&engine).await?, 8);
    Ok(())
}

#[creole::test]
async fn a_transaction_that_only_reads_locks_nothing(engine: Engine) -> creole::Result<()> {
    counter(&engine).await?;
    for query in [Counter::select().for_update(), Counter::select().for_share()] {
        let work = async |tx: &mut Session| query.clone().all(tx).await;
        let error = engine.transaction_with(TxOptions::default().read_only(), work).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    }
    Ok(())
}

#[creole::test]
async fn the_rows_of_each_table_that_is_joined_are_locked(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let joined = select(Order::id).join(Order::user).filter(Order::id.eq(1)).for_update();
    let named = joined.clone().lock_of(table::<Order>());
    let buyer = alias::<User>("buyer");
    let aliased = select(Order::id).join(buyer).filter(Order::id.eq(1)).for_update().lock_of(buyer);
    // What stands beside a table and is none has no rows that anybody could change.
    let ids = values("ids", [(1_i64,)]);
    let beside = select(Order::id).join(ids.on(Order::id.eq(ids.columns().0))).for_update();
    let mut session = engine.session();
    assert_eq!(joined.all(&mut session).await?, [1]);
    assert_eq!(beside.all(&mut session).await?, [1]);
    session.rollback().await?;
    if engine.dialect().name() == "mariadb" {
        assert_eq!(named.all(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    for (locking, is_order, is_user) in [(named, true, false), (aliased, false, true)] {
        let mut holder = engine.session();
        locking.all(&mut holder).await?;
        if engine.dialect().name() != "sqlite" {
            let order = select(Order::id).filter(Order::id.eq(1)).for_update().nowait().all(&engine).await;
            let user = select(User::id).filter(User::id.eq(1)).for_update().nowait().all(&engine).await;
            assert_eq!((order.is_err(), user.is_err()), (is_order, is_user));
        }
        holder.rollback().await?;
    }
    Ok(())
}

/// What no database is sent, because not all would lock the same.
#[creole::test]
async fn a_lock_that_has_no_rows_is_refused(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = || select(Order::id).filter(Order::id.gt(0));
    let totals = orders().subquery("totals");
    let named = orders().cte("named");
    let locked: Vec<(&str, Select<i64>)> = vec![
        ("none of them", orders().union_all(orders()).for_update()),
        ("none of them", orders().union_all(orders()).for_update().order_by(Order::id)),
        ("none of them", orders().union(orders()).for_update().union(orders())),
        ("the subquery creole_compound", orders().union_all(orders()).order_by(Order::id).for_update()),
        ("part of another", orders().for_update().union_all(orders())),
        ("part of another", orders().union_all(orders().for_share())),
        ("distinct", orders().distinct().for_update()),
        ("distinct", orders().distinct().order_by(Order::id).for_update()),
        ("group", select(Order::user_id).group_by(Order::user_id).for_update()),
        ("aggregate", select(count_rows()).from(table::<Order>()).for_update()),
        ("window", select(row_number().over(window().order_by(Order::id))).from(table::<Order>()).for_update()),
        ("the subquery totals", select(totals.col(Order::id)).from(&totals).for_update()),
        ("the subquery totals", orders().join(totals.on(totals.col(Order::id).eq(Order::id))).for_update()),
        ("the subquery named", select(named.col(Order::id)).from(&named).with_cte(&named).for_update()),
        ("reads no table", {
            let rows = values("rows", [(1_i64,)]);
            select(rows.columns().0).from(&rows).for_update()
        }),
        ("leave orders without a row", select(User::id).left_join(User::orders).for_update()),
        ("leave users without a row", select(User::id).right_join(User::orders).for_update()),
        ("leave orders without a row", {
            select(User::id).left_join(User::orders).for_update().lock_of(table::<Order>())
        }),
        ("nodes is not part", orders().for_update().lock_of(table::<crate::models::Node>())),
        ("other is not part", orders().for_update().lock_of(alias::<Order>("other"))),
        ("part of another", orders().filter(Order::id.is_in(orders().for_update()))),
        ("part of another", orders().filter(exists(orders().for_update()))),
        ("part of another", orders().filter(Order::id.eq(orders().limit(1).for_update()))),
        ("part of another", {
            let inner = orders().for_update().subquery("inner");
            select(inner.col(Order::id)).from(&inner)
        }),
    ];
    let mut session = engine.session();
    for (place, (reason, query)) in locked.into_iter().enumerate() {
        let error = query.all(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{place}: {error}");
        assert!(error.to_string().contains(reason), "{place}: {error}");
    }
    let count = orders().for_update().count(&mut session).await.unwrap_err();
    assert!(count.to_string().contains("`count` reads how many"), "{count}");
    let any = orders().for_update().exists(&mut session).await.unwrap_err();
    assert!(any.to_string().contains("`exists` reads whether"), "{any}");
    let copied = insert_from(Order::user_id, select(Order::user_id).for_update()).exec(&mut session).await;
    assert!(copied.unwrap_err().to_string().contains("part of another"));
    // Nothing was sent, so the session goes on.
    assert_eq!(orders().for_update().all(&mut session).await?.len(), 4);
    Ok(())
}
