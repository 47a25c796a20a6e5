//! Prepared statements: kept, evicted, left out, and out of date.

use creole_core::driver::Connection;
use creole_core::error::Effect;
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_core::{ErrorKind, Result};

use crate::support::{Collect, connect, connect_to, execute, fetch, number, statement, url_with};

#[tokio::test]
async fn a_plan_of_another_age_is_reported_once_and_works_after_that() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let connection: &mut dyn Connection = &mut *connection;
    execute(connection, "CREATE TEMP TABLE t (id int, n int)").await?;
    execute(connection, "INSERT INTO t VALUES (1, 2)").await?;
    let sql = "SELECT * FROM t";
    let before = fetch(connection, sql, &[ColumnType::I32; 2]).await?;
    assert_eq!(before, [[Value::I64(1), Value::I64(2)]]);
    connection.command("ALTER TABLE t ADD COLUMN more text DEFAULT 'x'").await?;
    let error = fetch(connection, sql, &[ColumnType::I32; 2]).await.unwrap_err();
    assert_eq!((error.effect(), error.code()), (Effect::Outdated, Some("0A000")));
    let types = [ColumnType::I32, ColumnType::I32, ColumnType::TEXT];
    let after = fetch(connection, sql, &types).await?;
    assert_eq!(after, [[Value::I64(1), Value::I64(2), Value::Text("x".into())]]);

    connection.command("ALTER TABLE t ALTER COLUMN n TYPE text USING 'was ' || n").await?;
    connection.command("BEGIN").await?;
    let error = fetch(connection, sql, &types).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Outdated);
    connection.command("ROLLBACK").await?;
    let after = fetch(connection, sql, &types).await?;
    assert_eq!(after[0][1], Value::Text("was 2".into()));

    connection.command("DEALLOCATE ALL").await?;
    let error = fetch(connection, sql, &types).await.unwrap_err();
    assert_eq!((error.effect(), error.kind()), (Effect::Outdated, ErrorKind::Other));
    assert_eq!(fetch(connection, sql, &types).await?, after);
    Ok(())
}

#[tokio::test]
async fn the_server_keeps_no_more_statements_than_the_cache() -> Result<()> {
    for (size, expected) in [(0, 0), (1, 1), (3, 3), (256, 20)] {
        let Some(url) = url_with(&format!("statement_cache={size}")) else { return Ok(()) };
        let mut connection = connect_to(&url).await?;
        let connection: &mut dyn Connection = &mut *connection;
        for round in 0..2 {
            for place in 0..20_i64 {
                let sql = format!("SELECT $1 + {place}::int8");
                let mut sink = Collect::new(&[ColumnType::I64]);
                connection.fetch(&statement(&sql, &[(ValueRef::I64(round), ColumnType::I64)]), &mut sink).await?;
                assert_eq!(sink.rows, [[Value::I64(round + place)]]);
            }
        }
        // Counted with a statement that is not prepared under a name itself: as a command into a table.
        connection.command("CREATE TEMP TABLE kept AS SELECT count(*) n FROM pg_prepared_statements").await?;
        assert_eq!(number(connection, "SELECT n FROM kept").await, expected, "cache of {size}");
    }
    Ok(())
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn one_text_with_values_of_two_types_is_caught() {
    let Some(mut connection) = connect().await else { return };
    connection.execute(&statement("SELECT $1", &[(ValueRef::I64(1), ColumnType::I64)])).await.unwrap();
    let caught = tokio::spawn(async move {
        let _ = connection.execute(&statement("SELECT $1", &[(ValueRef::F64(1.0), ColumnType::F64)])).await;
    });
    assert!(caught.await.is_err_and(|error| error.is_panic()));
}
