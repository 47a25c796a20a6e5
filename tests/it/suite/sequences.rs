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
