//! Rows one after the other, in bounded memory.

use std::num::NonZeroUsize;

use creole::prelude::*;
use futures_util::TryStreamExt;

use crate::models::{Order, User, user};

/// So many users, written through a session.
async fn populate(engine: &Engine, users: usize) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    for number in 0..users {
        session.add(user(&format!("{number:06}@example.com")));
    }
    session.commit().await
}

#[creole::test]
async fn a_stream_yields_what_all_yields(engine: Engine) -> creole::Result<()> {
    populate(&engine, 1_000).await?;
    let query = User::select().order_by(User::id);
    let expected = query.clone().all(&engine).await?;
    for rows in [1, 7, 256, 1_000, 5_000] {
        let rows = NonZeroUsize::new(rows).expect("not 0");
        let streamed: Vec<User> = query.clone().stream_batches(&engine, rows).try_collect().await?;
        assert_eq!(streamed, expected);
    }
    let none: Vec<User> = User::select().filter(User::id.lt(0)).stream(&engine).try_collect().await?;
    assert!(none.is_empty());
    Ok(())
}

#[creole::test]
async fn a_stream_takes_a_long_list(engine: Engine) -> creole::Result<()> {
    populate(&engine, 300).await?;
    // So long that it is one parameter.
    let emails: Vec<String> = (50..250).map(|number| format!("{number:06}@example.com")).collect();
    let query = User::select().filter(User::email.is_in(emails)).order_by(User::id);
    let streamed: Vec<User> = query.clone().stream(&engine).try_collect().await?;
    assert_eq!(streamed.len(), 200);
    assert_eq!(streamed, query.all(&engine).await?);
    Ok(())
}

#[creole::test]
async fn a_stream_is_suspended_while_nobody_reads(engine: Engine) -> creole::Result<()> {
    populate(&engine, 2_000).await?;
    let mut stream = User::select().order_by(User::id).stream_batches(&engine, NonZeroUsize::new(10).expect("not 0"));
    let first = stream.try_next().await?.expect("a row");
    // Other work goes on while the stream waits half-way.
    for _ in 0..20 {
        assert_eq!(User::find(first.id, &engine).await?, Some(first.clone()));
    }
    let mut rest = 0;
    while stream.try_next().await?.is_some() {
        rest += 1;
    }
    assert_eq!(rest, 1_999);
    Ok(())
}

#[creole::test]
async fn a_stream_dropped_half_way_leaves_a_healthy_pool(engine: Engine) -> creole::Result<()> {
    populate(&engine, 2_000).await?;
    for taken in [0, 1, 15, 300] {
        let mut stream =
            User::select().order_by(User::id).stream_batches(&engine, NonZeroUsize::new(10).expect("not 0"));
        for _ in 0..taken {
            assert!(stream.try_next().await?.is_some());
        }
        drop(stream);
        assert_eq!(User::select().count(&engine).await?, 2_000);
    }
    // Writing still works, on SQLite's one writer too.
    insert(&user("last@example.com")).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn a_stream_runs_in_a_sessions_transaction(engine: Engine) -> creole::Result<()> {
    populate(&engine, 50).await?;
    let mut session = engine.session();
    session.add(user("pending@example.com"));
    let seen = User::select().stream(&mut session).try_fold(0, async |count, _| Ok(count + 1)).await?;
    assert_eq!(seen, 51);
    session.rollback().await?;
    assert_eq!(User::select().count(&engine).await?, 50);
    Ok(())
}

#[creole::test]
async fn an_error_ends_a_stream(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut stream = User::select().filter(Order::id.eq(1)).stream(&engine);
    assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::UndefinedColumn);
    assert!(stream.try_next().await?.is_none());
    let mut stream = Order::select().stream(&engine);
    assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::UndefinedTable);
    Ok(())
}

/// Reading needs no trait in scope, and a call that is cut off while it waits loses no row.
mod by_hand {
    use std::num::NonZeroUsize;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use creole::prelude::*;

    use super::populate;
    use crate::models::{Order, User};

    #[creole::test]
    async fn rows_come_one_by_one_without_a_trait(engine: Engine) -> creole::Result<()> {
        populate(&engine, 600).await?;
        let mut rows = User::select().order_by(User::id).stream(&engine);
        let mut seen = Vec::new();
        while let Some(user) = rows.try_next().await? {
            seen.push(user);
        }
        assert_eq!(seen, User::select().order_by(User::id).all(&engine).await?);
        assert!(rows.try_next().await?.is_none(), "after the end there is nothing");
        assert!(rows.next().await.is_none());
        let mut rows = Order::select().stream(&engine);
        assert_eq!(rows.next().await.unwrap().unwrap_err().kind(), ErrorKind::UndefinedTable);
        assert!(rows.next().await.is_none(), "an error is the last thing a stream says");
        Ok(())
    }

    #[creole::test]
    async fn a_call_that_is_dropped_while_it_waits_loses_no_row(engine: Engine) -> creole::Result<()> {
        populate(&engine, 300).await?;
        let rows_per_batch = NonZeroUsize::new(7).unwrap();
        let mut rows = User::select().order_by(User::id).stream_batches(&engine, rows_per_batch);
        let mut ids = Vec::new();
        loop {
            // Asked once and dropped, wherever that leaves it; what it had already found is kept.
            let polled = pin!(rows.try_next()).poll(&mut Context::from_waker(Waker::noop()));
            let row = match polled {
                Poll::Ready(row) => row?,
                Poll::Pending => rows.try_next().await?,
            };
            match row {
                Some(user) => ids.push(user.id),
                None => break,
            }
        }
        let all: Vec<i64> = User::select().order_by(User::id).all(&engine).await?.iter().map(|user| user.id).collect();
        assert_eq!(ids, all);
        Ok(())
    }
}
