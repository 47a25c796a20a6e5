//! Reading without writing what is pending first.

use creole::prelude::*;

use crate::lab::Lab;
use crate::models::{Stock, User, user};

async fn three(engine: &Engine) -> creole::Result<Vec<User>> {
    engine.create_all(tables![User]).await?;
    insert_all(&["ada", "bob", "cleo"].map(user)).returning().all(engine).await
}

#[creole::test]
async fn reads_write_nothing_and_what_writes_does(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    let rows = three(&engine).await?;
    let mut session = engine.session();
    let ada = session.get_one::<User>(rows[0].id).await?;
    session[ada].nickname = Some("Countess".into());
    session.add(user("dan"));
    sent.verbs();
    {
        let mut quiet = session.no_autoflush();
        assert_eq!(User::select().count(&mut *quiet).await?, 3);
        assert!(!User::select().filter(User::nickname.eq("Countess")).exists(&mut *quiet).await?);
        assert_eq!(sql!("select count(*) from users").scalars::<i64>().one(&mut *quiet).await?, 3);
        quiet.get_one::<User>(rows[1].id).await?;
        quiet.get_many::<User>([rows[1].id, rows[2].id]).await?;
        let mut stream = User::select().stream(&mut *quiet);
        while let Some(row) = stream.next().await {
            row?;
        }
        drop(stream);
        let tracked = User::select().order_by(User::id).track(&mut quiet).await?;
        assert_eq!((tracked.len(), tracked[0]), (3, ada));
        // Nested, and the outer one goes on.
        drop(quiet.no_autoflush());
        assert_eq!(User::select().count(&mut *quiet).await?, 3);
        assert_eq!(sent.verbs(), ["SELECT"; 8], "nothing was written");
        assert_eq!(quiet[ada].nickname.as_deref(), Some("Countess"), "what was changed stays");

        // A statement that writes might be about the same rows.
        update::<User>().set(User::nickname, "all").all_rows().exec(&mut *quiet).await?;
        let verbs = sent.verbs();
        assert_eq!(verbs, ["INSERT", "UPDATE", "UPDATE"]);
        quiet.add(user("eve"));
        quiet.get_for_update::<User>(rows[0].id).await?;
        let verbs = sent.verbs();
        assert_eq!(verbs, ["INSERT", "SELECT"]);
        quiet.add(user("fay"));
        quiet
            .savepoint(async |quiet| {
                quiet.add(user("gus"));
                assert_eq!(User::select().count(&mut *quiet).await?, 6);
                Ok(())
            })
            .await?;
    }
    assert_eq!(User::select().count(&mut session).await?, 7);
    session.commit().await?;
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn what_is_deleted_or_renamed_is_one_entity_still(engine: Engine) -> creole::Result<()> {
    let rows = three(&engine).await?;
    let mut session = engine.session();
    let users = User::select().order_by(User::id).track(&mut session).await?;
    session.delete(users[0]);
    session[users[1]].id = 50;
    {
        let mut quiet = session.no_autoflush();
        assert_eq!(quiet.get::<User>(rows[0].id).await?, None, "deleted is gone at once");
        assert_eq!(User::select().filter(User::id.eq(rows[0].id)).track(&mut quiet).await?, []);
        let gone = User::select().filter(User::id.eq(rows[0].id)).track_one(&mut quiet).await.unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::NotFound);
        assert_eq!(quiet.get_many::<User>([rows[0].id]).await?, [None]);
        // The row has its key until the change is written, and is that entity's.
        assert_eq!(quiet.get::<User>(rows[1].id).await?, Some(users[1]));
        assert_eq!(User::select().order_by(User::id).track(&mut quiet).await?, [users[1], users[2]]);
        assert_eq!(quiet[users[1]].id, 50);
        // What is pending is no row; what is to be made once is made once.
        let dan = quiet.add(User { id: 60, ..user("dan") });
        assert_eq!(quiet.get::<User>(60).await?, None);
        assert_eq!(quiet.get_or(60, || User { id: 60, ..user("twin") }).await?, dan);
        assert_eq!(quiet.merge(User { id: 60, ..user("daniel") }).await?, dan);
    }
    session.commit().await?;
    let left = User::select().order_by(User::id).all(&engine).await?;
    let left: Vec<(i64, &str)> = left.iter().map(|user| (user.id, &*user.email)).collect();
    assert_eq!(left, [(rows[2].id, "cleo"), (50, "bob"), (60, "daniel")]);
    Ok(())
}

/// What is not written is not lost where its row is read, or found to be gone.
#[creole::test]
async fn a_change_is_not_lost_to_a_read(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    let stock = |item| Stock { warehouse: "north".into(), item, shelf: Some(item), amount: 5 };
    insert_all(&[1, 2, 3].map(stock)).exec(&engine).await?;
    let mut session = engine.session();
    let stocks = Stock::select().order_by(Stock::item).track(&mut session).await?;
    session.commit().await?; // All are stale.
    update::<Stock>().set(Stock::shelf, Stock::shelf + 10).all_rows().exec(&engine).await?;
    for &stock in &stocks {
        session[stock].amount = 6;
    }
    {
        let mut quiet = session.no_autoflush();
        Stock::select().track(&mut quiet).await?;
        assert_eq!(quiet.get::<Stock>(("north", 1)).await?, Some(stocks[0]));
        assert_eq!((quiet[stocks[0]].amount, quiet[stocks[0]].shelf), (6, Some(1)), "it waits for the flush");
    }
    session.flush().await?;
    assert_eq!((session[stocks[0]].amount, session[stocks[0]].shelf), (6, Some(11)));
    session.commit().await?;

    session[stocks[1]].amount = 7;
    delete::<Stock>().filter(Stock::item.eq(2)).exec(&engine).await?;
    assert_eq!(session.no_autoflush().get::<Stock>(("north", 2)).await?, None);
    assert_eq!(session[stocks[1]].amount, 7);
    assert_eq!(session.no_autoflush().get_many::<Stock>([("north", 2)]).await?, [None]);
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;

    // The same column: the flush says so.
    session.refresh(stocks[2]).await?;
    session.commit().await?;
    update::<Stock>().set(Stock::amount, 9).all_rows().exec(&engine).await?;
    session[stocks[2]].amount = 8;
    assert_eq!(Stock::select().count(&mut *session.no_autoflush()).await?, 2);
    Stock::select().track(&mut session.no_autoflush()).await?;
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;
    Ok(())
}
