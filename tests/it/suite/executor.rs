//! What statements run on: engines, sessions and handles, on every kind of runtime.

use creole::prelude::*;
#[cfg(feature = "sqlite")]
use tokio::runtime::Builder;

use crate::models::{User, user};

/// Two statements on whatever it is given.
async fn add_and_count(db: impl Executor, email: &str) -> creole::Result<u64> {
    let mut db = db.handle();
    insert(&user(email)).exec(&mut db).await?;
    User::select().count(&mut db).await
}

#[creole::test]
async fn a_function_takes_an_engine_or_a_session(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    assert_eq!(add_and_count(&engine, "a").await?, 1);
    let mut session = engine.session();
    assert_eq!(add_and_count(&mut session, "b").await?, 2);
    session.rollback().await?;
    let task = tokio::spawn({
        let engine = engine.clone();
        async move { engine.transaction(async |tx| add_and_count(tx, "c").await).await }
    });
    assert_eq!(task.await.expect("no panic")?, 2);
    Ok(())
}

/// A database in memory with one user, whose key comes back.
#[cfg(feature = "sqlite")]
async fn populated() -> creole::Result<(Engine, i64)> {
    let engine = Engine::connect("sqlite::memory:").await?;
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    Ok((engine, ada.id))
}

/// Reads, writes, a transaction and a stream.
#[cfg(feature = "sqlite")]
async fn a_bit_of_everything() -> creole::Result<()> {
    let (engine, id) = populated().await?;
    engine
        .transaction(async |tx| {
            let ada = tx.get::<User>(id).await?.expect("there");
            tx[ada].nickname = Some("Countess".into());
            Ok(())
        })
        .await?;
    let streamed: Vec<User> = futures_util::TryStreamExt::try_collect(User::select().stream(&engine)).await?;
    assert_eq!(streamed, User::select().all(&engine).await?);
    engine.close().await;
    Ok(())
}

#[cfg(feature = "sqlite")]
#[test]
fn a_current_thread_runtime_and_a_local_set_work() {
    let current_thread = Builder::new_current_thread().enable_all().build().expect("a runtime");
    current_thread.block_on(a_bit_of_everything()).expect("it works on one thread");
    let multi_thread = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    for runtime in [&current_thread, &multi_thread] {
        let local = tokio::task::LocalSet::new();
        let task = local.run_until(async { tokio::task::spawn_local(a_bit_of_everything()).await.expect("no panic") });
        runtime.block_on(task).expect("it works in a LocalSet");
    }
}
