//! Transactions that were ended by an error: nothing goes on in them, nothing of them is kept, and they say why.

use creole::Isolation;
use creole::prelude::*;

use crate::health::{Doctor, healthy};
use crate::lab::Lab;
use crate::models::{User, user};

#[creole::test]
async fn a_failed_flush_ends_the_transaction_until_it_is_rolled_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let mut session = engine.session();
    session.add(user("bob"));
    session.flush().await?;
    session.add(user("ada"));
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::UniqueViolation);
    for _ in 0..2 {
        let errors = [
            User::select().count(&mut session).await.map(drop).unwrap_err(),
            session.get::<User>(1).await.map(drop).unwrap_err(),
            insert(&user("eve")).exec(&mut session).await.map(drop).unwrap_err(),
            session.savepoint(async |_| Ok(())).await.unwrap_err(),
            session.flush().await.unwrap_err(),
            session.commit().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
            assert!(error.to_string().contains("uq_users_email"), "it does not name the first cause: {error}");
        }
    }
    session.rollback().await?;
    session.add(user("eve"));
    session.commit().await?;
    drop(session);
    healthy(&engine).await;
    let emails: Vec<String> =
        User::select().order_by(User::email).all(&engine).await?.into_iter().map(|row| row.email).collect();
    assert_eq!(emails, ["ada", "eve"]);
    Ok(())
}

#[creole::test]
async fn a_failed_statement_ends_the_transaction_until_it_is_rolled_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let mut session = engine.session();
    insert(&user("bob")).exec(&mut session).await?;
    assert_eq!(insert(&user("ada")).exec(&mut session).await.unwrap_err().kind(), ErrorKind::UniqueViolation);
    for _ in 0..2 {
        let errors = [
            User::select().count(&mut session).await.map(drop).unwrap_err(),
            insert(&user("eve")).exec(&mut session).await.map(drop).unwrap_err(),
            session.savepoint(async |_| Ok(())).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
            assert!(error.to_string().contains("uq_users_email"), "it does not name the first cause: {error}");
        }
    }
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
    assert_eq!(User::select().count(&engine).await?, 1);
    session.rollback().await?;
    session.add(user("eve"));
    session.commit().await?;
    drop(session);
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn what_failed_before_anything_was_sent_ends_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    insert(&user("bob")).exec(&mut session).await?;
    let nul = User { nickname: Some("a\0b".into()), ..user("ada") };
    assert_eq!(insert(&nul).exec(&mut session).await.unwrap_err().kind(), ErrorKind::InvalidValue);
    assert!(User::select().filter(User::email.eq("ada")).one(&mut session).await.unwrap_err().is_not_found());
    session.commit().await?;
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_transaction_whose_error_was_swallowed_is_not_reported_as_saved(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let work = async |tx: &mut Session| {
        insert(&user("bob")).exec(&mut *tx).await?;
        let _ = insert(&user("ada")).exec(&mut *tx).await;
        Ok(())
    };
    let error = engine.transaction(work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
    assert_eq!(User::select().filter(User::email.eq("bob")).count(&engine).await?, 0);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_savepoint_takes_the_error_with_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let work = async |tx: &mut Session| {
        insert(&user("bob")).exec(&mut *tx).await?;
        let twice = async |inner: &mut Session| {
            insert(&user("eve")).exec(&mut *inner).await?;
            insert(&user("ada")).exec(&mut *inner).await
        };
        let error = tx.savepoint(twice).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
        User::select().count(&mut *tx).await
    };
    assert_eq!(engine.transaction(work).await?, 2);
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn a_deadlock_ends_one_of_two(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        // One writer at a time can't wait for another.
        return Ok(());
    }
    engine.create_all(tables![User]).await?;
    let ids = [
        insert(&user("ada")).returning().one(&engine).await?.id,
        insert(&user("bob")).returning().one(&engine).await?.id,
    ];
    let rename = async |session: &mut Session, id: i64, name: &str| {
        update::<User>().set(User::nickname, name).filter(User::id.eq(id)).exec(&mut *session).await
    };
    let mut first = engine.session();
    let mut second = engine.session();
    rename(&mut first, ids[0], "first").await?;
    rename(&mut second, ids[1], "second").await?;
    let crossed =
        futures_util::future::join(rename(&mut first, ids[1], "first"), rename(&mut second, ids[0], "second"));
    let (mut loser, mut winner, error, name) = match crossed.await {
        (Err(error), Ok(_)) => (first, second, error, "second"),
        (Ok(_), Err(error)) => (second, first, error, "first"),
        other => panic!("one of the two must end: {other:?}"),
    };
    assert_eq!(error.kind(), ErrorKind::Deadlock, "{error}");
    assert!(error.is_retryable());
    // Its transaction is gone: were a statement let through, it would be kept at once on MySQL.
    for _ in 0..2 {
        let errors = [
            insert(&user("eve")).exec(&mut loser).await.map(drop).unwrap_err(),
            loser.savepoint(async |_| Ok(())).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
            assert!(error.to_string().contains("deadlock"), "it does not name the first cause: {error}");
        }
    }
    let error = loser.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
    winner.commit().await?;
    loser.rollback().await?;
    insert(&user("eve")).exec(&mut loser).await?;
    loser.commit().await?;
    drop((loser, winner));
    healthy(&engine).await;
    let named = User::select().filter(User::nickname.eq(name)).count(&engine).await?;
    assert_eq!((named, User::select().count(&engine).await?), (2, 3));
    Ok(())
}

#[creole::test]
async fn a_snapshot_that_was_overtaken_can_t_be_written_to(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "postgres" {
        // The MySQL family lets the write through at this isolation; SQLite has one writer.
        return Ok(());
    }
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let rename = |name: &'static str| update::<User>().set(User::nickname, name).all_rows();
    let options = TxOptions::default().isolation(Isolation::RepeatableRead);
    let other = engine.clone();
    let work = async move |tx: &mut Session| {
        User::select().count(&mut *tx).await?;
        rename("other").exec(&other).await?;
        rename("own").exec(&mut *tx).await
    };
    let error = engine.transaction_with(options, work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SerializationFailure, "{error}");
    assert!(error.is_retryable());
    healthy(&engine).await;
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("other"));

    // By way of an entity, and of a lock.
    let mut session = engine.session_with(TxOptions::new().isolation(Isolation::RepeatableRead));
    let ada = User::select().track(&mut session).await?[0];
    rename("another").exec(&engine).await?;
    session[ada].nickname = Some("own".into());
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::SerializationFailure);
    session.rollback().await?;
    User::select().count(&mut session).await?;
    rename("the last").exec(&engine).await?;
    let locked = User::select().for_update().track(&mut session).await;
    assert_eq!(locked.unwrap_err().kind(), ErrorKind::SerializationFailure);
    session.rollback().await?;
    session.refresh(ada).await?;
    assert_eq!(session[ada].nickname.as_deref(), Some("the last"));
    Ok(())
}

/// Two that read a row and then write it, each what it read and 1 more.
#[creole::test]
async fn no_update_is_lost_in_serializable_transactions(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("0")).exec(&engine).await?;
    let more = async |tx: &mut Session| {
        let row = User::select().track(&mut *tx).await?[0];
        tokio::task::yield_now().await;
        tx[row].email = (tx[row].email.parse::<i32>().unwrap_or(-99) + 1).to_string();
        Ok(())
    };
    let options = TxOptions::serializable().retries(50);
    let run = || engine.transaction_with(options.clone(), more);
    for result in futures_util::future::join_all([run(), run(), run(), run()]).await {
        result?;
    }
    assert_eq!(User::select().one(&engine).await?.email, "4");
    Ok(())
}

#[creole::test]
async fn a_read_only_transaction_does_not_write(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let work = async |tx: &mut Session| {
        assert_eq!(User::select().count(&mut *tx).await?, 1);
        insert(&user("bob")).exec(&mut *tx).await
    };
    let error = engine.transaction_with(TxOptions::new().read_only(), work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    let work = async |tx: &mut Session| {
        tx.add(user("bob"));
        Ok(())
    };
    let error = engine.transaction_with(TxOptions::new().read_only(), work).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    // The next transaction on the same connection writes again.
    insert(&user("eve")).exec(&engine).await?;
    engine.transaction(async |tx| insert(&user("bob")).exec(&mut *tx).await).await?;
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_read_only_transaction_refuses_writes_in_every_pool_and_goes_on(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let mut engines = vec![lab.builder().connect().await?, lab.builder().max_connections(1).connect().await?];
    if engine.dialect().name() == "sqlite" {
        engines.push(Engine::connect("sqlite::memory:?connections=1").await?);
    }
    for engine in &engines {
        engine.create_all(tables![User]).await?;
        delete::<User>().all_rows().exec(engine).await?;
        insert(&user("ada")).exec(engine).await?;
        let work = async |tx: &mut Session| {
            let refusals = [
                insert(&user("bob")).exec(&mut *tx).await.map(drop),
                insert(&user("bob")).returning().one(&mut *tx).await.map(drop),
                update::<User>().set(User::email, "eve").all_rows().exec(&mut *tx).await.map(drop),
                delete::<User>().all_rows().exec(&mut *tx).await.map(drop),
            ];
            for refusal in refusals {
                let error = refusal.unwrap_err();
                assert_eq!((error.kind(), error.table()), (ErrorKind::ReadOnly, Some("users")), "{error}");
                assert_eq!(error.code(), None, "it was sent: {error}");
                assert!(error.to_string().contains("TxOptions::read_only()"), "{error}");
            }
            User::select().one(&mut *tx).await
        };
        assert_eq!(engine.transaction_with(TxOptions::new().read_only(), work).await?.email, "ada");

        // What a session has gathered is refused at its flush.
        let work = async |tx: &mut Session| {
            let id = User::select().one(&mut *tx).await?.id;
            let ada = tx.get::<User>(id).await?.expect("ada");
            tx[ada].email = "eve".into();
            Ok(())
        };
        let error = engine.transaction_with(TxOptions::new().read_only(), work).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");

        // The same connection writes again in the next transaction, and outside of one.
        engine.transaction(async |tx| insert(&user("bob")).exec(&mut *tx).await).await?;
        insert(&user("eve")).exec(engine).await?;
        assert_eq!(User::select().count(engine).await?, 3);
        healthy(engine).await;
    }
    Ok(())
}

#[creole::test]
async fn a_lock_of_another_program_is_not_waited_for_for_ever(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let (ours, theirs) = (lab.builder().connect().await?, lab.builder().connect().await?);
    ours.create_all(tables![User]).await?;
    let mut session = theirs.session();
    session.add(user("theirs"));
    session.flush().await?;
    let begun = std::time::Instant::now();
    let error = insert(&user("ours")).exec(&ours).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LockTimeout, "{error}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(error.is_retryable());
    let mut refused = ours.session();
    refused.add(user("ours"));
    assert_eq!(refused.commit().await.unwrap_err().kind(), ErrorKind::LockTimeout);
    session.commit().await?;
    drop(refused);
    Doctor::of(&ours, lab.url()).await.check().await;
    assert_eq!(User::select().one(&ours).await?.email, "theirs");
    Ok(())
}

/// SQLite reads outside of the transaction until something is written.
#[creole::test]
async fn a_failed_read_before_any_write_ends_the_session_until_it_is_rolled_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    for reads in [0, 1] {
        assert_eq!(User::select().count(&mut session).await?, 0);
        let failed = match reads {
            0 => sql!("select missing from nowhere").scalars::<i64>().all(&mut session).await.map(drop),
            _ => sql!("select missing from nowhere").scalars::<i64>().stream(&mut session).try_next().await.map(drop),
        };
        let cause = failed.unwrap_err();
        assert_eq!(cause.kind(), ErrorKind::UndefinedTable, "{cause}");
        session.add(user("ada"));
        let errors = [
            User::select().count(&mut session).await.map(drop).unwrap_err(),
            session.get::<User>(1).await.map(drop).unwrap_err(),
            session.savepoint(async |_| Ok(())).await.unwrap_err(),
            session.commit().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
        }
        session.rollback().await?;
    }
    // What is refused before it is sent ends nothing.
    assert!(User::select().filter(count(User::id).gt(1)).all(&mut session).await.is_err());
    session.add(user("eve"));
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}
