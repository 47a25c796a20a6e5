//! Sections P, Q and R: upserts, which there are three statements of three databases, and here one.
//!
//! | Case | Test |
//! | --- | --- |
//! | 322, 323, 355 do nothing | `suite::writing::upsert::nothing_is_done_about_what_is_there`, `nothing_is_done_by_a_named_key` |
//! | 325, 326, 346, 359 the values that were to be inserted; the primary key or another one; fixed values | `each_way_of_updating_one_row` |
//! | 329, 347, 358, 362 many rows, and expressions over both | `many_rows_with_expressions_over_both` |
//! | 331, 332, 349 by the primary key, by a unique key, by its name; the key of the row that is there set anew | `exotic_targets` |
//! | 334, 350 an index that is not unique | `suite::writing::upsert::keys_are_found_in_the_model`: refused, with the keys there are |
//! | 335 a partial index | `suite::writing::upsert::a_partial_index_is_a_key_of_some_rows` |
//! | 337, 352 a filter that never holds | `a_filter_that_never_holds` |
//! | 338, 353 types of the program's own in `set` | `types_of_the_program_s_own` |
//! | 340, 365 the values of many upserts are not kept with the statement | `values_are_not_kept_with_the_statement` |
//! | 341, 356 the SQL | `sql::insert` |
//! | 343, 367 counts | `suite::writing::upsert_matrix`: the rows given |
//! | 344 an update that sets nothing | `an_update_that_sets_nothing` |
//! | 361 NULL | `null_is_written` |
//! | 364 the key of the row, new or old | `suite::writing::upsert_outcome::each_row_comes_back_with_what_became_of_it` |
//!
//! Otherwise decided: a key that is no key is refused before anything is sent (334, 350), and clashes with any key but the one
//! that is named are violations, so there is no `do_nothing` without a key (322, 368).

use creole::prelude::*;
use creole::query::unique_key;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users_xtra", default, unique(name = "uq_login_email", login_email), index(lets_index_this))]
struct UserXtra {
    #[model(primary_key)]
    id: i32,
    #[model(length = 50)]
    name: String,
    #[model(length = 50)]
    login_email: String,
    #[model(length = 50)]
    lets_index_this: String,
}

fn exotic(id: i32, name: &str) -> UserXtra {
    UserXtra { id, name: name.into(), login_email: format!("name{id}@gmail.com"), lets_index_this: "not".into() }
}

async fn filled(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![UserXtra]).await?;
    insert_all(&[exotic(1, "name1"), exotic(2, "name2")]).exec(engine).await.map(|_| ())
}

async fn all(engine: &Engine) -> creole::Result<Vec<(i32, String, String)>> {
    let columns = (UserXtra::id, UserXtra::name, UserXtra::login_email);
    select(columns).order_by(UserXtra::id).all(engine).await
}

fn row(id: i32, name: &str, email: &str) -> (i32, String, String) {
    (id, name.into(), format!("{email}@gmail.com"))
}

#[creole::test]
async fn nothing_is_done_by_a_named_key(engine: Engine) -> creole::Result<()> {
    filled(&engine).await?;
    let same = UserXtra { id: 9, ..exotic(1, "other") };
    let put = insert(&same).on_conflict(unique_key("uq_login_email")).do_nothing().upserted(&engine).await?;
    assert_eq!(put, Upserted::new(exotic(1, "name1"), Outcome::Unchanged));
    Ok(())
}

#[creole::test]
async fn each_way_of_updating_one_row(engine: Engine) -> creole::Result<()> {
    filled(&engine).await?;
    let name = async || UserXtra::find(1, &engine).await.map(|row| row.map(|row| row.name));
    insert(&exotic(1, "a")).on_conflict(UserXtra::id).update(UserXtra::name).exec(&engine).await?;
    assert_eq!(name().await?.as_deref(), Some("a"));
    insert(&exotic(1, "b")).on_conflict(UserXtra::id).update_all().exec(&engine).await?;
    assert_eq!(name().await?.as_deref(), Some("b"));
    insert(&exotic(1, "c")).on_conflict(UserXtra::id).set(UserXtra::name, "fixed").exec(&engine).await?;
    assert_eq!(name().await?.as_deref(), Some("fixed"));
    insert(&exotic(1, "d")).on_conflict(UserXtra::login_email).update(UserXtra::name).exec(&engine).await?;
    assert_eq!(name().await?.as_deref(), Some("d"));
    Ok(())
}

#[creole::test]
async fn many_rows_with_expressions_over_both(engine: Engine) -> creole::Result<()> {
    filled(&engine).await?;
    let rows = [exotic(1, "new1"), exotic(2, "new2"), exotic(3, "new3")];
    let put = insert_all(&rows)
        .on_conflict(UserXtra::id)
        .set(UserXtra::name, excluded(UserXtra::name).concat(".5"))
        .set(UserXtra::lets_index_this, excluded(UserXtra::name).concat("_").concat(UserXtra::name))
        .upserted(&engine)
        .await?;
    let seen: Vec<_> = put.iter().map(|put| (put.row.name.as_str(), put.row.lets_index_this.as_str())).collect();
    assert_eq!(seen, [("new1.5", "new1_name1"), ("new2.5", "new2_name2"), ("new3", "not")]);
    Ok(())
}

#[creole::test]
async fn exotic_targets(engine: Engine) -> creole::Result<()> {
    filled(&engine).await?;
    let by_id = UserXtra { login_email: "name1@gmail.com".into(), ..exotic(1, "name2") };
    insert(&by_id).on_conflict(UserXtra::id).update((UserXtra::name, UserXtra::login_email)).exec(&engine).await?;
    assert_eq!(all(&engine).await?, [row(1, "name2", "name1"), row(2, "name2", "name2")]);
    // By the other key, and the primary key of the row that is there set anew.
    let by_email = UserXtra { id: 42, lets_index_this: "unique".into(), ..exotic(2, "moved") };
    let put = insert(&by_email).on_conflict(UserXtra::login_email).update((UserXtra::id, UserXtra::name));
    assert_eq!(put.clone().exec(&engine).await?, 1);
    assert_eq!(all(&engine).await?, [row(1, "name2", "name1"), row(42, "moved", "name2")]);
    let moved = UserXtra::find(42, &engine).await?.expect("it is there");
    assert_eq!(moved.lets_index_this, "not");
    let named = UserXtra { id: 43, ..by_email };
    let put = insert(&named).on_conflict(unique_key("uq_login_email")).update((UserXtra::id, UserXtra::name));
    let Upserted { row, outcome, .. } = put.upserted(&engine).await?;
    assert_eq!((row.id, row.lets_index_this.as_str(), outcome), (43, "not", Outcome::Updated));
    Ok(())
}

#[creole::test]
async fn a_filter_that_never_holds(engine: Engine) -> creole::Result<()> {
    filled(&engine).await?;
    let renamed = exotic(1, "x");
    let never = insert(&renamed).on_conflict(UserXtra::id).update(UserXtra::name).filter(UserXtra::id.lt(0));
    assert_eq!(never.clone().exec(&engine).await?, 1);
    assert_eq!(never.upserted(&engine).await?, Upserted::new(exotic(1, "name1"), Outcome::Unchanged));
    Ok(())
}

#[creole::test]
async fn types_of_the_program_s_own(engine: Engine) -> creole::Result<()> {
    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    enum Stage {
        Raw,
        Processed,
    }
    #[derive(DbType, Debug, Clone, Copy, PartialEq)]
    struct Size(i32);
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "special")]
    struct Special {
        #[model(primary_key)]
        id: i32,
        stage: Stage,
        size: Option<Size>,
    }
    engine.create_all(tables![Special]).await?;
    for _ in 0..2 {
        insert(&Special { id: 1, stage: Stage::Raw, size: None })
            .on_conflict(Special::id)
            .set(Special::stage, Stage::Processed)
            .set(Special::size, Size(7))
            .exec(&engine)
            .await?;
    }
    let expected = Special { id: 1, stage: Stage::Processed, size: Some(Size(7)) };
    assert_eq!(Special::select().one(&engine).await?, expected);
    Ok(())
}

#[creole::test]
async fn values_are_not_kept_with_the_statement(engine: Engine) -> creole::Result<()> {
    filled(&engine).await?;
    for number in 0..10 {
        let (name, note) = (format!("name {number}"), format!("note {}", number * 7 % 10));
        insert(&exotic(1, &name))
            .on_conflict(UserXtra::id)
            .set(UserXtra::name, name.as_str())
            .set(UserXtra::lets_index_this, note.as_str())
            .exec(&engine)
            .await?;
        let found = UserXtra::find(1, &engine).await?.expect("it is there");
        assert_eq!((found.name, found.lets_index_this), (name, note));
    }
    Ok(())
}

#[creole::test]
async fn an_update_that_sets_nothing(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "bare")]
    struct Bare {
        #[model(primary_key)]
        id: i32,
    }
    engine.create_all(tables![Bare]).await?;
    let error = insert(&Bare { id: 1 }).on_conflict(Bare::id).update_all().exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    assert!(error.to_string().contains("do_nothing"), "{error}");
    assert_eq!(Bare::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn null_is_written(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "foos", default)]
    struct Foo {
        #[model(primary_key, auto)]
        id: i64,
        #[model(length = 10)]
        bar: Option<String>,
        updated_once: Option<bool>,
    }
    engine.create_all(tables![Foo]).await?;
    let foo = Foo { id: 0, bar: Some("b".into()), updated_once: Some(false) };
    let foo = insert(&foo).returning().one(&engine).await?;
    for value in [Some(true), None] {
        let put = insert(&foo).on_conflict(Foo::id).set(Foo::updated_once, value).upserted(&engine).await?;
        assert_eq!(put.row, Foo { updated_once: value, ..foo.clone() });
    }
    Ok(())
}
