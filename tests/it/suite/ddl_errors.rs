//! What `create_all` and `drop_all` say where they can't do what they should.

use creole::prelude::*;
use creole::query::Raw;
use creole::schema::{ColumnDef, ServerDefault, Table};
use creole::types::ColumnType;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "here")]
struct Here {
    #[model(primary_key)]
    id: i32,
}

#[creole::test]
async fn what_is_referred_to_must_be_there_or_in_the_list(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "alone")]
    struct Alone {
        #[model(primary_key)]
        id: i32,
    }
    #[derive(Model)]
    #[model(table = "orders")]
    struct Order {
        #[model(primary_key)]
        id: i32,
        #[model(references = Here::id)]
        user_id: i32,
        #[model(references = Self::id)]
        before: Option<i32>,
    }
    let error = engine.create_all(tables![Alone, Order]).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedTable, Some("here")));
    let text = "orders refers to here, which is neither in the list nor in the database: add it to the list";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_eq!(engine.inspect().tables().await?, [], "nothing is left behind");
    engine.create_table::<Here>().await?;
    engine.create_all(tables![Alone, Order]).await?;
    // What is there already is left alone, whatever it refers to.
    engine.create_all(tables![Order]).await?;
    Ok(())
}

/// The database's own words are shown, since DDL has no values.
#[creole::test]
async fn an_error_of_ddl_says_what_the_database_said(engine: Engine) -> creole::Result<()> {
    static WRONG: Table = Table::new("wrong", &WRONG_COLUMNS).primary_key(&[0]);
    static WRONG_COLUMNS: [ColumnDef; 2] = [
        ColumnDef::new("id", ColumnType::I32),
        ColumnDef::new("n", ColumnType::I32).server_default(ServerDefault::Sql("no_such_function(1)")),
    ];
    let error = engine.create_all(&[&WRONG]).await;
    // SQLite looks at the function when the default is needed.
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    let error = error.unwrap_err();
    assert_eq!(error.table(), Some("wrong"));
    let said = error.server_message().expect("the server's words").to_owned();
    assert!(said.contains("no_such_function"), "{said}");
    assert!(error.to_string().starts_with(&format!("the table wrong can't be created: {said}")), "{error}");
    Ok(())
}

/// A table that a view or another program's table needs.
#[creole::test]
async fn an_error_of_dropping_names_the_table(engine: Engine) -> creole::Result<()> {
    engine.create_table::<Here>().await?;
    let kind = if engine.dialect().name() == "sqlite" { "INTEGER" } else { "int" };
    let sql = format!("CREATE TABLE others (id {kind}, CONSTRAINT fk FOREIGN KEY (id) REFERENCES here (id))");
    Raw::new().text(Box::leak(sql.into_boxed_str())).exec(&engine).await?;
    let error = engine.drop_all(tables![Here]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    assert!(error.to_string().starts_with("the table here can't be dropped: "), "{error}");
    Ok(())
}
