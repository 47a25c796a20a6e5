//! What raw text does to the transaction and to the connection that it runs on: neither is told of afterwards, and neither
//! may reach anybody else.

use creole::prelude::*;
use creole::query::{Raw as Text, func, val};

use crate::health::healthy;
use crate::models::{User, user};
use crate::raw::Raw;

fn is_mysql_like(engine: &Engine) -> bool {
    matches!(engine.dialect().name(), "mysql" | "mariadb")
}

async fn users(engine: &Engine) -> creole::Result<u64> {
    User::select().count(engine).await
}

/// Statements that a server may commit by itself. All are about tables that are there.
fn committing() -> Vec<Text> {
    vec![
        sql!("create table extra (a int)"),
        sql!("/* a */ alter table users add column extra int"),
        sql!("truncate table users"),
        sql!("-- a\ncreate index extra on users (nickname)"),
        sql!("rename table users to others"),
        sql!("analyze table users"),
        sql!("optimize table users"),
        sql!("check table users"),
        sql!("flush tables"),
        sql!("grant select on users to root"),
        sql!("create user extra"),
        sql!("load index into cache users"),
        sql!("drop table users"),
        sql!("set password = 'x'"),
        sql!("/*!50000 drop table users */"),
    ]
}

#[creole::test]
async fn what_commits_by_itself_is_refused_in_a_transaction(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    if !is_mysql_like(&engine) {
        // Part of the transaction, as any other statement.
        let mut session = engine.session();
        insert(&user("ada")).exec(&mut session).await?;
        sql!("create table extra (a int)").exec(&mut session).await?;
        session.rollback().await?;
        assert_eq!(users(&engine).await?, 0);
        assert_eq!(sql!("select * from extra").exec(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
        return Ok(());
    }
    for text in committing() {
        let mut session = engine.session();
        insert(&user("ada")).exec(&mut session).await?;
        let error = text.clone().exec(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{text:?}: {error}");
        assert!(error.to_string().contains("on the engine"), "{error}");
        let error = text.clone().scalars::<i64>().all(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{text:?}: {error}");
        let error = text.clone().scalars::<i64>().stream(&mut session).try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{text:?}: {error}");
        // Nothing was sent, so the transaction goes on; within a savepoint too.
        let inner = text.clone();
        let undone: creole::Result<()> = session
            .savepoint(async |session| {
                insert(&user("bob")).exec(&mut *session).await?;
                inner.exec(&mut *session).await.map(|_| ())
            })
            .await;
        assert_eq!(undone.unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(User::select().count(&mut session).await?, 1);
        session.rollback().await?;
        assert_eq!(users(&engine).await?, 0, "{text:?}");
    }
    // One that only reads as well.
    let text = sql!("create table extra (a int)");
    let result = engine.transaction_with(TxOptions::new().read_only(), async |tx| text.exec(tx).await).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Unsupported);
    // Outside of a transaction there is nothing to commit.
    sql!("create table extra (a int)").exec(&engine).await?;
    sql!("truncate table extra").exec(&engine).await?;
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn temporary_tables_are_part_of_a_session(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    insert(&user("ada")).exec(&mut session).await?;
    sql!("create temporary table extra (a int)").exec(&mut session).await?;
    sql!("insert into extra values (1)").exec(&mut session).await?;
    assert_eq!(sql!("select count(*) from extra").scalars::<i64>().one(&mut session).await?, 1);
    if is_mysql_like(&engine) {
        sql!("drop temporary table extra").exec(&mut session).await?;
        sql!("create temporary table extra (a int)").exec(&mut session).await?;
    }
    session.rollback().await?;
    assert_eq!(users(&engine).await?, 0);
    for _ in 0..12 {
        assert_eq!(
            sql!("insert into extra values (1)").exec(&engine).await.unwrap_err().kind(),
            ErrorKind::UndefinedTable
        );
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_procedure_that_ends_the_transaction_is_found_out(engine: Engine) -> creole::Result<()> {
    if !is_mysql_like(&engine) {
        return Ok(());
    }
    engine.create_all(tables![User]).await?;
    let mut past = Raw::open(&creole::testing::url()).await?;
    for (name, body) in [
        ("harmless", "set @a = 1"),
        ("commits", "commit"),
        ("begins_anew", "commit; start transaction"),
        ("rolls_back", "rollback"),
        ("creates", "create table if not exists extra (a int)"),
        ("commits_and_fails", "commit; signal sqlstate '45000' set message_text = 'no'"),
        ("fails", "signal sqlstate '45000' set message_text = 'no'"),
        ("turns_it_off", "set autocommit = 0; commit"),
    ] {
        past.run(&format!("create procedure {name}() begin {body}; end")).await?;
    }
    let mut session = engine.session();
    insert(&user("ada")).exec(&mut session).await?;
    sql!("call harmless()").exec(&mut session).await?;
    session.rollback().await?;
    assert_eq!(users(&engine).await?, 0);

    for (text, kept) in [
        (sql!("call commits()"), 1),
        (sql!("call begins_anew()"), 1),
        (sql!("call rolls_back()"), 0),
        (sql!("call creates()"), 1),
        (sql!("call commits_and_fails()"), 1),
        (sql!("call turns_it_off()"), 1),
    ] {
        let mut session = engine.session();
        insert(&user("ada")).exec(&mut session).await?;
        let error = text.clone().exec(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{text:?}: {error}");
        assert!(error.to_string().contains("ended the transaction"), "{error}");
        let error = User::select().count(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
        assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
        session.rollback().await?;
        assert_eq!(users(&engine).await?, kept, "{text:?}");

        let result = engine
            .transaction(async |tx| {
                insert(&user("bob")).exec(&mut *tx).await?;
                tx.savepoint(async |tx| text.scalars::<i64>().all(tx).await).await
            })
            .await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::TransactionAborted);
        delete::<User>().all_rows().exec(&engine).await?;
    }

    // What fails and ends nothing is an error like any other.
    let mut session = engine.session();
    insert(&user("ada")).exec(&mut session).await?;
    let error = sql!("call fails()").exec(&mut session).await.unwrap_err();
    assert_eq!(error.code(), Some("1644"), "{error}");
    session.rollback().await?;
    assert_eq!(users(&engine).await?, 0);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_transaction_left_open_by_a_procedure_takes_nobody_elses_work(engine: Engine) -> creole::Result<()> {
    if !is_mysql_like(&engine) {
        return Ok(());
    }
    engine.create_all(tables![User]).await?;
    let mut past = Raw::open(&creole::testing::url()).await?;
    past.run("create procedure opens() begin start transaction; end").await?;
    past.run("create procedure turns_it_off() begin set autocommit = 0; end").await?;
    for (number, text) in
        [sql!("call opens()"), sql!("call turns_it_off()"), sql!("set completion_type = 1")].into_iter().enumerate()
    {
        text.exec(&engine).await?;
        for turn in 0..12 {
            insert(&user(&format!("{number}-{turn}"))).exec(&engine).await?;
        }
        // Read on another connection, so that what is not committed is not seen.
        assert_eq!(past.number("select count(*) from users").await?, 12 * (number as i64 + 1));
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn settings_and_locks_do_not_reach_others(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let (change, look) = match engine.dialect().name() {
        "sqlite" => (
            sql!("pragma foreign_keys = off"),
            // With a word in it that may write, so that it is asked of the connection that does.
            sql!("with a as (select replace('', '', '')) select foreign_keys = 1 from pragma_foreign_keys"),
        ),
        "postgres" => (sql!("set time zone '+05:00'"), sql!("select current_setting('TimeZone') not like '%05%'")),
        _ => (sql!("set sql_mode = ''"), sql!("select @@sql_mode <> ''")),
    };
    change.clone().exec(&engine).await?;
    for _ in 0..12 {
        assert!(look.clone().scalars::<bool>().one(&engine).await?);
    }
    // A session keeps it as long as it has its connection.
    let mut session = engine.session();
    insert(&user("ada")).exec(&mut session).await?;
    change.exec(&mut session).await?;
    if engine.dialect().name() != "sqlite" {
        // SQLite does not change this one within a transaction.
        assert!(!look.clone().scalars::<bool>().one(&mut session).await?);
    }
    session.commit().await?;
    for _ in 0..12 {
        assert!(look.clone().scalars::<bool>().one(&engine).await?);
    }
    healthy(&engine).await;
    Ok(())
}

/// A lock that belongs to the connection is taken by SELECT, by a whole text as by a part of one.
#[creole::test]
async fn a_lock_taken_by_select_is_let_go(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let is_postgres = engine.dialect().name() == "postgres";
    let own = sql!("select current_database()");
    let database = match is_postgres {
        true => own.scalars::<String>().one(&engine).await?,
        false => sql!("select database()").scalars::<String>().one(&engine).await?,
    };
    let is_free = async || -> creole::Result<bool> {
        let held = match is_postgres {
            true => sql!(
                "select count(*) from pg_locks l join pg_database d on d.oid = l.database \
                 where l.locktype = 'advisory' and l.objid = 77 and d.datname = {database}"
            ),
            false => sql!("select count(is_used_lock({database}))"),
        };
        Ok(held.scalars::<i64>().one(&engine).await? == 0)
    };
    let fragment = || match is_postgres {
        true => sql!("pg_try_advisory_lock(77)").expr::<bool>(),
        false => sql!("get_lock({database}, 0) = 1").expr::<bool>(),
    };
    let called = || match is_postgres {
        true => func::<bool>("pg_try_advisory_lock", (val(77_i64),)),
        false => func::<i64>("get_lock", (val(database.clone()), val(0_i64))).eq(1),
    };
    let whole = || match is_postgres {
        true => sql!("select pg_try_advisory_lock(77)").scalars::<bool>(),
        false => sql!("select get_lock({database}, 0) = 1").scalars::<bool>(),
    };
    for way in 0..5 {
        let mut session = engine.session();
        let taken = match way {
            0 => whole().one(&engine).await?,
            1 => select(fragment()).one(&engine).await?,
            2 => select(called()).one(&engine).await?,
            3 => User::select().filter(fragment()).stream(&engine).try_next().await?.is_some(),
            _ => {
                let taken = whole().one(&mut session).await?;
                assert!(!is_free().await?, "the session holds it as long as it has its connection");
                taken
            }
        };
        assert!(taken, "{way}");
        session.commit().await?;
        let mut looks = 0;
        // The connection is closed in the background.
        while !is_free().await? {
            looks += 1;
            assert!(looks < 4_000, "{way}: the lock stays on a connection of the pool");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    healthy(&engine).await;
    Ok(())
}
