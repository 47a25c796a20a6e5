//! Transactions with options: run again, with an error type of one's own, and as sessions.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use creole::Isolation;
use creole::prelude::*;

use crate::lab::Lab;
use crate::models::{User, user};

/// What a program has for errors: creole's within, and found nowhere but there.
#[derive(Debug)]
enum Failure {
    OutOfStock,
    Database(String),
}

impl From<creole::Error> for Failure {
    fn from(error: creole::Error) -> Failure {
        Failure::Database(error.to_string())
    }
}

async fn populate(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(engine).await?;
    Ok(())
}

/// Somebody who holds the row for a while, and a program that does not wait for it.
struct Contended {
    engine: Engine,
    holder: tokio::task::JoinHandle<creole::Result<()>>,
    // Last, so that the engines are gone when the files go.
    _lab: Lab,
}

impl Contended {
    async fn new(given: &Engine) -> creole::Result<Contended> {
        let lab = Lab::of(given);
        let engine = lab.builder().connect().await?;
        populate(&engine).await?;
        let other = lab.builder().connect().await?;
        let mut session = other.session();
        update::<User>().set(User::nickname, "held").all_rows().exec(&mut session).await?;
        let holder = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(700)).await;
            session.rollback().await?;
            other.close().await;
            Ok(())
        });
        Ok(Contended { engine, holder, _lab: lab })
    }
}

/// Changes the row without waiting for it.
async fn change(tx: &mut Session) -> creole::Result<()> {
    // SQLite has no locks of rows: there beginning the transaction does not wait for long.
    if tx.dialect().name() != "sqlite" {
        User::select().for_update().nowait().one(&mut *tx).await?;
    }
    update::<User>().set(User::nickname, "changed").all_rows().exec(&mut *tx).await?;
    Ok(())
}

#[creole::test]
async fn is_run_again(engine: Engine) -> creole::Result<()> {
    let Contended { engine, holder, _lab } = Contended::new(&engine).await?;
    let error = engine.transaction_with(TxOptions::new(), change).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    let runs = AtomicUsize::new(0);
    engine
        .transaction_with(TxOptions::new().retries(10_000), async |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            change(tx).await
        })
        .await?;
    assert!(runs.into_inner() > 0);
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("changed"));
    holder.await.expect("the holder")
}

#[creole::test]
async fn is_run_again_with_an_error_of_ones_own(engine: Engine) -> creole::Result<()> {
    let Contended { engine, holder, _lab } = Contended::new(&engine).await?;
    let refused =
        engine.transaction_or_with(TxOptions::new(), async |tx| -> Result<(), Failure> { Ok(change(tx).await?) });
    assert!(matches!(refused.await, Err(Failure::Database(_))));
    let runs = AtomicUsize::new(0);
    let result = engine
        .transaction_or_with(TxOptions::serializable().retries(10_000), async |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            change(tx).await?;
            // Reads as if the transactions ran one after the other.
            match User::select().one(&mut *tx).await?.nickname.as_deref() {
                Some("changed") => Err::<(), _>(Failure::OutOfStock),
                _ => Ok(()),
            }
        })
        .await;
    assert!(matches!(result, Err(Failure::OutOfStock)), "{result:?}");
    assert!(runs.into_inner() > 0);
    assert_eq!(User::select().one(&engine).await?.nickname, None);
    holder.await.expect("the holder")
}

/// An error that the database has nothing to do with ends it, whatever its type.
#[creole::test]
async fn errors_of_ones_own_are_not_run_again(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    let options = TxOptions::new().retries(5);
    let runs = AtomicUsize::new(0);
    let result: Result<(), Failure> = engine
        .transaction_or_with(options.clone(), async |_| {
            runs.fetch_add(1, Ordering::Relaxed);
            Err(Failure::OutOfStock)
        })
        .await;
    assert!(matches!(result, Err(Failure::OutOfStock)));
    let result = engine
        .transaction_or_with(options.clone(), async |tx| -> Result<(), Failure> {
            runs.fetch_add(1, Ordering::Relaxed);
            insert(&user("ada")).exec(&mut *tx).await?;
            Ok(())
        })
        .await;
    assert!(matches!(&result, Err(Failure::Database(text)) if text.contains("email")), "{result:?}");
    // Types that take any error.
    let result: Result<(), Box<dyn std::error::Error + Send + Sync>> = engine
        .transaction_or_with(options.clone(), async |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            insert(&user("ada")).exec(&mut *tx).await?;
            Ok(())
        })
        .await;
    assert!(result.is_err());
    let error = engine
        .transaction_with(options, async |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            insert(&user("ada")).exec(&mut *tx).await?;
            Ok(())
        })
        .await
        .unwrap_err();
    assert!(error.is_unique(User::email));
    assert_eq!(runs.into_inner(), 4);
    Ok(())
}

async fn by_name(tx: &mut Session) -> creole::Result<u64> {
    User::select().count(tx).await
}

fn boxed(tx: &mut Session) -> std::pin::Pin<Box<dyn Future<Output = creole::Result<u64>> + Send + '_>> {
    Box::pin(by_name(tx))
}

/// Functions, boxed futures and closures with borrows, on tasks of their own.
#[creole::test]
async fn work_of_every_form_runs_on_tasks(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    let options = TxOptions::new().read_only().retries(1);
    let task = tokio::spawn(async move {
        let mut seen = Vec::new();
        seen.push(engine.transaction_with(options.clone(), by_name).await?);
        seen.push(engine.transaction_with(options.clone(), boxed).await?);
        let name = String::from("ada");
        let counted = engine
            .transaction_or_with(options.clone(), async |tx: &mut Session| -> Result<u64, Failure> {
                let count = User::select().filter(User::email.eq(&name)).count(&mut *tx).await?;
                Ok(count + seen.len() as u64)
            })
            .await;
        assert!(matches!(counted, Ok(3)));
        assert_eq!(seen, [1, 1]);
        creole::Result::Ok(())
    });
    task.await.expect("a task")
}

/// Work that went on after the error, and so has another one to report or none, is run again too.
#[creole::test]
async fn an_error_that_was_passed_over_counts(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        // It waits when the transaction begins, before there is work.
        return Ok(());
    }
    let Contended { engine, holder, _lab } = Contended::new(&engine).await?;
    engine
        .transaction_with(TxOptions::new().retries(10_000), async |tx| {
            let _ = change(tx).await;
            Ok(())
        })
        .await?;
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("changed"));
    holder.await.expect("the holder")
}

#[creole::test]
async fn a_table_that_changed_under_a_prepared_statement(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).connect().await?;
    sql!("create table kept (v integer)").exec(&engine).await?;
    let values = || sql!("select v from kept").scalars::<i64>();
    let change = async |ty: &str| match ty {
        "bigint" => sql!("alter table kept alter column v type bigint").exec(&engine).await,
        _ => sql!("alter table kept alter column v type smallint").exec(&engine).await,
    };
    values().all(&engine).await?;
    change("bigint").await?;
    let runs = AtomicUsize::new(0);
    let work = async |tx: &mut Session| {
        runs.fetch_add(1, Ordering::Relaxed);
        values().all(&mut *tx).await
    };
    engine.transaction_with(TxOptions::new().retries(1), work).await?;
    assert_eq!(runs.into_inner(), 2);
    change("smallint").await?;
    let own = async |tx: &mut Session| -> Result<Vec<i64>, Failure> { Ok(values().all(&mut *tx).await?) };
    assert!(engine.transaction_or_with(TxOptions::new().retries(1), own).await.is_ok());
    change("bigint").await?;
    let mut session = engine.session();
    let error = values().all(&mut session).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    session.rollback().await?;
    assert!(values().all(&mut session).await?.is_empty());
    session.commit().await?;
    // A savepoint is no transaction: the whole is run again.
    change("smallint").await?;
    let in_savepoint = async |tx: &mut Session| tx.savepoint(async |inner| values().all(&mut *inner).await).await;
    engine.transaction_with(TxOptions::new().retries(1), in_savepoint).await?;
    Ok(())
}

#[creole::test]
async fn sessions_have_options(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().connect().await?;
    populate(&engine).await?;
    let other = lab.builder().connect().await?;

    let mut session = engine.session_with(TxOptions::new().isolation(Isolation::RepeatableRead).read_only());
    assert_eq!(User::select().count(&mut session).await?, 1);
    insert(&user("bob")).exec(&other).await?;
    assert_eq!(User::select().count(&mut session).await?, 1, "it sees what was there when it began");
    assert_eq!(insert(&user("kim")).exec(&mut session).await.unwrap_err().kind(), ErrorKind::ReadOnly);
    session.commit().await?;
    // The next transaction of the session has the same options.
    assert_eq!(User::select().count(&mut session).await?, 2);
    session.add(user("kim"));
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::ReadOnly);
    session.rollback().await?;
    drop(session);

    let mut session = engine.session_with(TxOptions::serializable());
    session.add(user("kim"));
    session.commit().await?;
    assert_eq!(User::select().count(&other).await?, 3);
    Ok(())
}

#[creole::test]
async fn a_session_runs_nothing_again(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    let mut session = engine.session_with(TxOptions::new().retries(3));
    for error in [
        User::select().count(&mut session).await.unwrap_err(),
        insert(&user("bob")).exec(&mut session).await.unwrap_err(),
        session.savepoint(async |_| Ok(())).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("Engine::transaction_with"), "{error}");
    }
    Ok(())
}

#[creole::test]
async fn what_a_database_can_not_have_is_refused(engine: Engine) -> creole::Result<()> {
    populate(&engine).await?;
    let name = engine.dialect().name();
    for options in [
        TxOptions::new().deferrable(),
        TxOptions::serializable().deferrable(),
        TxOptions::new().read_only().deferrable(),
    ] {
        let error = engine.transaction_with(options, by_name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("TxOptions::serializable().read_only().deferrable()"), "{error}");
    }
    let options = TxOptions::serializable().read_only().deferrable();
    let counted = engine.transaction_with(options.clone(), by_name).await;
    let mut session = engine.session_with(options);
    let of_session = User::select().count(&mut session).await;
    for counted in [counted, of_session] {
        match name {
            "mysql" | "mariadb" => {
                let error = counted.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unsupported);
                assert!(error.to_string().contains(name), "{error}");
            }
            _ => assert_eq!(counted?, 1),
        }
    }
    Ok(())
}

#[creole::test]
async fn read_uncommitted(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().connect().await?;
    populate(&engine).await?;
    let mut writer = engine.session();
    insert(&user("bob")).exec(&mut writer).await?;
    let options = TxOptions::new().isolation(Isolation::ReadUncommitted).read_only();
    let seen = engine.transaction_with(options, by_name).await?;
    let expected = if matches!(engine.dialect().name(), "mysql" | "mariadb") { 2 } else { 1 };
    assert_eq!(seen, expected);
    writer.rollback().await
}
