//! The session: identity, dirty tracking, flush order, commit and rollback.

use creole::prelude::*;

use crate::models::{Node, Order, Product, Stock, User, product, user};

#[creole::test]
async fn what_is_added_is_there_after_commit_and_not_before(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let ada = session.add(user("ada@example.com"));
    assert_eq!(session[ada].id, 0);
    session.flush().await?;
    let id = session[ada].id;
    assert!(id > 0, "the key is filled in at the flush");
    assert_eq!(User::find(id, &engine).await?, None, "nobody else sees it before the commit");
    session.commit().await?;
    assert_eq!(User::find(id, &engine).await?, Some(session[ada].clone()));
    Ok(())
}

#[creole::test]
async fn a_dropped_session_leaves_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user("ada@example.com"));
    session.flush().await?;
    drop(session);
    assert_eq!(User::select().count(&engine).await?, 0);
    // The connection was not spent: the next session writes.
    let mut session = engine.session();
    session.add(user("bob@example.com"));
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn one_row_is_one_entity(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let saved = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<User>(saved.id).await?.expect("there");
    let second = session.get::<User>(saved.id).await?.expect("there");
    assert_eq!(first, second);
    let tracked = User::select().track(&mut session).await?;
    assert_eq!(tracked, [first]);
    session[first].nickname = Some("Countess".into());
    let again = User::select().filter(User::nickname.eq("Countess")).track(&mut session).await?;
    assert_eq!(again, [first], "a query writes pending work first");
    assert_eq!(session.get::<User>(saved.id + 1).await?, None);
    Ok(())
}

#[creole::test]
async fn only_the_columns_that_changed_are_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    let widget = product("Widget", "tools", dec!(9.99));
    insert(&widget).exec(&engine).await?;
    let mut session = engine.session();
    let handle = session.get::<Product>(widget.id).await?.expect("there");
    session.commit().await?;
    // Somebody else changes another column in the meantime.
    update::<Product>().set(Product::category, "toys").all_rows().exec(&engine).await?;
    session[handle].price = dec!(5);
    session.commit().await?;
    let read = Product::find(widget.id, &engine).await?.expect("there");
    assert_eq!((&*read.category, read.price), ("toys", dec!(5)));
    Ok(())
}

#[creole::test]
async fn a_write_that_changes_nothing_writes_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    let widget = product("Widget", "tools", dec!(9.90));
    insert(&widget).exec(&engine).await?;
    let mut session = engine.session();
    let handle = session.get::<Product>(widget.id).await?.expect("there");
    session.commit().await?;
    update::<Product>().set(Product::price, dec!(1)).all_rows().exec(&engine).await?;
    session[handle].price = dec!(9.9);
    session.commit().await?;
    assert_eq!(Product::find(widget.id, &engine).await?.expect("there").price, dec!(1));
    Ok(())
}

#[creole::test]
async fn parents_are_inserted_first_and_deleted_last(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    insert(&User { id: 77, ..user("ada@example.com") }).exec(&engine).await?;
    let mut session = engine.session();
    let order = session.add(Order { user_id: 78, total: dec!(1), ..Default::default() });
    let bob = session.add(User { id: 78, ..user("bob@example.com") });
    session.commit().await?;
    assert_eq!(Order::select().count(&engine).await?, 1);
    session.delete(bob);
    session.delete(order);
    session.commit().await?;
    assert_eq!(User::select().one(&engine).await?.id, 77);
    assert_eq!(Order::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn many_rows_get_each_their_own_key(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    // Not in the order of the unique key, and more than fit one statement.
    let handles: Vec<_> =
        (0..1_203).map(|number| session.add(user(&format!("{}@x", (number * 7_919) % 100_003)))).collect();
    session.commit().await?;
    for &handle in &handles {
        assert!(session[handle].id > 0);
    }
    let rows = User::select().all(&engine).await?;
    assert_eq!(rows.len(), handles.len());
    for row in rows {
        let handle = session.get::<User>(row.id).await?.expect("there");
        assert_eq!(session[handle].email, row.email, "each row has the key that the session knows it by");
        assert!(handles.contains(&handle));
    }
    Ok(())
}

#[creole::test]
async fn given_and_generated_keys_mix(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let given = session.add(User { id: 500, ..user("given") });
    let made = session.add(user("made"));
    session.commit().await?;
    assert_eq!(session[given].id, 500);
    assert!(session[made].id > 0 && session[made].id != 500);
    assert_eq!(User::find(500, &engine).await?.expect("there").email, "given");
    Ok(())
}

#[creole::test]
async fn rollback_makes_memory_what_the_database_is(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let bob = insert(&user("bob@example.com")).returning().one(&engine).await?;
    let mut session = engine.session();
    let ada_handle = session.get::<User>(ada.id).await?.expect("there");
    let bob_handle = session.get::<User>(bob.id).await?.expect("there");
    session[ada_handle].nickname = Some("one".into());
    session.flush().await?;
    session[ada_handle].nickname = Some("two".into());
    session.delete(bob_handle);
    let eve = session.add(user("eve@example.com"));
    session.flush().await?;
    let pending = session.add(user("zoe@example.com"));
    session.rollback().await?;

    assert_eq!(session[ada_handle], ada);
    assert_eq!(session[bob_handle], bob);
    for gone in [eve, pending] {
        assert_eq!(session.try_get(gone).unwrap_err().kind(), ErrorKind::Detached);
    }
    assert_eq!(session.get::<User>(bob.id).await?, Some(bob_handle));
    session[ada_handle].nickname = Some("three".into());
    session.commit().await?;
    assert_eq!(User::find(ada.id, &engine).await?.expect("there").nickname.as_deref(), Some("three"));
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn after_a_commit_get_and_refresh_read_anew(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let ada = session.add(user("ada@example.com"));
    let bob = session.add(user("bob@example.com"));
    session.commit().await?;
    update::<User>().set(User::nickname, "changed").all_rows().exec(&engine).await?;
    assert_eq!(session[ada].nickname, None, "handles stay readable, as they were");
    let id = session[ada].id;
    assert_eq!(session.get::<User>(id).await?, Some(ada));
    assert_eq!(session[ada].nickname.as_deref(), Some("changed"));
    session.refresh(bob).await?;
    assert_eq!(session[bob].nickname.as_deref(), Some("changed"));
    session.commit().await?;
    delete::<User>().all_rows().exec(&engine).await?;
    assert_eq!(session.refresh(bob).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(session.get::<User>(id).await?, None);
    Ok(())
}

#[creole::test]
async fn refresh_keeps_fields_that_are_no_columns(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let node = session.add(Node { name: "root".into(), visited: true, ..Default::default() });
    session.commit().await?;
    session.refresh(node).await?;
    assert!(session[node].visited);
    Ok(())
}

#[creole::test]
async fn a_deleted_entity_is_gone_at_once_and_its_row_at_the_flush(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let mut session = engine.session();
    let handle = session.get::<User>(ada.id).await?.expect("there");
    session.delete(handle);
    assert_eq!(session.try_get(handle).unwrap_err().kind(), ErrorKind::Detached);
    assert_eq!(session.get::<User>(ada.id).await?, None);
    assert_eq!(User::select().count(&mut session).await?, 0);
    assert_eq!(User::select().count(&engine).await?, 1, "not committed yet");
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 0);
    let added = session.add(user("never@example.com"));
    session.delete(added);
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_row_that_somebody_else_deleted_is_noticed(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let ada = session.add(user("ada@example.com"));
    session.commit().await?;
    delete::<User>().all_rows().exec(&engine).await?;
    session[ada].nickname = Some("nobody".into());
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::StaleVersion, Some("users")));
    Ok(())
}

#[creole::test]
async fn the_primary_key_itself_may_change(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    let mut session = engine.session();
    let stock = session.add(Stock { warehouse: "north".into(), item: 1, shelf: Some(3), amount: 5 });
    session.commit().await?;
    session[stock].warehouse = "south".into();
    session.commit().await?;
    assert_eq!(Stock::select().one(&engine).await?.warehouse, "south");
    assert_eq!(session.get::<Stock>(("south", 1)).await?, Some(stock));
    assert_eq!(session.get::<Stock>(("north", 1)).await?, None);
    session[stock].warehouse = "west".into();
    session.flush().await?;
    session.rollback().await?;
    assert_eq!(session[stock].warehouse, "south");
    assert_eq!(session.get::<Stock>(("south", 1)).await?, Some(stock));
    Ok(())
}

#[creole::test]
async fn a_failed_flush_stops_the_session_until_it_is_rolled_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("taken@example.com")).exec(&engine).await?;
    let mut session = engine.session();
    session.add(user("free@example.com"));
    session.add(user("taken@example.com"));
    let error = session.flush().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    assert!(error.is_unique(User::email), "{error:?}");
    for _ in 0..2 {
        let error = User::select().count(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted);
        assert!(error.to_string().contains("unique"), "the first cause is named: {error}");
    }
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    session.rollback().await?;
    session.add(user("later@example.com"));
    session.commit().await?;
    let emails: Vec<String> =
        User::select().order_by(User::email).all(&engine).await?.into_iter().map(|u| u.email).collect();
    assert_eq!(emails, ["later@example.com", "taken@example.com"]);
    Ok(())
}

#[creole::test]
async fn handles_of_another_session_and_detached_ones_are_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let mut other = engine.session();
    let mine = session.add(user("ada@example.com"));
    let theirs = other.add(user("bob@example.com"));
    let error = session.try_get(theirs).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Detached);
    assert!(error.to_string().contains("another session"), "{error}");
    let ada = session.detach(mine);
    assert_eq!(ada.email, "ada@example.com");
    assert_eq!(session.try_get(mine).unwrap_err().kind(), ErrorKind::Detached);
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 0, "what was detached before the flush is not written");
    Ok(())
}

#[creole::test]
async fn a_transaction_commits_on_ok_and_rolls_back_on_err(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let id = engine
        .transaction(async |tx| {
            let ada = tx.add(user("ada@example.com"));
            tx.flush().await?;
            Ok(tx[ada].id)
        })
        .await?;
    assert_eq!(User::find(id, &engine).await?.expect("there").email, "ada@example.com");

    #[derive(Debug)]
    enum Failure {
        Mine,
        Creole,
    }
    impl From<creole::Error> for Failure {
        fn from(_: creole::Error) -> Failure {
            Failure::Creole
        }
    }
    let result = engine
        .transaction_or(async |tx| {
            insert(&user("bob@example.com")).exec(&mut *tx).await?;
            update::<User>().set(User::nickname, "x").all_rows().exec(&mut *tx).await?;
            Err::<(), _>(Failure::Mine)
        })
        .await;
    assert!(matches!(result, Err(Failure::Mine)));
    assert!(matches!(Failure::from(creole::Error::new(ErrorKind::Other, "")), Failure::Creole));
    let users = User::select().all(&engine).await?;
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].nickname, None);
    Ok(())
}

#[creole::test]
async fn a_transaction_can_be_spawned(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let name = String::from("spawned@example.com");
    let task = tokio::spawn({
        let engine = engine.clone();
        async move {
            engine
                .transaction(async |tx| {
                    tx.add(user(&name));
                    tx.savepoint(async |tx| User::select().count(&mut *tx).await).await
                })
                .await
        }
    });
    assert_eq!(task.await.expect("no panic")?, 1);
    Ok(())
}

#[creole::test]
async fn a_read_only_transaction_refuses_to_write(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let count =
        engine.transaction_with(TxOptions::new().read_only(), async |tx| User::select().count(&mut *tx).await).await?;
    assert_eq!(count, 1);
    let error = engine
        .transaction_with(TxOptions::new().read_only(), async |tx| {
            insert(&user("bob@example.com")).exec(&mut *tx).await
        })
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error:?}");
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_serializable_transaction_works(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    engine
        .transaction_with(TxOptions::serializable(), async |tx| {
            assert_eq!(User::select().count(&mut *tx).await?, 0);
            tx.add(user("ada@example.com"));
            Ok(())
        })
        .await?;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}
