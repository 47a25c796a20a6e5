//! Text and names that a program has from elsewhere, and texts that a server can't prepare.

use creole::prelude::*;
use creole::query::{Ident, Raw};

use crate::health::healthy;
use crate::models::{User, user};

/// Names that would be something else, were they not quoted.
const HOSTILE: [&str; 12] = [
    "a b",
    "\"; drop table users; --",
    "`; drop table users; --",
    "'; drop table users; --",
    "users\" where 1=1 --",
    "]; drop table users",
    "\\",
    "$1 ?1 ? :a {x} {{",
    "a.b",
    "/* */",
    "select",
    "N\u{e4}me",
];

#[creole::test]
async fn a_name_in_braces_is_a_name_whatever_it_holds(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    for name in HOSTILE {
        let (table, column) = (Ident::new(name), Ident::new(format!("c{name}")));
        sql!("create table {table} ({column} int)").exec(&engine).await?;
        let value = 7_i64;
        assert_eq!(sql!("insert into {table} ({column}) values ({value})").exec(&engine).await?, 1, "{name}");
        let found = sql!("select {column} from {table} where {table}.{column} = {value}");
        assert_eq!(found.scalars::<i32>().all(&engine).await?, [7], "{name}");
        sql!("drop table {table}").exec(&engine).await?;
        assert_eq!(User::select().count(&engine).await?, 1, "{name}");
    }
    for name in ["", "a\0b", "a ", "\u{1f980}", &"x".repeat(64)] {
        let error = sql!("select 1 from {Ident::new(name)}").scalars::<i32>().all(&engine).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Limit), "{error}");
        assert_eq!(error.code(), None, "refused before it is sent: {error}");
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_schema_stands_before_a_name(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let schema = match engine.dialect().name() {
        "sqlite" => "main".to_owned(),
        "postgres" => "public".to_owned(),
        _ => sql!("select database()").scalars::<String>().one(&engine).await?,
    };
    let users = Ident::new("users").in_schema(&schema);
    assert_eq!(sql!("select email from {users}").scalars::<String>().one(&engine).await?, "ada");
    let error = sql!("select email from {Ident::new(\"users\").in_schema(\"\")}").exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    Ok(())
}

#[creole::test]
async fn a_trusted_text_has_its_values_bound(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    for email in ["ada", "bob", "it's"] {
        insert(&user(email)).exec(&engine).await?;
    }
    let (from_file, email) = (String::from("select id from users where email <> '{x}' and "), "it's");
    let found = Raw::trusted(from_file.clone()).text("email = ").part(&email).scalars::<i64>().all(&engine).await?;
    assert_eq!(found, [3]);
    let condition = Raw::trusted("email like '%o%'");
    let found = sql!("select id from users where {condition} and id < {9}").scalars::<i64>().all(&engine).await?;
    assert_eq!(found, [2]);
    let found = User::select().filter(Raw::trusted("email = 'ada'").expr::<bool>()).all(&engine).await?;
    assert_eq!(found.len(), 1);
    // It is still one statement, and none that controls transactions.
    let error = Raw::trusted(String::from("delete from users; delete from users")).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    let error = Raw::trusted(String::from("commit")).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(User::select().count(&engine).await?, 3);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn what_a_server_can_not_prepare_runs_all_the_same(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    match engine.dialect().name() {
        "postgres" => {
            sql!("create function numbered() returns trigger language plpgsql as $$ begin new.nickname = 'by a trigger'; return new; end $$")
                .exec(&engine)
                .await?;
            sql!("create trigger numbered before insert on users for each row execute function numbered()")
                .exec(&engine)
                .await?;
        }
        "sqlite" => {
            sql!("create trigger numbered after insert on users begin update users set nickname = 'by a trigger' where id = new.id; select 1; end")
                .exec(&engine)
                .await?;
        }
        _ => {
            sql!("create trigger numbered before insert on users for each row begin set new.nickname = 'by a trigger'; set @a = 1; end")
                .exec(&engine)
                .await?;
            sql!("create function twice(a int) returns int deterministic begin declare b int; set b = a * 2; return b; end")
                .exec(&engine)
                .await?;
            assert_eq!(sql!("select twice({4})").scalars::<i32>().one(&engine).await?, 8);
            sql!("create procedure empties() begin delete from users; end").exec(&engine).await?;
            sql!("create event later on schedule at current_timestamp + interval 1 day do delete from users")
                .exec(&engine)
                .await?;
        }
    }
    insert(&user("ada")).exec(&engine).await?;
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("by a trigger"));

    // One statement, however it is sent.
    for text in [
        sql!("drop trigger numbered; drop table users"),
        sql!("create trigger more before insert on users for each row set new.nickname = 'x'; drop table users"),
        sql!("create procedure more() begin delete from users; end; drop table users"),
    ] {
        let error = text.exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    }
    assert_eq!(User::select().count(&engine).await?, 1);
    if engine.dialect().name() == "mysql" {
        let error = sql!("create trigger more before insert on users for each row set new.nickname = {\"x\"}")
            .exec(&engine)
            .await
            .unwrap_err();
        assert!(error.kind() == ErrorKind::Unsupported || error.kind() == ErrorKind::Syntax, "{error}");
        // Within a transaction it would commit.
        let error = engine.transaction(async |tx| sql!("drop trigger numbered").exec(tx).await).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
    healthy(&engine).await;
    Ok(())
}
