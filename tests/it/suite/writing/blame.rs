//! Which row an error is about, where constraints are checked at the end.

use creole::prelude::*;

#[derive(Model, Debug)]
#[model(table = "c")]
struct Child {
    #[model(primary_key)]
    id: i64,
    p: i64,
}

/// Constraints that are checked at the end of the transaction blame no row; those that are checked at once still do.
#[creole::test]
async fn no_row_is_blamed_for_what_is_checked_at_the_end(engine: Engine) -> creole::Result<()> {
    if !matches!(engine.dialect().name(), "postgres" | "sqlite") {
        return Ok(());
    }
    sql!("create table p (id bigint primary key)").exec(&engine).await?;
    sql!("insert into p values (1)").exec(&engine).await?;
    sql!("create table c (id bigint primary key, p bigint references p(id) deferrable initially deferred)")
        .exec(&engine)
        .await?;
    for bad in 0..3 {
        let rows: Vec<Child> = (0..3).map(|id| Child { id, p: if id == bad { 77 } else { 1 } }).collect();
        let error = insert_all(&rows).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.row()), (ErrorKind::ForeignKeyViolation, None));
    }
    let rows = [Child { id: 1, p: 1 }, Child { id: 2, p: 1 }, Child { id: 2, p: 1 }];
    let error = insert_all(&rows).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(2)));
    insert_all(&rows[..2]).exec(&engine).await?;
    let wrong: Vec<Child> = (1..3).map(|id| Child { id, p: 77 }).collect();
    let error = update_all(&wrong).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::ForeignKeyViolation, None));
    Ok(())
}
