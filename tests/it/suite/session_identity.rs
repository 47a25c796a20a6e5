//! One row is one entity, and what a rollback leaves of entities.

use creole::prelude::*;

use crate::models::{Stock, User, user};

fn failed<T>() -> creole::Result<T> {
    Err(creole::Error::new(ErrorKind::Other, "on purpose"))
}

fn stock(item: i32, amount: i64) -> Stock {
    Stock { warehouse: "w".into(), item, shelf: None, amount }
}

fn is_detached<M: Model>(session: &Session, handle: Tracked<M>) -> bool {
    session.try_get(handle).is_err_and(|error| error.kind() == ErrorKind::Detached)
}

#[creole::test]
async fn an_entity_that_is_let_go_takes_no_other_with_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    let mut session = engine.session();
    let first = session.add(stock(1, 1));
    session.flush().await?;
    let second = session.add(stock(1, 2));
    session.delete(second);
    assert_eq!(session.get::<Stock>(("w", 1)).await?, Some(first));

    // One whose key is that of another in memory only.
    let other = session.add(stock(2, 2));
    session.flush().await?;
    session[other].item = 1;
    session.detach(other);
    assert_eq!(session.get::<Stock>(("w", 1)).await?, Some(first));
    let again = session.get::<Stock>(("w", 2)).await?.expect("the row is still there");
    assert_eq!((again == other, session[again].amount), (false, 2));
    session.commit().await?;
    assert_eq!(Stock::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn deleted_written_anew_and_rolled_back_is_one_entity(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    insert(&stock(1, 1)).exec(&engine).await?;
    let mut session = engine.session();
    let old = session.get::<Stock>(("w", 1)).await?.expect("there");
    session.delete(old);
    session.flush().await?;
    insert(&stock(1, 100)).exec(&mut session).await?;
    let new = session.get::<Stock>(("w", 1)).await?.expect("there");
    assert_ne!(old, new);
    session.rollback().await?;
    assert!(is_detached(&session, new));
    assert_eq!(session.get::<Stock>(("w", 1)).await?, Some(old));
    session[old].amount += 10;
    session.commit().await?;
    assert_eq!(Stock::select().one(&engine).await?.amount, 11);
    Ok(())
}

#[creole::test]
async fn what_a_transaction_read_of_its_own_writes_goes_with_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock, User]).await?;
    insert_all(&[stock(1, 1), stock(2, 2)]).exec(&engine).await?;
    let ada = insert(&user("ada")).returning().one(&engine).await?;
    let mut session = engine.session();
    let before = session.get::<Stock>(("w", 1)).await?.expect("there");
    insert(&stock(3, 3)).exec(&mut session).await?;
    update::<Stock>().set(Stock::amount, 77).all_rows().exec(&mut session).await?;
    let unrelated = session.get::<User>(ada.id).await?.expect("there");
    let inserted = session.get::<Stock>(("w", 3)).await?.expect("there");
    let changed = session.get::<Stock>(("w", 2)).await?.expect("there");
    assert_eq!(session.get::<Stock>(("w", 1)).await?, Some(before));
    assert_eq!((session[before].amount, session[changed].amount), (77, 77));
    session.rollback().await?;
    assert!(is_detached(&session, inserted) && is_detached(&session, changed));
    assert_eq!(session[before].amount, 1, "as it was read before the write");
    assert_eq!(session[unrelated], ada, "its table was not written to");
    assert_eq!(session.get::<Stock>(("w", 3)).await?, None);
    let changed = session.get::<Stock>(("w", 2)).await?.expect("there");
    assert_eq!(session[changed].amount, 2);
    Ok(())
}

#[creole::test]
async fn what_a_savepoint_read_goes_where_its_writes_go(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    insert_all(&[stock(1, 1), stock(2, 2), stock(3, 3)]).exec(&engine).await?;
    let get = async |session: &mut Session, item: i32| session.get::<Stock>(("w", item)).await.map(Option::unwrap);
    let mut session = engine.session();
    update::<Stock>().set(Stock::amount, 10).all_rows().exec(&mut session).await?;
    let mut handles = Vec::new();
    let undone = session
        .savepoint(async |session| {
            // Of a write before the savepoint, which stays.
            handles.push(get(session, 1).await?);
            update::<Stock>().set(Stock::amount, 20).all_rows().exec(&mut *session).await?;
            handles.push(get(session, 2).await?);
            assert_eq!(get(session, 1).await?, handles[0]);
            assert_eq!(session[handles[0]].amount, 20);
            failed::<()>()
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(session[handles[0]].amount, 10);
    assert!(is_detached(&session, handles[1]));
    session
        .savepoint(async |session| {
            session
                .savepoint(async |session| {
                    update::<Stock>().set(Stock::amount, 30).all_rows().exec(&mut *session).await?;
                    handles.push(get(session, 3).await?);
                    Ok(())
                })
                .await
        })
        .await?;
    assert_eq!(session[handles[2]].amount, 30, "both savepoints were kept");
    let first = get(&mut session, 1).await?;
    assert_eq!((first == handles[0], session[first].amount), (true, 30));
    session.rollback().await?;
    assert!(handles.iter().all(|&handle| is_detached(&session, handle)));
    Ok(())
}

#[creole::test]
async fn an_entity_that_a_savepoint_detached_is_read_again(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    insert(&stock(1, 1)).exec(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<Stock>(("w", 1)).await?.expect("there");
    let undone = session
        .savepoint(async |session| {
            session[first].amount = 5;
            session.flush().await?;
            assert_eq!(session.detach(first).amount, 5);
            failed::<()>()
        })
        .await;
    assert!(undone.is_err());
    assert!(is_detached(&session, first));
    let again = session.get::<Stock>(("w", 1)).await?.expect("there");
    assert_eq!(session[again].amount, 1);
    Ok(())
}

#[creole::test]
async fn a_key_that_passes_on_is_not_deleted_with_its_former_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    insert(&stock(1, 1)).exec(&engine).await?;
    let mut session = engine.session();
    let old = session.get::<Stock>(("w", 1)).await?.expect("there");
    delete::<Stock>().all_rows().exec(&mut session).await?;
    session.delete(old);
    let new = session.add(stock(1, 2));
    match session.commit().await {
        Ok(()) => assert_eq!(Stock::select().one(&engine).await?, session[new]),
        Err(error) => assert_eq!(error.kind(), ErrorKind::StaleVersion, "{error}"),
    }
    session.rollback().await?;
    assert_eq!(Stock::select().count(&engine).await?, 1);
    Ok(())
}
