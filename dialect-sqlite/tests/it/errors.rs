//! What real errors become.

use std::ops::ControlFlow;

use creole_core::driver::{Compiled, Connection, Role, Row, RowSink};
use creole_core::error::Effect;
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};
use creole_sqlite::open;

use crate::common::{POSTS, USERS, create, execute, file, memory, number, statement, url};

/// A statement, and the kind, table, columns and constraint of its error.
type Case<'a> = (String, ErrorKind, Option<&'a str>, &'a [&'a str], Option<&'a str>);

async fn tables() -> Box<dyn Connection> {
    let mut connection = memory().await;
    create(&mut *connection, &USERS).await;
    create(&mut *connection, &POSTS).await;
    let insert = "INSERT INTO users (id, email, balance, active) VALUES (1, 'a', '1.00', 1)";
    execute(&mut *connection, insert).await.unwrap();
    connection
}

#[tokio::test]
async fn violations_name_what_they_are_about() {
    let mut connection = tables().await;
    let insert = |values: &str| format!("INSERT INTO users (id, email, balance, active, age) VALUES {values}");
    use ErrorKind::*;
    let cases: [Case<'_>; 14] = [
        (insert("(2, 'a', '1', 1, 1)"), UniqueViolation, Some("users"), &["email"], None),
        (insert("(1, 'b', '1', 1, 1)"), UniqueViolation, Some("users"), &["id"], None),
        (insert("(2, NULL, '1', 1, 1)"), NotNullViolation, Some("users"), &["email"], None),
        (insert("(2, 'b', '-0.01', 1, 1)"), CheckViolation, None, &[], Some("ck_users_balance_not_negative")),
        (insert("(2, 'b', '1', 2, 1)"), InvalidValue, None, &["active"], Some("fits_type_active")),
        (insert("(2, 'b', '1', 1, 256)"), InvalidValue, None, &["age"], Some("fits_type_age")),
        (insert("(2, '123456789012345678901', '1', 1, 1)"), InvalidValue, None, &["email"], Some("fits_type_email")),
        (insert("(2, 'b', '1', 1, 'x')"), InvalidValue, None, &[], None),
        (
            "INSERT INTO posts (user_id, number, document) VALUES (1, 1, '{')".into(),
            InvalidValue,
            None,
            &["document"],
            Some("fits_type_document"),
        ),
        ("INSERT INTO posts (user_id, number) VALUES (7, 1)".into(), ForeignKeyViolation, None, &[], None),
        ("SELECT 1 FROM nowhere".into(), UndefinedTable, Some("nowhere"), &[], None),
        ("SELECT \"emial\" FROM users".into(), UndefinedColumn, None, &["emial"], None),
        ("INSERT INTO users (emial) VALUES (1)".into(), UndefinedColumn, Some("users"), &["emial"], None),
        ("SELEC".into(), Syntax, None, &[], None),
    ];
    for (sql, kind, table, columns, constraint) in cases {
        let error = execute(&mut *connection, &sql).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{sql}");
        assert_eq!(error.table(), table, "{sql}");
        assert_eq!(error.columns().collect::<Vec<_>>(), columns, "{sql}");
        assert_eq!(error.constraint(), constraint, "{sql}");
        assert_eq!(error.backend(), Some("sqlite"));
        assert!(error.code().is_some() && error.server_message().is_some());
    }
}

#[tokio::test]
async fn a_key_of_two_columns_names_both() {
    let mut connection = tables().await;
    execute(&mut *connection, "INSERT INTO posts (user_id, number) VALUES (1, 1)").await.unwrap();
    let error = execute(&mut *connection, "INSERT INTO posts (user_id, number) VALUES (1, 1)").await.unwrap_err();
    assert_eq!(error.columns().collect::<Vec<_>>(), ["user_id", "number"]);
}

#[tokio::test]
async fn no_message_of_ours_holds_a_value() {
    let mut connection = tables().await;
    let canary = "canary-7351";
    let values = [(ValueRef::Text(canary), ColumnType::TEXT)];
    let statements = [
        "INSERT INTO users (email, balance, active) VALUES ('a', ?1, ?1)",
        "INSERT INTO users (email, balance, active) VALUES (?1, ?1, 1), (?1, ?1, 1)",
        "SELECT json_extract(?1, '$.x')",
        "SELECT json('{}', ?1)",
        "INSERT INTO users (id, email) VALUES (?1, 'x')",
    ];
    for sql in statements {
        let error = connection.execute(&statement(sql, &values)).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(canary), "{sql}");
        assert!(std::error::Error::source(&error).is_none());
    }
}

#[tokio::test]
async fn an_error_of_the_sink_ends_the_fetch_and_leaves_the_connection_healthy() {
    struct Refuse(usize);
    impl RowSink for Refuse {
        fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
            self.0 += 1;
            Err(Error::new(ErrorKind::Decode, "no"))
        }
    }
    let mut connection = tables().await;
    let mut sink = Refuse(0);
    let sql = "INSERT INTO users (email, balance, active) VALUES ('c', '1', 1), ('d', '1', 1) RETURNING id";
    let error = connection.fetch(&statement(sql, &[]), &mut sink).await.unwrap_err();
    assert_eq!((error.kind(), sink.0), (ErrorKind::Decode, 1));
    assert_eq!(number(&mut *connection, "SELECT count(*) FROM users").await, 3, "the statement itself was done");
    assert_eq!(connection.in_transaction(), Some(false));
    connection.command("DROP TABLE posts").await.unwrap();
}

#[tokio::test]
async fn a_full_database_ends_the_transaction_and_says_so() {
    let (driver, _) = file("?synchronous=off").await;
    let mut connection = driver.connect(Role::Writer).await.unwrap();
    connection.command("CREATE TABLE t (v BLOB) STRICT").await.unwrap();
    connection.command("PRAGMA max_page_count = 10").await.unwrap();
    connection.command("BEGIN IMMEDIATE").await.unwrap();
    connection.command("INSERT INTO t VALUES (x'00')").await.unwrap();
    let error = connection.command("INSERT INTO t VALUES (zeroblob(1000000))").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DiskFull);
    assert_eq!(error.effect(), Effect::RolledBack);
    assert_eq!(connection.in_transaction(), Some(false));
    assert_eq!(number(&mut *connection, "SELECT count(*) FROM t").await, 0);
}

#[tokio::test]
async fn a_lock_is_waited_for_and_then_given_up() {
    let (driver, path) = file("").await;
    let mut first = driver.connect(Role::Writer).await.unwrap();
    let impatient = open(&url(&path, "?busy_timeout=60")).await.unwrap();
    let mut second = impatient.connect(Role::Writer).await.unwrap();
    first.command("CREATE TABLE t (v INTEGER) STRICT").await.unwrap();
    first.command("BEGIN IMMEDIATE").await.unwrap();
    let start = std::time::Instant::now();
    let error = second.command("BEGIN IMMEDIATE").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LockTimeout);
    let waited = start.elapsed().as_millis();
    assert!((60..2_000).contains(&waited), "{waited} ms");

    // What is read in a transaction and then overtaken can't be written upon, and waiting is no cure.
    first.command("ROLLBACK").await.unwrap();
    second.command("BEGIN").await.unwrap();
    number(&mut *second, "SELECT count(*) FROM t").await;
    first.command("INSERT INTO t VALUES (1)").await.unwrap();
    let error = second.command("INSERT INTO t VALUES (2)").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SerializationFailure);
    assert_eq!(second.in_transaction(), Some(true));
}

#[tokio::test]
async fn counts_are_those_of_the_statement() {
    let mut connection = tables().await;
    let affected =
        async |connection: &mut dyn Connection, sql: &str| execute(connection, sql).await.unwrap().rows_affected;
    assert_eq!(affected(&mut *connection, "UPDATE users SET email = email").await, 1);
    assert_eq!(affected(&mut *connection, "CREATE TABLE u (v INTEGER)").await, 0);
    assert_eq!(affected(&mut *connection, "SELECT 1").await, 0);
    assert_eq!(affected(&mut *connection, "DELETE FROM users WHERE id = 99").await, 0);
    execute(&mut *connection, "INSERT INTO posts (user_id, number) VALUES (1, 1), (1, 2)").await.unwrap();
    assert_eq!(affected(&mut *connection, "DELETE FROM users").await, 1, "rows that go by cascade are not counted");
    let none: Compiled<'_> = statement("DELETE FROM posts", &[]);
    assert_eq!(connection.execute(&none).await.unwrap().rows_affected, 0);
}

#[tokio::test]
async fn two_statements_in_one_text_are_refused() {
    let mut connection = tables().await;
    for sql in ["SELECT 1; DROP TABLE posts", "SELECT 1;; SELECT 2"] {
        assert_eq!(execute(&mut *connection, sql).await.unwrap_err().kind(), ErrorKind::Syntax);
        assert_eq!(connection.command(sql).await.unwrap_err().kind(), ErrorKind::Syntax);
    }
    assert_eq!(number(&mut *connection, "SELECT count(*) FROM posts").await, 0);
}
