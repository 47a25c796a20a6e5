//! An engine used while a session of the same program is open: alike on every backend.

use std::time::{Duration, Instant};

use creole::prelude::*;

use crate::models::{User, user};

#[creole::test]
async fn reading_through_the_engine_goes_through_while_a_session_writes(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("before")).exec(&engine).await?;
    let mut session = engine.session();
    session.add(user("pending"));
    session.flush().await?;
    assert_eq!(User::select().count(&engine).await?, 1, "the engine does not see what is not committed");
    assert_eq!(User::select().count(&mut session).await?, 2, "the session does");
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn writing_through_the_engine_while_a_session_writes(_engine: Engine) -> creole::Result<()> {
    let engine = Engine::builder(&creole::testing::url()).acquire_timeout(Duration::from_secs(2)).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user("pending"));
    session.flush().await?;
    let start = Instant::now();
    match insert(&user("beside")).exec(&engine).await {
        Ok(rows) => assert_eq!(rows, 1),
        // SQLite has one writer, and the session holds it.
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::PoolTimeout, "{error:?}");
            assert!(start.elapsed() < Duration::from_secs(8));
            let text = error.to_string();
            assert!(text.contains("another session or transaction") && text.contains("commit it or drop it"), "{text}");
        }
    }
    session.commit().await?;
    insert(&user("after")).exec(&engine).await?;
    assert!(User::select().count(&engine).await? >= 2);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn two_sessions_read_each_others_commits(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut reader = engine.session();
    assert_eq!(User::select().count(&mut reader).await?, 0);
    let mut writer = engine.session();
    writer.add(user("ada"));
    writer.commit().await?;
    // READ COMMITTED: a statement sees what was committed before it.
    assert_eq!(User::select().count(&mut reader).await?, 1);
    reader.rollback().await?;
    Ok(())
}
