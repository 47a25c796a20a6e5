//! Streams that are dropped before their end: they cost their own rows, and nothing else.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::{Duration, Instant};

use creole::prelude::*;
use futures_util::stream;

use crate::cancel::cancel_at;
use crate::health::Doctor;
use crate::lab::Lab;
use crate::models::{User, user};

/// More than several batches of the usual size.
const USERS: usize = 1_000;

/// Around the ends of batches of 256, and of the two that may wait.
const TAKEN: [usize; 12] = [0, 1, 2, 255, 256, 257, 511, 512, 513, 769, USERS - 1, USERS];

async fn populate(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let users: Vec<User> = (0..USERS).map(|number| user(&format!("{number:06}@example.com"))).collect();
    insert_all(&users).exec(engine).await?;
    Ok(())
}

/// Reads so many rows and leaves the rest.
async fn read(taken: usize, db: impl Executor) -> creole::Result<()> {
    let mut users = User::select().order_by(User::id).stream(db);
    for number in 0..taken {
        let user = users.try_next().await?.expect("a row");
        assert_eq!(user.email, format!("{number:06}@example.com"));
    }
    Ok(())
}

async fn is_there(email: &str, engine: &Engine) -> creole::Result<bool> {
    Ok(User::select().filter(User::email.eq(email)).count(engine).await? == 1)
}

#[creole::test]
async fn a_sessions_transaction_goes_on(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    for taken in TAKEN {
        let email = format!("kept {taken}");
        let mut session = engine.session();
        let handle = session.add(user(&email));
        session.flush().await?;
        read(taken, &mut session).await?;
        session[handle].nickname = Some("later".into());
        session.commit().await?;
        let found = User::select().filter(User::email.eq(&email)).one(&engine).await?;
        assert_eq!(found.nickname.as_deref(), Some("later"), "after {taken} rows");
        delete::<User>().filter(User::email.eq(&email)).exec(&engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn whatever_comes_next_has_its_own_answer(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    let mut session = engine.session();
    insert(&user("kept")).exec(&mut session).await?;
    for taken in TAKEN {
        read(taken, &mut session).await?;
        assert_eq!(User::select().count(&mut session).await?, USERS as u64 + 1);
        read(taken, &mut session).await?;
        read(taken, &mut session).await?;
        let limit = Duration::from_secs(60);
        assert_eq!(User::select().timeout(limit).all(&mut session).await?.len(), USERS + 1);
        let mut limited = User::select().timeout(limit).stream(&mut session);
        assert!(limited.try_next().await?.is_some());
        drop(limited);
        update::<User>().set(User::nickname, "x").filter(User::email.eq("kept")).exec(&mut session).await?;
    }
    session.commit().await?;
    assert!(is_there("kept", &engine).await?);
    Ok(())
}

#[creole::test]
async fn a_stream_whose_rows_were_all_read_costs_nothing_either(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    for rows in [1, 10, 256, 512, USERS] {
        for round in 0..10 {
            let email = format!("{rows} {round}");
            let mut session = engine.session();
            insert(&user(&email)).exec(&mut session).await?;
            let mut users = User::select().order_by(User::id).limit(rows as u64).stream(&mut session);
            for _ in 0..rows {
                assert!(users.try_next().await?.is_some());
            }
            drop(users);
            session.commit().await?;
            assert!(is_there(&email, &engine).await?);
        }
    }
    Ok(())
}

#[creole::test]
async fn in_savepoints_and_closures(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    for taken in [0, 1, 300] {
        let email = format!("closure {taken}");
        let kept = engine
            .transaction(async |tx| {
                insert(&user(&email)).exec(&mut *tx).await?;
                let undone = tx
                    .savepoint(async |inner| {
                        insert(&user("undone")).exec(&mut *inner).await?;
                        read(taken, &mut *inner).await?;
                        User::select().filter(User::email.eq("nobody")).one(&mut *inner).await
                    })
                    .await;
                assert_eq!(undone.unwrap_err().kind(), ErrorKind::NotFound);
                tx.savepoint(async |inner| {
                    insert(&user(&format!("{email} too"))).exec(&mut *inner).await?;
                    read(taken, &mut *inner).await
                })
                .await?;
                // Beyond the end of the savepoint too.
                read(taken, &mut *tx).await?;
                User::select().filter(User::email.starts_with("closure")).count(&mut *tx).await
            })
            .await?;
        assert!(kept >= 2);
        assert!(is_there(&email, &engine).await?);
        assert!(is_there(&format!("{email} too"), &engine).await?);
        assert!(!is_there("undone", &engine).await?);
    }
    Ok(())
}

#[creole::test]
async fn then_a_rollback_or_nothing(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    for taken in [0, 1, 300, USERS] {
        let mut session = engine.session();
        insert(&user("undone")).exec(&mut session).await?;
        read(taken, &mut session).await?;
        session.rollback().await?;
        insert(&user("undone")).exec(&mut session).await?;
        read(taken, &mut session).await?;
        drop(session);
        insert(&user("done")).exec(&engine).await?;
        assert!(!is_there("undone", &engine).await?);
        delete::<User>().filter(User::email.eq("done")).exec(&engine).await?;
    }
    Ok(())
}

/// Dropped at every poll, the waits before and after each call to the driver included.
#[creole::test]
async fn wherever_it_is_dropped(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let plain = lab.builder().connect().await?;
    populate(&plain).await?;
    let yielding = lab.yielding().await?;
    let mut doctor = Doctor::of(&yielding, lab.url()).await;
    for polls in 0..500 {
        let email = format!("kept {polls}");
        let mut session = yielding.session();
        insert(&user(&email)).exec(&mut session).await?;
        let whole = async {
            let rows = NonZeroUsize::new(300).expect("not 0");
            let mut users = User::select().stream_batches(&mut session, rows);
            let mut seen = 0;
            while users.try_next().await?.is_some() {
                seen += 1;
            }
            creole::Result::Ok(seen)
        };
        let outcome = cancel_at(pin!(whole), polls).await;
        session.commit().await?;
        assert!(is_there(&email, &plain).await?, "after {polls} polls");
        drop(session);
        if let Some(seen) = outcome {
            assert!(seen? > USERS);
            doctor.check().await;
            return Ok(());
        }
    }
    panic!("the stream did not come to its end");
}

#[creole::test]
async fn many_rows_are_left(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    // To read them takes a busy machine a while.
    let engine = lab.builder().release_timeout(Duration::from_secs(60)).connect().await?;
    populate(&engine).await?;
    let pairs = || sql!("select a.id from users a cross join users b where b.id <= 200").scalars::<i64>();
    let mut session = engine.session();
    insert(&user("kept")).exec(&mut session).await?;
    let mut ids = pairs().stream(&mut session);
    assert!(ids.try_next().await?.is_some());
    drop(ids);
    session.commit().await?;
    assert!(is_there("kept", &engine).await?);
    // On an engine nothing is lost, whether or not the connection is.
    let mut ids = pairs().stream(&engine);
    assert!(ids.try_next().await?.is_some());
    drop(ids);
    insert(&user("after")).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn a_statement_that_writes_is_carried_out(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "mysql" {
        return Ok(());
    }
    populate(&engine).await?;
    for taken in [0, 1, 300, USERS] {
        let mut session = engine.session();
        insert(&user("kept")).exec(&mut session).await?;
        let mut ids =
            sql!("delete from users where email <> 'kept' returning id").scalars::<i64>().stream(&mut session);
        for _ in 0..taken {
            assert!(ids.try_next().await?.is_some());
        }
        drop(ids);
        // A stream that was not read at all was not sent.
        let left = if taken == 0 { USERS as u64 + 1 } else { 1 };
        assert_eq!(User::select().count(&mut session).await?, left, "after {taken} rows");
        session.rollback().await?;
    }
    Ok(())
}

#[creole::test]
async fn an_error_among_the_rows_that_are_left(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    let name = engine.dialect().name();
    let failing = || match name {
        "postgres" => sql!("select id / (500 - id) from users order by id").scalars::<i64>(),
        "sqlite" => sql!("select case id when 500 then abs(-9223372036854775808) else id end from users").scalars(),
        _ => sql!("select if(id = 500, (select 1 union all select id), id) from users order by id").scalars(),
    };
    // Whoever reads on is told.
    let mut session = engine.session();
    insert(&user("undone")).exec(&mut session).await?;
    let mut numbers = failing().stream_batches(&mut session, NonZeroUsize::MIN);
    let error = loop {
        match numbers.try_next().await {
            Ok(row) => assert!(row.is_some(), "it came to its end"),
            Err(error) => break error,
        }
    };
    assert!(error.code().is_some(), "{error}");
    drop(numbers);
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    session.rollback().await?;

    // Who does not, is told where the server met the error all the same.
    insert(&user("kept")).exec(&mut session).await?;
    let mut numbers = failing().stream_batches(&mut session, NonZeroUsize::MIN);
    let first = numbers.try_next().await;
    drop(numbers);
    let committed = session.commit().await;
    if name == "sqlite" {
        first?;
        committed?;
    } else {
        assert_eq!(committed.unwrap_err().kind(), ErrorKind::TransactionAborted);
        session.rollback().await?;
        insert(&user("kept")).exec(&mut session).await?;
        session.commit().await?;
    }
    assert!(is_there("kept", &engine).await?);

    // A row that can't be read is the stream's error, and no more than that.
    let mut session = engine.session();
    insert(&user("read")).exec(&mut session).await?;
    let text = sql!("select case when id < 300 then null else email end from users order by id");
    let mut texts = text.scalars::<Option<i64>>().stream(&mut session);
    let error = loop {
        match texts.try_next().await {
            Ok(row) => assert_eq!(row, Some(None)),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Decode);
    drop(texts);
    session.commit().await?;
    assert!(is_there("read", &engine).await?);
    Ok(())
}

/// A rest that is not to be had in time costs the transaction, and the session says so. SQLite breaks it off.
#[creole::test]
async fn a_rest_that_takes_too_long(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().release_timeout(Duration::from_secs(1)).connect().await?;
    engine.create_all(tables![User]).await?;
    let slow = match engine.dialect().name() {
        "postgres" => sql!("select 1 from pg_sleep(30)").scalars::<i32>(),
        "sqlite" => {
            sql!("with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000) select count(*) from n")
                .scalars()
        }
        _ => sql!("select sleep(30)").scalars(),
    };
    let start = Instant::now();
    let mut session = engine.session();
    insert(&user("first")).exec(&mut session).await?;
    let mut rows = slow.stream(&mut session);
    assert!(tokio::time::timeout(Duration::from_millis(200), rows.try_next()).await.is_err());
    drop(rows);
    let committed = session.commit().await;
    assert!(start.elapsed() < Duration::from_secs(25), "it waited for the rest");
    if engine.dialect().name() == "sqlite" {
        committed?;
        assert!(is_there("first", &engine).await?);
        return Ok(());
    }
    let error = committed.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(error.to_string().contains("unread"), "{error}");
    session.rollback().await?;
    insert(&user("second")).exec(&mut session).await?;
    session.commit().await?;
    assert!(!is_there("first", &engine).await?);
    Ok(())
}

/// A stream that is left early on an engine does not cost its connection.
#[creole::test]
async fn an_engines_connection_is_used_again(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        // The database is the connection.
        let engine = Engine::connect("sqlite::memory:?connections=1").await?;
        populate(&engine).await?;
        for taken in TAKEN {
            read(taken, &engine).await?;
            assert_eq!(User::select().count(&engine).await?, USERS as u64);
        }
        return Ok(());
    }
    populate(&engine).await?;
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).connect().await?;
    let id = || match engine.dialect().name() {
        "postgres" => sql!("select pg_backend_pid()::bigint").scalars::<i64>(),
        _ => sql!("select cast(connection_id() as signed)").scalars(),
    };
    // How long the rest may take is short, so a machine that is very busy may lose one connection and another.
    let mut kept = 0;
    for taken in TAKEN {
        let before = id().one(&engine).await?;
        read(taken, &engine).await?;
        kept += usize::from(id().one(&engine).await? == before);
    }
    assert!(kept > 0);
    Ok(())
}

/// Rows that a program makes while they are inserted: cut off while it waits for the program, all are undone.
mod of_the_programs_own {
    use super::*;

    /// More rows than are sent at once, and then nothing more.
    fn never_ending() -> impl futures_util::Stream<Item = creole::Result<User>> + Send + Unpin {
        use futures_util::StreamExt as _;
        let rows = (0..1_500).map(|number| Ok(user(&format!("{number:06}@example.com"))));
        Box::pin(stream::iter(rows).chain(stream::pending()))
    }

    #[creole::test]
    async fn cut_off_on_a_session(engine: Engine) -> creole::Result<()> {
        engine.create_all(tables![User]).await?;
        let mut session = engine.session();
        insert(&user("before")).exec(&mut session).await?;
        let mut inserting = insert_stream(never_ending()).exec(&mut session);
        // The first rows are written when the program's stream has been asked in vain.
        let cut = tokio::time::timeout(Duration::from_secs(2), &mut inserting).await;
        assert!(cut.is_err());
        drop(inserting);
        let error = insert(&user("after")).exec(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted);
        assert!(error.to_string().contains("cut off"), "{error}");
        assert!(session.commit().await.is_err());
        session.rollback().await?;
        assert_eq!(User::select().count(&engine).await?, 0);
        insert(&user("after")).exec(&mut session).await?;
        session.commit().await?;
        assert_eq!(User::select().count(&engine).await?, 1);
        Ok(())
    }

    /// A savepoint around it takes it back.
    #[creole::test]
    async fn cut_off_in_a_savepoint(engine: Engine) -> creole::Result<()> {
        engine.create_all(tables![User]).await?;
        let mut session = engine.session();
        insert(&user("before")).exec(&mut session).await?;
        let undone = session
            .savepoint(async |inner| {
                let inserting = insert_stream(never_ending()).exec(&mut *inner);
                assert!(tokio::time::timeout(Duration::from_secs(2), inserting).await.is_err());
                insert(&user("after")).exec(&mut *inner).await
            })
            .await;
        assert_eq!(undone.unwrap_err().kind(), ErrorKind::TransactionAborted);
        session.commit().await?;
        assert_eq!(User::select().count(&engine).await?, 1);
        Ok(())
    }

    #[creole::test]
    async fn a_panic_of_the_programs_iterator(engine: Engine) -> creole::Result<()> {
        use futures_util::FutureExt as _;
        engine.create_all(tables![User]).await?;
        let mut session = engine.session();
        insert(&user("before")).exec(&mut session).await?;
        let rows = (0..1_500).map(|number| {
            assert!(number < 1_200, "a panic that the test wants");
            user(&format!("{number:06}@example.com"))
        });
        let inserting = std::panic::AssertUnwindSafe(insert_each(rows).exec(&mut session)).catch_unwind().await;
        assert!(inserting.is_err());
        assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
        session.rollback().await?;
        assert_eq!(User::select().count(&engine).await?, 0);
        Ok(())
    }
}
