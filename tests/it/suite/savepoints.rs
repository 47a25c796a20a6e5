//! Savepoints: what they undo, in the database and in memory.

use creole::prelude::*;

use crate::models::{User, user};

fn failed<T>() -> creole::Result<T> {
    Err(creole::Error::new(ErrorKind::Other, "on purpose"))
}

async fn emails(engine: &Engine) -> creole::Result<Vec<String>> {
    Ok(User::select().order_by(User::email).all(engine).await?.into_iter().map(|user| user.email).collect())
}

#[creole::test]
async fn a_savepoint_that_fails_undoes_its_own_work_only(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    engine
        .transaction(async |tx| {
            let ada = tx.add(user("ada"));
            let inner = tx
                .savepoint(async |tx| {
                    tx.add(user("bob"));
                    tx[ada].nickname = Some("changed".into());
                    tx.flush().await?;
                    failed::<()>()
                })
                .await;
            assert_eq!(inner.unwrap_err().to_string(), "on purpose");
            assert_eq!(tx[ada].nickname, None, "memory follows");
            assert_eq!(User::select().count(&mut *tx).await?, 1);
            tx.savepoint(async |tx| {
                tx.add(user("eve"));
                Ok(())
            })
            .await
        })
        .await?;
    assert_eq!(emails(&engine).await?, ["ada", "eve"]);
    Ok(())
}

#[creole::test]
async fn a_savepoint_survives_an_error_of_the_database(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    engine
        .transaction(async |tx| {
            insert(&user("ada")).exec(&mut *tx).await?;
            let error = tx.savepoint(async |tx| insert(&user("ada")).exec(&mut *tx).await).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UniqueViolation);
            // By way of the unit of work, too.
            let error = tx
                .savepoint(async |tx| {
                    tx.add(user("ada"));
                    Ok(())
                })
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UniqueViolation);
            tx.add(user("bob"));
            Ok(())
        })
        .await?;
    assert_eq!(emails(&engine).await?, ["ada", "bob"]);
    Ok(())
}

#[creole::test]
async fn savepoints_nest(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let ada = session.add(user("ada"));
    session.flush().await?;
    let outer = session
        .savepoint(async |session| {
            session[ada].nickname = Some("outer".into());
            session.add(user("outer"));
            session
                .savepoint(async |session| {
                    session[ada].nickname = Some("kept by inner".into());
                    session.add(user("inner"));
                    Ok(())
                })
                .await?;
            let undone = session
                .savepoint(async |session| {
                    session[ada].nickname = Some("undone".into());
                    session.add(user("undone"));
                    session.flush().await?;
                    failed::<()>()
                })
                .await;
            assert!(undone.is_err());
            assert_eq!(session[ada].nickname.as_deref(), Some("kept by inner"));
            failed::<()>()
        })
        .await;
    assert!(outer.is_err());
    assert_eq!(session[ada].nickname, None, "what the inner savepoint kept goes with the outer one");
    session.commit().await?;
    assert_eq!(emails(&engine).await?, ["ada"]);
    Ok(())
}

#[creole::test]
async fn what_nested_savepoints_keep_a_rollback_still_undoes(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let saved = insert(&user("ada")).returning().one(&engine).await?;
    let mut session = engine.session();
    let ada = session.get::<User>(saved.id).await?.expect("there");
    session
        .savepoint(async |session| {
            session
                .savepoint(async |session| {
                    session[ada].nickname = Some("deep".into());
                    session.delete(ada);
                    session.flush().await
                })
                .await
        })
        .await?;
    assert!(session.try_get(ada).is_err());
    session.rollback().await?;
    assert_eq!(session[ada], saved);
    assert_eq!(emails(&engine).await?, ["ada"]);
    Ok(())
}

#[creole::test]
async fn a_savepoint_that_is_cut_off_stops_the_session(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user("before"));
    {
        let savepoint = session.savepoint(async |session| {
            session.add(user("inside"));
            session.flush().await?;
            std::future::pending::<creole::Result<()>>().await
        });
        let cut = tokio::time::timeout(std::time::Duration::from_millis(300), savepoint).await;
        assert!(cut.is_err());
    }
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
    session.rollback().await?;
    session.add(user("after"));
    session.commit().await?;
    assert_eq!(emails(&engine).await?, ["after"]);
    Ok(())
}

#[creole::test]
async fn a_savepoint_that_passes_over_an_error_undoes_its_own_work_only(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("taken")).exec(&engine).await?;
    let mut session = engine.session();
    let before = session.add(user("before"));
    let passed_over = session
        .savepoint(async |session| {
            session.add(user("inside"));
            session[before].nickname = Some("inside".into());
            assert!(insert(&user("taken")).exec(&mut *session).await.is_err());
            Ok(())
        })
        .await;
    let error = passed_over.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted);
    assert!(error.to_string().contains("passed over"), "{error}");
    assert_eq!(session[before].nickname, None, "memory follows");

    // One within another: what the outer one did stays.
    session
        .savepoint(async |session| {
            session.add(user("outer"));
            let inner = session
                .savepoint(async |session| {
                    session.add(user("inner"));
                    session.add(user("taken"));
                    assert!(session.flush().await.is_err());
                    Ok(())
                })
                .await;
            assert_eq!(inner.unwrap_err().kind(), ErrorKind::TransactionAborted);
            assert_eq!(User::select().count(&mut *session).await?, 3);
            Ok(())
        })
        .await?;
    session.commit().await?;
    assert_eq!(emails(&engine).await?, ["before", "outer", "taken"]);
    Ok(())
}
