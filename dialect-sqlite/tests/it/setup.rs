//! The settings of a connection, and what the planner makes of the dialect's spellings.

use creole_core::driver::{Connection, Role};
use creole_core::types::{ColumnType, Value, ValueRef};

use crate::common::{execute, fetch, file, memory, number, statement, text};

/// The plan of a statement with one text value.
async fn plan(connection: &mut dyn Connection, sql: &str) -> String {
    let values: &[(ValueRef<'_>, ColumnType)] =
        if sql.contains("?1") { &[(ValueRef::Text("ab%"), ColumnType::TEXT)] } else { &[] };
    let types = &[ColumnType::I64, ColumnType::I64, ColumnType::I64, ColumnType::TEXT];
    let rows = fetch(connection, &statement(&format!("EXPLAIN QUERY PLAN {sql}"), values), types).await.unwrap();
    let lines = rows.iter().map(|row| match &row[3] {
        Value::Text(line) => line.clone(),
        other => panic!("not a plan: {other:?}"),
    });
    lines.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn every_connection_is_set_up() {
    let (driver, _) = file("").await;
    for role in [Role::Writer, Role::Reader] {
        let mut connection = driver.connect(role).await.unwrap();
        assert_eq!(text(&mut *connection, "PRAGMA journal_mode").await, "wal");
        assert_eq!(number(&mut *connection, "PRAGMA synchronous").await, 2);
        assert_eq!(number(&mut *connection, "PRAGMA foreign_keys").await, 1);
        assert_eq!(number(&mut *connection, "PRAGMA trusted_schema").await, 0);
        assert_eq!(number(&mut *connection, "PRAGMA query_only").await, i64::from(role == Role::Reader));
        assert!(execute(&mut *connection, "SELECT \"no such column\"").await.is_err());
    }
    for (option, expected) in [("off", 0), ("normal", 1), ("full", 2), ("extra", 3)] {
        let (driver, _) = file(&format!("?synchronous={option}")).await;
        let mut connection = driver.connect(Role::Writer).await.unwrap();
        assert_eq!(number(&mut *connection, "PRAGMA synchronous").await, expected);
    }
}

#[tokio::test]
async fn like_minds_case_and_its_beginning_uses_an_index() {
    let mut connection = memory().await;
    connection.command("CREATE TABLE t (v TEXT NOT NULL) STRICT").await.unwrap();
    connection.command("CREATE INDEX i ON t (v)").await.unwrap();
    connection.command(r"INSERT INTO t VALUES ('abc'), ('ABC'), ('a%c')").await.unwrap();
    let count = |pattern: &str| format!(r"SELECT count(*) FROM t WHERE v LIKE '{pattern}' ESCAPE '\'");
    assert_eq!(number(&mut *connection, &count("ab%")).await, 1);
    assert_eq!(number(&mut *connection, &count(r"a\%c")).await, 1);
    assert_eq!(number(&mut *connection, &count("a_c")).await, 2);
    let found = plan(&mut *connection, r"SELECT v FROM t WHERE v LIKE ?1 ESCAPE '\'").await;
    assert_eq!(found, "SEARCH t USING COVERING INDEX i (v>? AND v<?)");
}

#[tokio::test]
async fn the_place_of_nulls_does_not_cost_the_index() {
    let mut connection = memory().await;
    connection.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
    connection.command("CREATE INDEX i ON t (v)").await.unwrap();
    connection.command("INSERT INTO t VALUES (2), (NULL), (1)").await.unwrap();
    for order in ["v NULLS LAST", "v DESC NULLS FIRST"] {
        let found = plan(&mut *connection, &format!("SELECT v FROM t ORDER BY {order}")).await;
        assert_eq!(found, "SCAN t USING COVERING INDEX i", "{order}");
    }
    let rows =
        fetch(&mut *connection, &statement("SELECT v FROM t ORDER BY v NULLS LAST", &[]), &[ColumnType::I64]).await;
    assert_eq!(rows.unwrap(), [[Value::I64(1)], [Value::I64(2)], [Value::Null]]);
}

#[tokio::test]
async fn numbers_of_deleted_rows_are_not_given_out_again() {
    let mut connection = memory().await;
    crate::common::create(&mut *connection, &crate::common::USERS).await;
    let insert = "INSERT INTO users (email, balance, active) VALUES ('a', '0', 1) RETURNING id";
    assert_eq!(number(&mut *connection, insert).await, 1);
    execute(&mut *connection, "DELETE FROM users").await.unwrap();
    assert_eq!(number(&mut *connection, insert).await, 2);
}

#[tokio::test]
async fn a_table_that_has_changed_is_seen_by_statements_prepared_before() {
    let (driver, _) = file("").await;
    let mut writer = driver.connect(Role::Writer).await.unwrap();
    let mut reader = driver.connect(Role::Reader).await.unwrap();
    writer.command("CREATE TABLE t (a INTEGER)").await.unwrap();
    writer.command("INSERT INTO t VALUES (1)").await.unwrap();
    let all = statement("SELECT * FROM t", &[]);
    assert_eq!(fetch(&mut *reader, &all, &[ColumnType::I64]).await.unwrap(), [[Value::I64(1)]]);
    writer.command("ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 2").await.unwrap();
    let rows = fetch(&mut *reader, &all, &[ColumnType::I64, ColumnType::I64]).await.unwrap();
    assert_eq!(rows, [[Value::I64(1), Value::I64(2)]]);
}
