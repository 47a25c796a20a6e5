//! Numbers that the database gives out.

use creole::prelude::*;

use crate::models::{Node, Order, Product, User, user};

#[creole::test]
async fn numbers_go_on_after_rows_with_numbers_of_their_own(engine: Engine) -> creole::Result<()> {
    let tables = tables![User, Order, Product, Node];
    engine.create_all(tables).await?;
    // On empty tables there is nothing to go on after.
    engine.sync_sequences(tables).await?;
    let first = insert(&user("first@example.com")).returning().one(&engine).await?;
    assert_eq!(first.id, 1);
    for id in [7, 40] {
        insert(&User { id, ..user(&format!("{id}@example.com")) }).exec(&engine).await?;
    }
    engine.sync_sequences(tables).await?;
    let next = insert(&user("next@example.com")).returning().one(&engine).await?;
    assert_eq!(next.id, 41);
    // Nothing has changed, so it changes nothing.
    engine.sync_sequences(tables).await?;
    let next = insert(&user("after@example.com")).returning().one(&engine).await?;
    assert_eq!(next.id, 42);
    Ok(())
}

#[creole::test]
async fn a_number_is_not_given_out_twice(engine: Engine) -> creole::Result<()> {
    engine.create_table::<User>().await?;
    let mut last = 0;
    for _ in 0..3 {
        last = insert(&user("ada@example.com")).returning().one(&engine).await?.id;
        delete::<User>().all_rows().exec(&engine).await?;
        engine.sync_sequences(tables![User]).await?;
    }
    assert_eq!(last, 3, "neither a deleted row nor syncing takes the numbers back");
    insert(&User { id: -5, ..user("below@example.com") }).exec(&engine).await?;
    engine.sync_sequences(tables![User]).await?;
    assert_eq!(insert(&user("ada@example.com")).returning().one(&engine).await?.id, 4);
    Ok(())
}

#[creole::test]
async fn tables_with_odd_names_are_synced(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Default)]
    #[model(table = "it's \"Odd\" \\ ok")]
    struct Odd {
        #[model(primary_key, auto, column = "The 'Key\"")]
        id: i16,
        name: i32,
    }
    engine.create_table::<Odd>().await?;
    insert(&Odd { id: 1, name: 1 }).exec(&engine).await?;
    engine.sync_sequences(tables![Odd]).await?;
    insert(&Odd { id: 0, name: 2 }).exec(&engine).await?;
    assert_eq!(Odd::select().count(&engine).await?, 2);
    Ok(())
}

#[derive(Model, Debug, Clone)]
#[model(table = "narrow", default)]
struct Narrow {
    #[model(primary_key, auto)]
    id: i32,
    n: i64,
}

#[derive(Model, Debug, Clone)]
#[model(table = "wide", default)]
struct Wide {
    #[model(primary_key, auto)]
    id: i64,
    n: i64,
}

/// Each database has an error of its own for it: no room, a full disk, a key that is there already.
#[creole::test]
async fn numbers_that_run_out_are_one_kind_of_error(engine: Engine) -> creole::Result<()> {
    let tables = tables![Narrow, Wide];
    engine.create_all(tables).await?;
    insert(&Narrow { id: i32::MAX, n: 0 }).exec(&engine).await?;
    insert(&Wide { id: i64::MAX, n: 0 }).exec(&engine).await?;
    // PostgreSQL gives out numbers without looking at the rows.
    let _ = engine.sync_sequences(tables).await;
    let mut session = engine.session();
    session.add(Narrow::default());
    for (error, table) in [
        (insert(&Narrow::default()).exec(&engine).await.unwrap_err(), "narrow"),
        (insert(&Narrow::default()).returning().one(&engine).await.unwrap_err(), "narrow"),
        (insert_all(&[Narrow::default(), Narrow::default()]).exec(&engine).await.unwrap_err(), "narrow"),
        (insert(&Wide::default()).exec(&engine).await.unwrap_err(), "wide"),
        (insert_all(&[Wide::default(), Wide::default()]).exec(&engine).await.unwrap_err(), "wide"),
        (session.commit().await.unwrap_err(), "narrow"),
    ] {
        assert_eq!(
            (error.kind(), error.table()),
            (ErrorKind::Limit, Some(table)),
            "{error} {:?}",
            error.server_message()
        );
        let text = "the table has given out its largest number: no row can be numbered any more";
        assert!(error.to_string().starts_with(text), "{error}");
    }
    drop(session);
    // A number of the program's own is what it was.
    let error = insert(&Narrow { id: i32::MAX, n: 1 }).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    Ok(())
}
