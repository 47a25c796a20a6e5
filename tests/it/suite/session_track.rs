//! Every statement that yields entities can have them tracked.

use creole::prelude::*;

use crate::models::{Order, User, user};

async fn users(engine: &Engine) -> creole::Result<Vec<User>> {
    engine.create_all(tables![User, Order]).await?;
    insert_all(&["ada", "bob", "cleo"].map(user)).returning().all(engine).await
}

#[creole::test]
async fn ends_of_a_select(engine: Engine) -> creole::Result<()> {
    let rows = users(&engine).await?;
    let mut session = engine.session();
    let all = User::select().order_by(User::id).track(&mut session).await?;
    let bob = User::email.eq("bob");
    assert_eq!(User::select().filter(bob.clone()).track_one(&mut session).await?, all[1]);
    assert_eq!(User::select().filter(bob.clone()).track_optional(&mut session).await?, Some(all[1]));
    assert_eq!(User::select().order_by(User::id.desc()).track_first(&mut session).await?, Some(all[2]));
    let nobody = || User::select().filter(User::email.eq("nobody"));
    assert_eq!(nobody().track_optional(&mut session).await?, None);
    assert_eq!(nobody().track_first(&mut session).await?, None);
    let error = nobody().track_one(&mut session).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    for error in [
        User::select().track_one(&mut session).await.unwrap_err(),
        User::select().track_optional(&mut session).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::MultipleFound);
    }
    // What a lock shows, the entity becomes.
    update::<User>().set(User::nickname, "new").all_rows().exec(&engine).await?;
    let locked = User::select().filter(bob).for_update().track_one(&mut session).await?;
    assert_eq!((locked, session[locked].nickname.as_deref()), (all[1], Some("new")));
    session.rollback().await?;

    // Rows that belong to another, through a relation and through a subquery.
    let orders = [1, 2].map(|total| Order { user_id: rows[0].id, total: Decimal::from(total), ..Default::default() });
    insert_all(&orders).exec(&engine).await?;
    let order = Order::select().order_by(Order::id).track_first(&mut session).await?.expect("there");
    let owner = session[order].related(Order::user).track_one(&mut session).await?;
    assert_eq!(owner, all[0]);
    Ok(())
}

#[creole::test]
async fn what_an_update_returns(engine: Engine) -> creole::Result<()> {
    let rows = users(&engine).await?;
    let mut session = engine.session();
    let ada = session.get_one::<User>(rows[0].id).await?;
    session[ada].email = "ada@example.org".into();
    let rename = || update::<User>().set(User::nickname, "new");
    let mut written = rename().all_rows().returning().track(&mut session).await?;
    written.sort_by_key(|&user| session[user].id);
    assert_eq!((written.len(), written[0]), (3, ada));
    assert_eq!((&*session[ada].email, session[ada].nickname.as_deref()), ("ada@example.org", Some("new")));
    // They are fresh: a change of them is not compared with anything.
    for &user in &written {
        session[user].nickname.as_mut().expect("set").push('!');
    }
    session.commit().await?;
    assert_eq!(User::select().filter(User::nickname.eq("new!")).count(&engine).await?, 3);

    let of = |id| rename().filter(User::id.eq(id)).returning();
    assert_eq!(of(rows[0].id).track_one(&mut session).await?, ada);
    assert_eq!(of(999).track_optional(&mut session).await?, None);
    assert_eq!(of(999).track_one(&mut session).await.unwrap_err().kind(), ErrorKind::NotFound);
    session.rollback().await?;
    let error = delete::<User>().all_rows().returning().track(&mut session).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("users")), "{error}");
    assert_eq!(User::select().count(&mut session).await?, 3);
    Ok(())
}

#[creole::test]
async fn what_an_insert_returns(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    let ada = insert(&user("ada")).returning().track(&mut session).await?;
    assert!(session[ada].id > 0);
    let others = insert_all(&["bob", "cleo"].map(user)).returning().track(&mut session).await?;
    assert_eq!(others.iter().map(|&user| &*session[user].email).collect::<Vec<_>>(), ["bob", "cleo"]);
    assert_eq!(insert_all::<User>(&[]).returning().track(&mut session).await?, []);
    assert_eq!(User::select().order_by(User::id).track(&mut session).await?, [ada, others[0], others[1]]);
    session[others[1]].nickname = Some("C".into());
    session.commit().await?;
    assert_eq!(User::select().filter(User::nickname.eq("C")).count(&engine).await?, 1);

    // What was inserted goes with the transaction.
    let dora = insert(&user("dora")).returning().track(&mut session).await?;
    session.rollback().await?;
    assert_eq!(session.try_get(dora).unwrap_err().kind(), ErrorKind::Detached);
    Ok(())
}

#[creole::test]
async fn what_a_text_yields(engine: Engine) -> creole::Result<()> {
    let rows = users(&engine).await?;
    let mut session = engine.session();
    let ada = session.get_one::<User>(rows[0].id).await?;
    session[ada].nickname = Some("Countess".into());
    let text = || sql!("select * from users where id < {100} order by id").models::<User>();
    let all = text().track(&mut session).await?;
    assert_eq!((all.len(), all[0], session[ada].nickname.as_deref()), (3, ada, Some("Countess")));
    assert_eq!(text().track_first(&mut session).await?, Some(ada));
    assert_eq!(text().track_optional(&mut session).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    let bob = sql!("select * from users where email = {\"bob\"}").models::<User>().track_one(&mut session).await?;
    assert_eq!(bob, all[1]);
    let nobody = || sql!("select * from users where 1 = 0").models::<User>();
    assert_eq!(nobody().track_optional(&mut session).await?, None);
    let error = nobody().track_one(&mut session).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));

    // A text that writes makes everything stale, and what it returns is read anew.
    if engine.dialect().name() != "mysql" && engine.dialect().name() != "mariadb" {
        let text = sql!("update users set nickname = {\"text\"} where id = {rows[0].id} returning *");
        assert_eq!(text.models::<User>().track_one(&mut session).await?, ada);
        assert_eq!(session[ada].nickname.as_deref(), Some("text"));
        session[ada].nickname = None;
        session.commit().await?;
        assert_eq!(User::find(rows[0].id, &engine).await?.expect("there").nickname, None);
    }
    Ok(())
}
