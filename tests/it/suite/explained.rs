//! What errors say, so that who reads them knows what to do: of foreign keys, of the statement, of its text.

use creole::error::BrokenReference;
use creole::prelude::*;

use crate::health::healthy;
use crate::models::{Order, User, user};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "teams", default, unique(code))]
struct Team {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20)]
    code: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "players", default)]
struct Player {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Team::id)]
    team_id: i64,
}

/// A name that messages with points and quotes do not delimit.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "odd.na`me", default)]
struct Odd {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 20)]
    email: String,
}

#[creole::test]
async fn a_foreign_key_says_which_end_is_wrong(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Team, Player]).await?;
    let team = insert(&Team { code: "a".into(), ..Default::default() }).returning().one(&engine).await?;
    let player = |team_id| Player { team_id, ..Default::default() };
    let placed = insert(&player(team.id)).returning().one(&engine).await?;
    let (missing, referred) = ("refers to a row that is not there", "is still referred to");
    for error in [
        insert(&player(77)).exec(&engine).await.unwrap_err(),
        insert_all(&[player(team.id), player(77)]).exec(&engine).await.unwrap_err(),
        update::<Player>().set(Player::team_id, 77).filter(Player::id.eq(placed.id)).exec(&engine).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
        assert_eq!(error.broken_reference(), Some(BrokenReference::Missing), "{error}");
        assert!(error.to_string().contains(missing) && !error.to_string().contains(referred), "{error}");
        assert_eq!(error.table(), Some("players"), "{error}");
    }
    let mut session = engine.session();
    let handle = session.get::<Team>(team.id).await?.unwrap();
    session.delete(handle);
    let flushed = session.flush().await.unwrap_err();
    session.rollback().await?;
    for error in [
        flushed,
        delete::<Team>().filter(Team::id.eq(team.id)).exec(&engine).await.unwrap_err(),
        delete_all(std::slice::from_ref(&team)).exec(&engine).await.unwrap_err(),
        update::<Team>().set(Team::id, 77).filter(Team::id.eq(team.id)).exec(&engine).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
        assert_eq!(error.broken_reference(), Some(BrokenReference::StillReferredTo), "{error}");
        assert!(error.to_string().contains(referred) && !error.to_string().contains(missing), "{error}");
        // The child's, or none: never the parent's.
        match engine.dialect().name() {
            "sqlite" => assert_eq!((error.table(), error.constraint()), (None, None), "{error}"),
            _ => assert_eq!((error.table(), error.constraint()), (Some("players"), Some("fk_players_team_id_teams"))),
        }
    }
    let error = sql!("insert into players (team_id) values (77)").exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_child_of_a_parent_without_a_number_says_to_flush(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Team, Player]).await?;
    let mut session = engine.session();
    let team = session.add(Team { code: "a".into(), ..Default::default() });
    let team_id = session[team].id;
    session.add(Player { team_id, ..Default::default() });
    let flushed = session.flush().await.unwrap_err();
    session.rollback().await?;
    let child = Player { team_id: 0, ..Default::default() };
    for error in [
        flushed,
        insert(&child).exec(&engine).await.unwrap_err(),
        insert(&child).returning().one(&engine).await.unwrap_err(),
        insert_all(&[child.clone(), child.clone()]).exec(&engine).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
        assert!(error.to_string().starts_with("team_id is 0, and no row of teams has that number"), "{error}");
        assert!(error.to_string().contains("flush the parent first"), "{error}");
        assert!(error.columns().eq(["team_id"]));
    }
    // Any other number is no such mistake.
    let error = insert(&Player { team_id: 7, ..Default::default() }).exec(&engine).await.unwrap_err();
    assert!(!error.to_string().contains("flush"), "{error}");
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn an_error_has_the_text_of_its_statement(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    insert(&user("canary")).exec(&engine).await?;
    let mut session = engine.session();
    session.add(user("canary"));
    let flushed = session.flush().await.unwrap_err();
    session.rollback().await?;
    let secret = "canary";
    for (error, part) in [
        (flushed, "INSERT INTO"),
        (insert(&user("canary")).exec(&engine).await.unwrap_err(), "INSERT INTO"),
        (
            delete::<User>()
                .filter(User::email.eq("canary").and(sql!("nowhere = 1").expr::<bool>()))
                .exec(&engine)
                .await
                .unwrap_err(),
            "DELETE FROM",
        ),
        (
            sql!("select nothing from users where email = {secret}").scalars::<i64>().all(&engine).await.unwrap_err(),
            "select nothing",
        ),
        (
            sql!("select email from users where email = {secret}").scalars::<i64>().all(&engine).await.unwrap_err(),
            "select email",
        ),
        (sql!("selec {secret}").exec(&engine).await.unwrap_err(), "selec "),
        (sql!("select x from users").scalars::<i64>().stream(&engine).try_next().await.unwrap_err(), "select x"),
    ] {
        let statement = error.statement().unwrap_or_default();
        assert!(statement.contains(part), "{error:?}");
        assert!(!statement.contains("canary") && !format!("{error:?} {error}").contains("canary"), "{error:?}");
        assert!(format!("{error:?}").contains(statement), "{error:?}");
        // MySQL's words quote the text from the mistake on.
        assert!(error.kind() == ErrorKind::Syntax || !error.to_string().contains(statement), "{error}");
    }
    // Nothing was sent, so there is none.
    let error = sql!("commit").exec(&engine).await.unwrap_err();
    assert_eq!(error.statement(), None);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn words_about_the_text_are_shown(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let value = "canary";
    for (text, kind, word) in [
        (sql!("selec 1 from users where email = {value}"), ErrorKind::Syntax, "selec"),
        (sql!("select wrong from users where email = {value}"), ErrorKind::UndefinedColumn, "wrong"),
        (sql!("select 1 from nowhere where email = {value}"), ErrorKind::UndefinedTable, "nowhere"),
    ] {
        let error = text.scalars::<i64>().all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(word), "{error}");
        assert!(!error.to_string().contains(value), "{error}");
    }
    if engine.dialect().name() == "postgres" {
        let error =
            sql!("select distinct email from users for update").scalars::<String>().all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("FOR UPDATE is not allowed with DISTINCT clause"), "{error}");
        // What a function puts together from a value is no text of the statement.
        sql!("create function runs(what text) returns int language plpgsql as $$ begin execute what; return 1; end $$")
            .exec(&engine)
            .await?;
        for value in ["canary", "select canary", "select canary()", "select * from canary"] {
            let error = sql!("select runs({value})").scalars::<i32>().all(&engine).await.unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
    healthy(&engine).await;
    Ok(())
}

/// Part of a value that looks like the end of a message is no column.
#[creole::test]
async fn no_part_of_a_value_becomes_a_name(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Team]).await?;
    insert(&Team { code: "a".into(), ..Default::default() }).exec(&engine).await?;
    let long = format!("7 for column 'canary' at row 1{}", "x".repeat(600));
    for value in [
        "7 for column 'canary' at row 1".to_owned(),
        "7' for column `a`.`b`.`canary` at row 1".to_owned(),
        "x' for key 'canary".to_owned(),
        long,
    ] {
        let text = sql!("update teams set id = id where id = {&value}");
        if let Err(error) = text.exec(&engine).await {
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
        let cast = update::<Team>().set(Team::code, &value).all_rows();
        if let Err(error) = cast.exec(&engine).await {
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_text_that_only_reads_changes_no_rows(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    for email in ["ada", "bob", "eve"] {
        insert(&user(email)).exec(&engine).await?;
    }
    for text in [sql!("select * from users"), sql!("with a as (select 1) select * from a, users")] {
        assert_eq!(text.exec(&engine).await?, 0);
    }
    if engine.dialect().name() != "mysql" {
        let text = sql!("insert into users (email) values ('x'), ('y') returning id");
        assert_eq!(text.exec(&engine).await?, 2);
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_text_without_a_statement_is_refused(engine: Engine) -> creole::Result<()> {
    for text in [sql!(""), sql!("  \n"), sql!("-- nothing"), sql!("/* nothing */ ;"), sql!("{sql!(\"\")}")] {
        let error = text.clone().exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.to_string().contains("has no statement"), "{error}");
        let error = text.scalars::<i64>().all(&engine).await.unwrap_err();
        assert!(error.to_string().contains("has no statement"), "{error}");
    }
    Ok(())
}

#[creole::test]
async fn a_value_for_a_generated_column_is_a_wrong_value(engine: Engine) -> creole::Result<()> {
    sql!("create table doubled (n int, twice int generated always as (n * 2) stored)").exec(&engine).await?;
    let error = sql!("insert into doubled (n, twice) values (1, 3)").exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    if engine.dialect().name() != "sqlite" {
        assert!(error.columns().eq(["twice"]), "{error}");
    }
    Ok(())
}

#[creole::test]
async fn names_with_points_and_quotes_are_whole_in_errors(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Odd]).await?;
    let row = Odd { email: "ada".into(), ..Default::default() };
    insert(&row).exec(&engine).await?;
    let error = insert(&row).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UniqueViolation, Some("odd.na`me")), "{error}");
    assert!(error.is_unique(Odd::email), "{error}");
    engine.drop_all(tables![Odd]).await?;
    let error = insert(&row).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedTable, Some("odd.na`me")), "{error}");
    Ok(())
}

#[creole::test]
async fn the_last_number_is_no_full_disk(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    engine.create_all(tables![Team]).await?;
    insert(&Team { id: i64::MAX, code: "a".into() }).exec(&engine).await?;
    let error = insert(&Team { code: "b".into(), ..Default::default() }).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Limit, Some("teams")), "{error}");
    assert!(error.to_string().contains("largest number"), "{error}");
    healthy(&engine).await;
    Ok(())
}

/// A name may hold points, and a server puts one between a table and a column.
#[creole::test]
async fn an_unknown_column_is_named_whole(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "dotted")]
    struct There {
        #[model(primary_key)]
        id: i32,
    }
    #[derive(Model)]
    #[model(table = "dotted")]
    struct Wanted {
        #[model(primary_key)]
        id: i32,
        #[model(column = "a.b")]
        dotted: i32,
        b: Option<i32>,
        #[model(column = "x.a.b")]
        long: Option<i32>,
    }
    engine.create_all(tables![There, User]).await?;
    let other = alias::<Wanted>("o.o");
    for (error, column) in [
        (select(Wanted::dotted).all(&engine).await.unwrap_err(), "a.b"),
        (select(Wanted::b).all(&engine).await.unwrap_err(), "b"),
        (select(Wanted::id).filter(Wanted::long.eq(1)).all(&engine).await.unwrap_err(), "x.a.b"),
        (select(User::id).join(table::<Wanted>().on(Wanted::dotted.eq(1))).all(&engine).await.unwrap_err(), "a.b"),
        (select(User::id).join(table::<Wanted>().on(Wanted::b.eq(1))).all(&engine).await.unwrap_err(), "b"),
        (select(User::id).join(other.on(other.col(Wanted::long).eq(1))).all(&engine).await.unwrap_err(), "x.a.b"),
        (update::<Wanted>().set(Wanted::dotted, 1).all_rows().exec(&engine).await.unwrap_err(), "a.b"),
        (delete::<Wanted>().filter(Wanted::dotted.gt(1)).exec(&engine).await.unwrap_err(), "a.b"),
    ] {
        assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), [column], "{error} {:?}", error.server_message());
    }
    let error = update::<Wanted>().set(Wanted::long, 1).all_rows().exec(&engine).await.unwrap_err();
    assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("dotted"), vec!["x.a.b"]), "{error}");
    Ok(())
}

/// SQLite looks for a table first where the text calls a function that yields rows.
#[creole::test]
async fn a_table_that_hides_a_function_is_named(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "json_each")]
    struct Hiding {
        #[model(primary_key)]
        id: i64,
    }
    engine.create_all(tables![Hiding]).await?;
    insert_all(&[Hiding { id: 1 }, Hiding { id: 900 }]).exec(&engine).await?;
    assert_eq!(select(Hiding::id).filter(Hiding::id.is_in([1, 2])).all(&engine).await?, [1]);
    let long = select(Hiding::id).filter(Hiding::id.is_in(0..500)).all(&engine).await;
    if engine.dialect().name() == "sqlite" {
        let error = long.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        let text = "'json_each' is not a function: a table or view of this name hides that of SQLite; rename it";
        assert!(error.to_string().contains(text), "{error}");
    } else {
        assert_eq!(long?, [1]);
    }
    Ok(())
}
