//! `session.on_commit`: what is done once the work is committed, and only then.

use std::sync::{Arc, Mutex};

use creole::prelude::*;
use creole::{Error, Result};

use crate::lab::Lab;
use crate::models::{User, user};

/// What was done, in order.
#[derive(Clone, Default)]
struct Done(Arc<Mutex<Vec<&'static str>>>);

impl Done {
    fn note(&self, what: &'static str) -> impl Future<Output = Result<()>> + Send + 'static + use<> {
        let done = self.clone();
        async move {
            done.0.lock().unwrap().push(what);
            Ok(())
        }
    }

    fn fail(&self, what: &'static str) -> impl Future<Output = Result<()>> + Send + 'static + use<> {
        let note = self.note(what);
        async move {
            note.await?;
            Err(Error::new(ErrorKind::Deadlock, what))
        }
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[creole::test]
async fn it_is_done_after_the_commit_in_order(engine: Engine) -> Result<()> {
    engine.create_all(tables![User]).await?;
    let done = Done::default();
    let mut session = engine.session();
    session.add(user("ada@example.com"));
    session.on_commit(done.note("first"));
    session.flush().await?;
    session.on_commit(done.note("second"));
    // It sees what was committed, by way of the same engine.
    let (other, third) = (engine.clone(), done.note("third"));
    session.on_commit(async move {
        assert_eq!(User::select().count(&other).await?, 1);
        third.await
    });
    assert_eq!(done.take(), [""; 0]);
    session.commit().await?;
    assert_eq!(done.take(), ["first", "second", "third"]);
    session.commit().await?;
    assert_eq!(done.take(), [""; 0], "once");
    session.on_commit(done.note("nothing was written"));
    session.commit().await?;
    assert_eq!(done.take(), ["nothing was written"]);
    Ok(())
}

#[creole::test]
async fn a_rollback_forgets_it(engine: Engine) -> Result<()> {
    engine.create_all(tables![User]).await?;
    let done = Done::default();
    let mut session = engine.session();
    session.on_commit(done.note("rolled back"));
    session.rollback().await?;
    session.commit().await?;
    session.add(user("ada@example.com"));
    session.add(user("ada@example.com"));
    session.on_commit(done.note("failed"));
    session.commit().await.unwrap_err();
    session.rollback().await?;
    session.commit().await?;
    session.on_commit(done.note("dropped"));
    drop(session);
    assert_eq!(done.take(), [""; 0]);
    Ok(())
}

#[creole::test]
async fn a_savepoint_takes_its_own_along(engine: Engine) -> Result<()> {
    engine.create_all(tables![User]).await?;
    let done = Done::default();
    let undo = || Err(Error::new(ErrorKind::Other, "undo"));
    let mut session = engine.session();
    session.on_commit(done.note("before"));
    let outcome: Result<()> = session
        .savepoint(async |session| {
            session.on_commit(done.note("undone"));
            session
                .savepoint(async |session| {
                    session.on_commit(done.note("undone inside"));
                    Ok(())
                })
                .await?;
            undo()
        })
        .await;
    outcome.unwrap_err();
    session
        .savepoint(async |session| {
            session.on_commit(done.note("kept"));
            let outcome: Result<()> = session
                .savepoint(async |session| {
                    session.on_commit(done.note("undone within"));
                    undo()
                })
                .await;
            outcome.unwrap_err();
            session
                .savepoint(async |session| {
                    session.on_commit(done.note("kept inside"));
                    Ok(())
                })
                .await
        })
        .await?;
    session.on_commit(done.note("after"));
    session.commit().await?;
    assert_eq!(done.take(), ["before", "kept", "kept inside", "after"]);
    Ok(())
}

#[creole::test]
async fn errors_are_collected_and_the_work_is_saved(engine: Engine) -> Result<()> {
    engine.create_all(tables![User]).await?;
    let done = Done::default();
    let mut session = engine.session();
    let ada = session.add(user("ada@example.com"));
    session.on_commit(done.fail("a"));
    session.on_commit(done.note("b"));
    session.on_commit(done.fail("c"));
    let error = session.commit().await.unwrap_err();
    assert_eq!(done.take(), ["a", "b", "c"]);
    assert_eq!(error.kind(), ErrorKind::AfterCommit);
    assert_eq!(error.to_string(), "the work is committed, but 2 of 3 actions that were to follow failed: a; c");
    let kinds: Vec<ErrorKind> = error.collected().iter().map(Error::kind).collect();
    assert_eq!(kinds, [ErrorKind::Deadlock; 2]);
    assert!(!error.is_retryable());
    // The session has committed, and goes on.
    assert_eq!(session[ada].email, "ada@example.com");
    session.get::<User>(session[ada].id).await?;
    session[ada].nickname = Some("Countess".into());
    session.commit().await?;
    assert_eq!(User::select().filter(User::nickname.eq("Countess")).count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn transactions_do_it_and_do_not_run_again(engine: Engine) -> Result<()> {
    engine.create_all(tables![User]).await?;
    let done = Done::default();
    let value = engine
        .transaction(async |session| {
            session.on_commit(done.note("done"));
            session.add(user("ada@example.com"));
            Ok(7)
        })
        .await?;
    assert_eq!((value, done.take()), (7, vec!["done"]));
    let outcome: Result<()> = engine
        .transaction(async |session| {
            session.on_commit(done.note("undone"));
            Err(Error::new(ErrorKind::Other, "undo"))
        })
        .await;
    outcome.unwrap_err();
    assert_eq!(done.take(), [""; 0]);
    let outcome = engine
        .transaction_with(TxOptions::new().retries(3), async |session: &mut creole::Session| {
            session.on_commit(done.fail("failed"));
            session.add(user("bob@example.com"));
            Ok(())
        })
        .await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::AfterCommit);
    assert_eq!(done.take(), ["failed"], "a deadlock of what follows is none of the transaction");
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

/// The connection is back in the pool by then: with one connection in all, what follows has it.
#[creole::test]
async fn the_connection_is_back_in_the_pool(engine: Engine) -> Result<()> {
    // On SQLite one connection writes, however many read.
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).connect().await?;
    engine.create_all(tables![User]).await?;
    let done = Done::default();
    let mut session = engine.session();
    session.add(user("ada@example.com"));
    let (other, note) = (engine.clone(), done.note("done"));
    session.on_commit(async move {
        insert(&user("bob@example.com")).exec(&other).await?;
        note.await
    });
    session.commit().await?;
    assert_eq!(done.take(), ["done"]);
    assert_eq!(User::select().count(&engine).await?, 2);
    engine.close().await;
    Ok(())
}
