//! What a session may do while a closure has it, of a transaction or of a savepoint.

use creole::prelude::*;

use crate::models::{User, user};

async fn emails(engine: &Engine) -> creole::Result<Vec<String>> {
    Ok(User::select().order_by(User::email).all(engine).await?.into_iter().map(|user| user.email).collect())
}

/// Calls every method of a session, and answers which ones refused.
async fn call_everything(session: &mut Session, ada: i64) -> creole::Result<Vec<&'static str>> {
    let mut refused = Vec::new();
    assert_eq!(session.engine().dialect().name(), session.dialect().name());
    let new = session.add(user("new"));
    session.flush().await?;
    let handle = session.get::<User>(ada).await?.expect("there");
    assert_eq!(session.try_get(handle)?.email, "ada");
    session.try_get_mut(handle)?.nickname = Some("a".into());
    session[handle].nickname = Some(format!("{}b", session[handle].email));
    session.refresh(handle).await?;
    session.expire(handle);
    session.expire_all();
    let upserted = session.upsert(User { nickname: Some("c".into()), ..user("other") }).await?.row;
    session.delete(upserted);
    for name in ["commit", "rollback"] {
        let result = if name == "commit" { session.commit().await } else { session.rollback().await };
        if let Err(error) = result {
            assert_eq!((error.kind(), error.code()), (ErrorKind::Unsupported, None), "{error}");
            assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
            assert!(error.to_string().contains("return `Ok`"), "{error}");
            refused.push(name);
        }
    }
    session.savepoint(async |session| session.flush().await).await?;
    assert_eq!(session.detach(new).email, "new");
    session.clear();
    assert!(!format!("{session:?}").is_empty());
    Ok(refused)
}

#[creole::test]
async fn a_closure_does_not_end_what_it_is_part_of(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada")).returning().one(&engine).await?.id;
    let both = ["commit", "rollback"];

    assert_eq!(engine.transaction(async |tx| call_everything(tx, ada).await).await?, both);
    assert_eq!(emails(&engine).await?, ["ada", "new"], "what was refused ended nothing");
    delete::<User>().filter(User::email.eq("new")).exec(&engine).await?;

    let work = async |tx: &mut Session| call_everything(tx, ada).await;
    assert_eq!(engine.transaction_with(TxOptions::default().retries(2), work).await?, both);
    delete::<User>().filter(User::email.eq("new")).exec(&engine).await?;
    assert_eq!(engine.transaction_or(async |tx| call_everything(tx, ada).await).await?, both);
    delete::<User>().filter(User::email.eq("new")).exec(&engine).await?;

    let mut session = engine.session();
    session.add(user("before"));
    assert_eq!(session.savepoint(async |session| call_everything(session, ada).await).await?, both);
    session.rollback().await?;
    assert_eq!(emails(&engine).await?, ["ada"], "the session itself may");
    assert!(call_everything(&mut session, ada).await?.is_empty());
    Ok(())
}

#[creole::test]
async fn nothing_is_kept_of_a_closure_that_would_have_committed(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let result = engine
        .transaction(async |tx| {
            insert(&user("ada")).exec(&mut *tx).await?;
            tx.add(user("bob"));
            tx.commit().await?;
            Ok(())
        })
        .await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(emails(&engine).await?.is_empty());

    let mut session = engine.session();
    session.add(user("outer"));
    for commits in [true, false] {
        let result = session
            .savepoint(async |session| {
                session.add(user("inner"));
                session
                    .savepoint(async |session| {
                        session.add(user("innermost"));
                        if commits { session.commit().await } else { session.rollback().await }
                    })
                    .await
            })
            .await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    session.commit().await?;
    assert_eq!(emails(&engine).await?, ["outer"]);
    Ok(())
}

#[creole::test]
async fn a_savepoint_cut_off_within_a_closure_fails_the_closure(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let work = async |tx: &mut Session| {
        insert(&user("ada")).exec(&mut *tx).await?;
        {
            let mut inside = Box::pin(tx.savepoint(async |tx| {
                tx.add(user("bob"));
                tx.flush().await?;
                std::future::pending::<creole::Result<()>>().await
            }));
            // Polled until it waits for what never comes.
            let cut = tokio::time::timeout(std::time::Duration::from_millis(300), &mut inside).await;
            assert!(cut.is_err());
        }
        assert!(tx.rollback().await.is_err());
        Ok(())
    };
    assert_eq!(engine.transaction(work).await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    assert!(emails(&engine).await?.is_empty());

    let mut session = engine.session();
    let outer = session.savepoint(work).await;
    assert_eq!(outer.unwrap_err().kind(), ErrorKind::TransactionAborted);
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    session.rollback().await?;
    session.add(user("after"));
    session.commit().await?;
    assert_eq!(emails(&engine).await?, ["after"]);
    Ok(())
}
