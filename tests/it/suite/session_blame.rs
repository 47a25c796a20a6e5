//! Which entity a flush has failed with.

use creole::prelude::*;

use crate::models::{Order, Stock, User, user};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "parts", unique(shelf, label), check(amount_not_negative = Part::amount.ge(0)))]
struct Part {
    #[model(primary_key)]
    id: Uuid,
    shelf: i64,
    #[model(length = 20)]
    label: String,
    amount: i64,
}

fn part(shelf: i64, label: &str) -> Part {
    Part { id: Uuid::now_v7(), shelf, label: label.into(), amount: 1 }
}

#[creole::test]
async fn the_one_of_many_that_is_there_already(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Part]).await?;
    insert(&user("x7")).exec(&engine).await?;
    insert_all(&[part(1, "a, b"), part(2, "a")]).exec(&engine).await?;
    for place in [0, 3, 9] {
        let mut session = engine.session();
        let users = session.add_all((0..10).map(|n| user(&if n == place { "x7".into() } else { format!("u{n}") })));
        let error = session.flush().await.unwrap_err();
        assert!(error.is_unique(User::email), "{error}");
        assert_eq!((error.entity(), error.row()), (Some(users[place]), None), "{error}");
        assert_eq!(error.entity::<Part>(), None, "not of this model");
    }

    // Two of them have one key: the later one is it.
    let mut session = engine.session();
    let users = session.add_all(["a", "b", "a", "c"].map(user));
    assert_eq!(session.flush().await.unwrap_err().entity(), Some(users[2]));
    session.rollback().await?;

    // A key of several columns, and the primary key.
    let parts = session.add_all([part(1, "a"), part(2, "a, b"), part(1, "a, b"), part(3, "a")]);
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::UniqueViolation, Some(parts[2])), "{error}");
    session.rollback().await?;
    let known = Part::select().filter(Part::shelf.eq(2)).one(&engine).await?;
    let parts = session.add_all([part(7, "a"), Part { id: known.id, ..part(7, "b") }, part(7, "c")]);
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::UniqueViolation, Some(parts[1])), "{error}");
    session.rollback().await?;

    // The session is whole after it.
    session.add_all([part(8, "a"), part(8, "b")]);
    session.commit().await?;
    assert_eq!(Part::select().count(&engine).await?, 4);
    Ok(())
}

#[creole::test]
async fn the_one_of_many_that_is_changed_or_deleted(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Part]).await?;
    insert_all(&[1, 2, 3, 4, 5].map(|n| user(&format!("u{n}")))).exec(&engine).await?;
    insert(&user("taken")).exec(&engine).await?;
    let mut session = engine.session();
    let users = User::select().filter(User::email.ne("taken")).order_by(User::id).track(&mut session).await?;
    for (n, &user) in users.iter().enumerate() {
        session[user].email = if n == 3 { "taken".into() } else { format!("new{n}") };
    }
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::UniqueViolation, Some(users[3])), "{error}");
    session.rollback().await?;

    // One alone.
    session[users[0]].email = "taken".into();
    assert_eq!(session.flush().await.unwrap_err().entity(), Some(users[0]));
    session.rollback().await?;

    // A row that is gone, among others and alone.
    User::select().track(&mut session).await?;
    delete::<User>().filter(User::email.eq("u3")).exec(&engine).await?;
    for &user in &users {
        session[user].nickname = Some("new".into());
    }
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::StaleVersion, Some(users[2])), "{error}");
    session.rollback().await?;
    session[users[2]].nickname = Some("new".into());
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::StaleVersion, Some(users[2])), "{error}");
    session.rollback().await?;

    // What others have changed.
    session.refresh(users[1]).await?;
    session.commit().await?;
    update::<User>().set(User::nickname, "theirs").all_rows().exec(&engine).await?;
    session[users[0]].email = "ours".into();
    session[users[1]].nickname = Some("ours".into());
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::StaleVersion, Some(users[1])), "{error}");
    session.rollback().await?;
    Ok(())
}

#[creole::test]
async fn references_and_values(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "rooms")]
    struct Room {
        #[model(primary_key)]
        id: i64,
        #[model(length = 5)]
        name: String,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "desks")]
    struct Desk {
        #[model(primary_key)]
        id: i64,
        #[model(references = Room::id)]
        room: i64,
    }
    engine.create_all(tables![Room, Desk, Part, Stock]).await?;
    insert_all(&[1, 2, 3].map(|id| Room { id, name: "room".into() })).exec(&engine).await?;
    insert(&Desk { id: 1, room: 2 }).exec(&engine).await?;
    let mut session = engine.session();
    let desks = session.add_all([(2, 1), (3, 99), (4, 1)].map(|(id, room)| Desk { id, room }));
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::ForeignKeyViolation, Some(desks[1])), "{error}");
    session.rollback().await?;

    let rooms = Room::select().order_by(Room::id).track(&mut session).await?;
    rooms.iter().for_each(|&room| session.delete(room));
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::ForeignKeyViolation, Some(rooms[1])), "{error}");
    session.rollback().await?;

    // What is refused before it is sent.
    let rooms =
        session.add_all([(5, "small"), (6, "too long"), (7, "small")].map(|(id, name)| Room { id, name: name.into() }));
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::InvalidValue, Some(rooms[1])), "{error}");
    session.rollback().await?;

    // PostgreSQL names no key where a check fails, but the check.
    let parts = session.add_all([part(1, "a"), Part { amount: -1, ..part(1, "b") }, part(1, "c")]);
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::CheckViolation, Some(parts[1])), "{error}");
    session.rollback().await?;

    // A savepoint takes the error with it, and the session goes on.
    let stock = |item| Stock { warehouse: "north".into(), item, shelf: None, amount: 1 };
    insert(&stock(2)).exec(&engine).await?;
    let mut added = Vec::new();
    let error = session
        .savepoint(async |session| {
            added = session.add_all([1, 2, 3].map(stock));
            Ok(())
        })
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::UniqueViolation, Some(added[1])), "{error}");
    session.add(stock(4));
    session.commit().await?;
    assert_eq!(Stock::select().count(&engine).await?, 2);
    Ok(())
}

/// Of rows that are written together by their versions.
#[creole::test]
async fn the_one_of_many_that_has_another_version(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "counted")]
    struct Counted {
        #[model(primary_key)]
        id: i64,
        text: String,
        #[model(version)]
        version: i64,
    }
    engine.create_all(tables![Counted]).await?;
    insert_all(&[1, 2, 3, 4].map(|id| Counted { id, text: "old".into(), version: 0 })).exec(&engine).await?;
    for (times, gone) in [(1, false), (2, false), (0, true)] {
        let mut session = engine.session();
        let rows = Counted::select().order_by(Counted::id).track(&mut session).await?;
        let third = session[rows[2]].clone();
        let others = || update::<Counted>().set(Counted::text, "theirs").filter(Counted::id.eq(3));
        for _ in 0..times {
            others().exec(&engine).await?;
        }
        if gone {
            delete::<Counted>().filter(Counted::id.eq(3)).exec(&engine).await?;
        }
        for &row in &rows {
            session[row].text = format!("ours {times}");
        }
        let error = session.flush().await.unwrap_err();
        assert_eq!((error.kind(), error.entity()), (ErrorKind::StaleVersion, Some(rows[2])), "{times}: {error}");
        session.rollback().await?;

        // A copy of another time is told too.
        if gone {
            continue;
        }
        let copy = session.merge(Counted { text: "copied".into(), ..third }).await?;
        let error = session.flush().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StaleVersion, "{error}");
        session.rollback().await?;
        session.evict(copy)?;
    }
    Ok(())
}

#[creole::test]
async fn the_one_of_many_that_breaks_a_check(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Part]).await?;
    let mut session = engine.session();
    let parts =
        session.add_all((0..10).map(|shelf| Part { amount: if shelf == 7 { -1 } else { 1 }, ..part(shelf, "a") }));
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::CheckViolation, Some(parts[7])), "{error}");
    session.rollback().await?;
    let parts = session.add_all((0..10).map(|shelf| part(shelf, "a")));
    session.commit().await?;
    for (amount, &part) in (0..).zip(&parts) {
        session[part].amount = if amount == 4 { -5 } else { amount };
    }
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::CheckViolation, Some(parts[4])), "{error}");
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "accounts")]
struct Account {
    #[model(primary_key)]
    id: i64,
    balance: i64,
    #[model(version)]
    version: i32,
}

#[creole::test]
async fn the_one_that_was_given_another_version(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    insert_all(&[1, 2, 3].map(|id| Account { id, balance: 1, version: 0 })).exec(&engine).await?;
    let mut session = engine.session();
    let accounts = Account::select().order_by(Account::id).track(&mut session).await?;
    accounts.iter().for_each(|&account| session[account].balance += 1);
    session[accounts[1]].version = 7;
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::StaleVersion, Some(accounts[1])), "{error}");
    Ok(())
}
