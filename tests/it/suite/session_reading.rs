//! How a session comes by entities: by one key, by many, under a lock, without reading, and how it lets them go.

use creole::prelude::*;

use crate::lab::Lab;
use crate::models::{Node, Stock, User, user};

const NAMES: [&str; 5] = ["ada", "bob", "cleo", "dora", "eve"];

/// Five users, numbered from 1.
async fn five(engine: &Engine) -> creole::Result<Vec<User>> {
    engine.create_all(tables![User]).await?;
    insert_all(&NAMES.map(user)).returning().all(engine).await
}

#[creole::test]
async fn many_are_read_by_one_statement_in_the_order_of_the_keys(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    let rows = five(&engine).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut session = engine.session();
    let bob = session.get_one::<User>(ids[1]).await?;
    session[bob].nickname = Some("Bobby".into());
    sent.verbs();

    let found = session.get_many::<User>([ids[4], ids[1], 999, ids[0], ids[4]]).await?;
    // What was changed is written first, as before every read.
    assert_eq!(sent.verbs(), ["UPDATE", "SELECT"]);
    let names = found.iter().map(|found| found.map(|user| session[user].email.clone()));
    let names: Vec<Option<String>> = names.collect();
    let expected = [Some("eve"), Some("bob"), None, Some("ada"), Some("eve")];
    assert_eq!(names, expected.map(|name| name.map(str::to_owned)));
    assert_eq!((found[1], found[0]), (Some(bob), found[4]));

    assert_eq!(session.get_many::<User>(&ids[..2]).await?, [found[3], Some(bob)]);
    assert_eq!(session.get_many::<User>(Vec::<i64>::new()).await?, []);
    assert_eq!(sent.verbs(), Vec::<String>::new(), "all of them are known");

    // Stale ones are read anew, those that are gone are found to be.
    session.commit().await?;
    update::<User>().set(User::nickname, "new").filter(User::id.eq(ids[1])).exec(&engine).await?;
    delete::<User>().filter(User::id.eq(ids[0])).exec(&engine).await?;
    assert_eq!(session.get_many::<User>([ids[0], ids[1]]).await?, [None, Some(bob)]);
    assert_eq!(session[bob].nickname.as_deref(), Some("new"));
    let ada = found[3].expect("she was there");
    assert_eq!(session.try_get(ada).unwrap_err().kind(), ErrorKind::Detached);

    // What is to be deleted is gone, what is pending is there.
    session.delete(bob);
    let dan = session.add(User { id: 77, ..user("dan") });
    assert_eq!(session.get_many::<User>([ids[1], 77]).await?, [None, Some(dan)]);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn many_keys_of_several_columns(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    let stock = |item| Stock { warehouse: "north".into(), item, shelf: Some(item), amount: item.into() };
    let rows: Vec<Stock> = (0..3_000).map(stock).collect();
    insert_all(&rows).exec(&engine).await?;
    let mut session = engine.session();
    let found = session.get_many::<Stock>((0..3_001).rev().map(|item| ("north", item))).await?;
    assert_eq!(found.len(), 3_001);
    assert_eq!(found[0], None);
    for (place, item) in (0..3_000).rev().enumerate() {
        assert_eq!(session[found[place + 1].expect("there")].amount, i64::from(item));
    }
    Ok(())
}

#[creole::test]
async fn a_key_in_other_letters_is_among_many(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug)]
    #[model(table = "words")]
    struct Word {
        #[model(primary_key, length = 20, case_insensitive)]
        word: String,
        count: i64,
    }
    engine.create_all(tables![Word]).await?;
    insert_all(&["Straße", "ada", "Bob"].map(|word| Word { word: word.into(), count: 1 })).exec(&engine).await?;
    let mut session = engine.session();
    let found = session.get_many::<Word>(["ADA", "bob", "nobody"]).await?;
    let words: Vec<Option<&str>> = found.iter().map(|word| word.map(|word| &*session[word].word)).collect();
    assert_eq!(words, [Some("ada"), Some("Bob"), None]);
    assert_eq!(session.get_many::<Word>(["Ada"]).await?, [found[0]]);
    Ok(())
}

#[creole::test]
async fn one_that_must_be_there_and_one_that_is_made(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    engine.create_all(tables![Stock]).await?;
    let mut session = engine.session();
    let ada = session.get_one::<User>(rows[0].id).await?;
    assert_eq!(session[ada], rows[0]);
    let error = session.get_one::<User>(999).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));

    let make = |item, amount| move || Stock { warehouse: "north".into(), item, shelf: None, amount };
    let made = session.get_or(("north", 1), make(1, 5)).await?;
    assert_eq!(session.pending::<Stock>(), [made]);
    assert_eq!(session.get_or(("north", 1), make(1, 6)).await?, made, "it was added before");
    assert_eq!(session[made].amount, 5);
    let error = session.get_or(("north", 2), make(3, 5)).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("stock")));
    assert_eq!(error.columns().collect::<Vec<_>>(), ["warehouse", "item"]);
    let error = session.get_or(999, || user("numbered by the database")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    session.commit().await?;
    assert_eq!(Stock::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_locked_entity_is_what_others_have_committed(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    for way in 0..2 {
        update::<User>().set(User::nickname, "old").all_rows().exec(&engine).await?;
        let mut session = engine.session();
        let ada = session.get_one::<User>(rows[0].id).await?;
        let bob = session.get_one::<User>(rows[1].id).await?;
        // PostgreSQL and the others read what is committed; on SQLite the session has read outside of a transaction.
        update::<User>().set(User::nickname, "new").all_rows().exec(&engine).await?;
        assert_eq!(session.get_one::<User>(rows[0].id).await?, ada);
        assert_eq!(session[ada].nickname.as_deref(), Some("old"), "the session knows it, and reads nothing");
        match way {
            0 => assert_eq!(session.get_for_update::<User>(rows[0].id).await?, Some(ada)),
            _ => session.refresh_with_lock(ada).await?,
        }
        assert_eq!(session[ada].nickname.as_deref(), Some("new"), "way {way}");
        session[ada].nickname.as_mut().expect("set").push('!');
        // The other row has become visible too, so it is stale: what was not read is not overwritten.
        assert_eq!(session[bob].nickname.as_deref(), Some("old"));
        session.commit().await?;
        let read = User::find(rows[0].id, &engine).await?.expect("there");
        assert_eq!(read.nickname.as_deref(), Some("new!"));
    }
    Ok(())
}

#[creole::test]
async fn a_lock_is_waited_for_and_rows_that_are_gone_have_none(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    let id = rows[0].id;
    let mut session = engine.session();
    assert_eq!(session.get_for_update::<User>(999).await?, None);
    let ada = session.get_for_update::<User>(id).await?.expect("there");
    let rival = {
        let engine = engine.clone();
        tokio::spawn(async move {
            let mut session = engine.session();
            let ada = session.get_for_update::<User>(id).await?.expect("there");
            session[ada].nickname.as_mut().expect("the first has set it").push('2');
            session.commit().await
        })
    };
    session[ada].nickname = Some("1".into());
    session.commit().await?;
    rival.await.expect("no panic")?;
    assert_eq!(User::find(id, &engine).await?.and_then(|user| user.nickname).as_deref(), Some("12"));

    delete::<User>().filter(User::id.eq(id)).exec(&engine).await?;
    let error = session.refresh_with_lock(ada).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    assert_eq!(session.try_get(ada).unwrap_err().kind(), ErrorKind::Detached);
    assert_eq!(session.get_for_update::<User>(id).await?, None);
    session.rollback().await?;

    let mut reading = engine.session_with(TxOptions::new().read_only());
    let error = reading.get_for_update::<User>(rows[1].id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    Ok(())
}

#[creole::test]
async fn an_attached_model_is_written_where_it_then_changes(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    let rows = five(&engine).await?;
    sent.verbs();
    let mut session = engine.session();
    let ada = session.attach(rows[0].clone())?;
    session.flush().await?;
    assert_eq!(sent.verbs(), Vec::<String>::new(), "nothing has changed, and nothing is read");

    // What it holds was read nobody knows when: it is compared with its row before it is written.
    session[ada].nickname = Some("Countess".into());
    session.commit().await?;
    assert_eq!(sent.verbs(), ["SELECT", "UPDATE"]);
    let read = User::find(rows[0].id, &engine).await?.expect("there");
    assert_eq!(read, session[ada]);

    // Another column has changed since: both are written. The same one: neither is.
    let bob = session.attach(rows[1].clone())?;
    update::<User>().set(User::email, "robert").filter(User::id.eq(rows[1].id)).exec(&engine).await?;
    session[bob].nickname = Some("Bobby".into());
    session.commit().await?;
    assert_eq!((&*session[bob].email, session[bob].nickname.as_deref()), ("robert", Some("Bobby")));
    let cleo = session.attach(rows[2].clone())?;
    update::<User>().set(User::nickname, "theirs").filter(User::id.eq(rows[2].id)).exec(&engine).await?;
    session[cleo].nickname = Some("ours".into());
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::StaleVersion, Some("nickname")));
    session.rollback().await?;

    // It is stale, so whoever asks for the row reads it.
    assert_eq!(session.get_one::<User>(rows[2].id).await?, cleo);
    assert_eq!(session[cleo].nickname.as_deref(), Some("theirs"));
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn what_can_not_be_attached(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    let mut session = engine.session();
    let error = session.attach(user("new")).unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("users")), "{error}");
    let ada = session.get_one::<User>(rows[0].id).await?;
    let refused = |session: &mut Session, row: &User| session.attach(row.clone()).unwrap_err().kind();
    assert_eq!(refused(&mut session, &rows[0]), ErrorKind::Unsupported);
    // Whatever has become of the entity's key in memory, the row is that entity's.
    session[ada].id = 500;
    assert_eq!(refused(&mut session, &rows[0]), ErrorKind::Unsupported);
    session[ada].id = rows[0].id;
    session.delete(ada);
    assert_eq!(refused(&mut session, &rows[0]), ErrorKind::Unsupported);
    session.flush().await?;

    // The row is gone. Attaching says that it is there, and the flush finds out.
    let ghost = session.attach(rows[0].clone())?;
    assert_eq!(session.get::<User>(rows[0].id).await?, None);
    assert_eq!(session.try_get(ghost).unwrap_err().kind(), ErrorKind::Detached);
    let ghost = session.attach(rows[0].clone())?;
    session[ghost].nickname = Some("boo".into());
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::StaleVersion, Some("users")), "{error}");
    session.rollback().await?;
    assert_eq!(session.get::<User>(rows[0].id).await?, Some(ada), "the rollback has brought it back");
    Ok(())
}

#[creole::test]
async fn added_together_is_inserted_together(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![User]).await?;
    sent.verbs();
    let mut session = engine.session();
    let users = session.add_all(NAMES.map(user));
    assert_eq!(session.add_all(Vec::<User>::new()), []);
    session.commit().await?;
    assert_eq!(sent.verbs(), ["INSERT"]);
    let ids: Vec<i64> = users.iter().map(|&user| session[user].id).collect();
    let emails: Vec<String> = select(User::email).order_by(User::id).all(&engine).await?;
    assert!(ids.is_sorted() && ids[0] > 0, "{ids:?}");
    assert_eq!(emails, NAMES);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn an_evicted_entity_is_read_again(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    let mut session = engine.session();
    let ada = session.get_one::<User>(rows[0].id).await?;
    session.evict(ada)?;
    assert_eq!(session.try_get(ada).unwrap_err().kind(), ErrorKind::Detached);
    let again = session.get_one::<User>(rows[0].id).await?;
    assert_ne!(again, ada, "a handle is never another entity's");

    // What is not written would be lost.
    session[again].nickname = Some("Countess".into());
    assert_eq!(session.evict(again).unwrap_err().kind(), ErrorKind::Unsupported);
    let dan = session.add(user("dan"));
    assert_eq!(session.evict(dan).unwrap_err().kind(), ErrorKind::Unsupported);
    session.flush().await?;
    session.evict(again)?;
    session.evict(dan)?;
    session.rollback().await?;
    let ada = session.get_one::<User>(rows[0].id).await?;
    assert_eq!((session[ada].nickname.clone(), User::select().count(&engine).await?), (None, 5));
    Ok(())
}

#[creole::test]
async fn trim_lets_go_what_has_nothing_to_be_written(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let users = User::select().order_by(User::id).track(&mut session).await?;
    let node = session.add(Node { name: "pending".into(), ..Default::default() });
    session[users[1]].nickname = Some("changed".into());
    session[users[2]].nickname = None; // As it was.
    session.delete(users[3]);
    assert_eq!(session.trim(), 3);
    let is_there = |session: &Session, user| session.try_get(user).is_ok();
    let there: Vec<bool> = users.iter().map(|&user| is_there(&session, user)).collect();
    assert_eq!(there, [false, true, false, false, false]);
    assert_eq!(session[node].name, "pending");
    assert_eq!(session.deleted::<User>(), [users[3]]);
    session.flush().await?;
    assert_eq!(session.trim(), 3, "the changed one, the new one, and the one that is deleted");
    assert_eq!(session.trim(), 0);
    session.commit().await?;
    let left = User::select().order_by(User::id).all(&engine).await?;
    assert_eq!(left.len(), 4);
    assert_eq!(left[1].nickname.as_deref(), Some("changed"));
    let bob = session.get_one::<User>(rows[1].id).await?;
    assert_eq!(session[bob], left[1]);
    Ok(())
}

#[creole::test]
async fn entities_of_one_model_are_made_stale(engine: Engine) -> creole::Result<()> {
    let rows = five(&engine).await?;
    engine.create_all(tables![Node]).await?;
    insert(&Node { name: "root".into(), ..Default::default() }).exec(&engine).await?;
    let mut session = engine.session();
    let ada = session.get_one::<User>(rows[0].id).await?;
    let node = Node::select().track_one(&mut session).await?;
    update::<User>().set(User::nickname, "new").all_rows().exec(&engine).await?;
    update::<Node>().set(Node::name, "new").all_rows().exec(&engine).await?;
    session.expire_all_of::<User>();
    User::select().track(&mut session).await?;
    Node::select().track(&mut session).await?;
    assert_eq!((session[ada].nickname.as_deref(), &*session[node].name), (Some("new"), "root"));
    session.expire_all();
    Node::select().track(&mut session).await?;
    assert_eq!(session[node].name, "new");
    Ok(())
}
