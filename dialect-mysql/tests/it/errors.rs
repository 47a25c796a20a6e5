//! Errors of the servers: their kinds, what they name, and that no value shows in them.

use std::error::Error as _;

use creole_core::error::Effect;
use creole_core::schema::{Check, ColumnDef, ForeignKey, Table, Unique};
use creole_core::sql::{BinaryOp, ColumnRef, Expr, TableRef};
use creole_core::types::{ColumnType, Value, ValueRef};
use creole_core::{Error, ErrorKind};

use crate::support::{Client, bind, servers};

const CANARY: &str = "canary' for key 'x.y";

static PARENTS: Table = Table::new(
    "it_parents",
    &[ColumnDef::new("id", ColumnType::I64).auto(), ColumnDef::new("name", ColumnType::Text { length: Some(30) })],
)
.primary_key(&[0])
.uniques(&[Unique::new(&[1])]);

static CHILDREN: Table = Table::new(
    "it_children",
    &[
        ColumnDef::new("id", ColumnType::I64).auto(),
        ColumnDef::new("parent_id", ColumnType::I64),
        ColumnDef::new("n", ColumnType::I8),
    ],
)
.primary_key(&[0])
.foreign_keys(&[ForeignKey::new(&[1], || &PARENTS, &[0])])
.checks(&[Check::new("n", n_is_positive)]);

fn n_is_positive() -> Expr {
    let n = Expr::Column(ColumnRef { table: TableRef::new(&CHILDREN), index: 2 });
    Expr::binary(BinaryOp::Gt, n, Expr::value(Value::I64(0), ColumnType::I8))
}

/// What an error says, without the values it may have been given.
fn said(error: &Error) -> (ErrorKind, Option<String>, Vec<String>, Option<String>) {
    let shown = format!("{error} {error:?} {:?} {:?}", error.source(), error.source().map(ToString::to_string));
    assert!(!shown.contains("canary"), "{shown}");
    assert_eq!(error.effect(), Effect::Statement, "{shown}");
    assert!(error.code().is_some() && error.backend().is_some() && error.server_message().is_some(), "{shown}");
    let owned = |name: Option<&str>| name.map(str::to_owned);
    let columns = error.columns().map(str::to_owned).collect();
    (error.kind(), owned(error.table()), columns, owned(error.constraint()))
}

async fn fails(client: &mut Client, sql: &str) -> (ErrorKind, Option<String>, Vec<String>, Option<String>) {
    said(&client.execute(sql, &[]).await.unwrap_err())
}

#[tokio::test]
async fn constraints_are_named() {
    for server in servers().await {
        let mut client = server.connect().await;
        let some = |name: &str| Some(name.to_owned());
        client.create(&[&PARENTS, &CHILDREN]).await;
        client.insert(&PARENTS, vec![vec![Value::Text(CANARY.into())]]).await.unwrap();
        client.insert(&CHILDREN, vec![vec![Value::I64(1), Value::I64(1)]]).await.unwrap();

        let error = client.insert(&PARENTS, vec![vec![Value::Text(CANARY.into())]]).await.unwrap_err();
        assert!(error.server_message().unwrap().contains("canary"), "the canary did get there");
        let (kind, table, _, constraint) = said(&error);
        assert_eq!((kind, constraint), (ErrorKind::UniqueViolation, some("uq_it_parents_name")));
        assert_eq!(table, server.is_mysql().then(|| "it_parents".into()), "MariaDB does not say");
        let (kind, _, _, constraint) = fails(&mut client, "INSERT INTO it_parents VALUES (1, 'canary')").await;
        assert_eq!((kind, constraint), (ErrorKind::UniqueViolation, some("PRIMARY")));

        let foreign = (
            ErrorKind::ForeignKeyViolation,
            some("it_children"),
            vec!["parent_id".to_owned()],
            some("fk_it_children_parent_id_it_parents"),
        );
        let error = client.insert(&CHILDREN, vec![vec![Value::I64(99), Value::I64(1)]]).await.unwrap_err();
        assert_eq!(said(&error), foreign);
        assert_eq!(fails(&mut client, "DELETE FROM it_parents").await, foreign);

        let (kind, _, columns, _) = fails(&mut client, "INSERT INTO it_children VALUES (NULL, NULL, 1)").await;
        assert_eq!((kind, columns), (ErrorKind::NotNullViolation, vec!["parent_id".to_owned()]));
        let (kind, _, columns, _) = fails(&mut client, "INSERT INTO it_children (n) VALUES (1)").await;
        assert_eq!((kind, columns), (ErrorKind::NotNullViolation, vec!["parent_id".to_owned()]));

        let (kind, _, _, constraint) = fails(&mut client, "INSERT INTO it_children VALUES (NULL, 1, -1)").await;
        assert_eq!((kind, constraint), (ErrorKind::CheckViolation, some("ck_it_children_n")));

        let (kind, _, columns, _) = fails(&mut client, "INSERT INTO it_children VALUES (NULL, 1, 1000)").await;
        assert_eq!((kind, columns), (ErrorKind::InvalidValue, vec!["n".to_owned()]));
        let long = "INSERT INTO it_parents VALUES (NULL, concat('canary', repeat('x', 40)))";
        let (kind, _, columns, _) = fails(&mut client, long).await;
        assert_eq!((kind, columns), (ErrorKind::InvalidValue, vec!["name".to_owned()]));
        let (kind, _, columns, _) = fails(&mut client, "INSERT INTO it_children VALUES (NULL, 'canary', 1)").await;
        assert_eq!((kind, columns), (ErrorKind::InvalidValue, vec!["parent_id".to_owned()]));
        let (kind, _, columns, _) = fails(&mut client, "INSERT INTO it_parents VALUES (NULL, x'c3')").await;
        assert_eq!((kind, columns), (ErrorKind::InvalidValue, vec!["name".to_owned()]));

        let (kind, table, ..) = fails(&mut client, "SELECT * FROM it_nowhere").await;
        assert_eq!((kind, table), (ErrorKind::UndefinedTable, some("it_nowhere")));
        let (kind, _, columns, _) = fails(&mut client, "SELECT nope FROM it_parents").await;
        assert_eq!((kind, columns), (ErrorKind::UndefinedColumn, vec!["nope".to_owned()]));
        assert_eq!(fails(&mut client, "SELEC 'canary'").await.0, ErrorKind::Syntax);

        client.command("START TRANSACTION READ ONLY").await;
        assert_eq!(fails(&mut client, "DELETE FROM it_children").await.0, ErrorKind::ReadOnly);
        client.command("ROLLBACK").await;
        assert_eq!(client.number("SELECT count(*) FROM it_children").await, 1);
        client.drop(&[&PARENTS, &CHILDREN]).await;
    }
}

#[tokio::test]
async fn a_value_never_shows() {
    for server in servers().await {
        let mut client = server.connect().await;
        let text = bind(ValueRef::Text(CANARY), ColumnType::TEXT);
        for sql in [
            "SELECT * FROM it_nowhere WHERE a = ?",
            "SELECT ? FROM",
            "SELECT json_extract(?, '$')",
            "SELECT cast(1 AS json), extractvalue('<a/>', ?)",
        ] {
            // What fails on one server may answer on the other; what fails must not show the value.
            if let Err(error) = client.fetch(sql, std::slice::from_ref(&text), &[ColumnType::TEXT; 1]).await {
                said(&error);
            }
        }
        // A value of another kind than its type never leaves.
        let error = client.execute("SELECT ?", &[bind(ValueRef::Text(CANARY), ColumnType::I64)]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
        assert!(!format!("{error} {error:?}").contains("canary"));
        let error = client.value("SELECT 'canary'", ColumnType::I64).await;
        assert!(error.is_ok_and(|value| value == Value::Text("canary".into())), "it is handed out as what it is");
        assert_eq!(client.number("SELECT 1").await, 1, "the connection goes on");
    }
}

#[tokio::test]
async fn locks_and_deadlocks() {
    for server in servers().await {
        let mut first = server.connect().await;
        let mut second = server.connect().await;
        first.command("DROP TABLE IF EXISTS it_locks").await;
        first.command("CREATE TABLE it_locks (id int PRIMARY KEY, n int)").await;
        first.command("INSERT INTO it_locks VALUES (1, 0), (2, 0)").await;
        second.command("SET innodb_lock_wait_timeout = 1").await;

        first.command("START TRANSACTION").await;
        second.command("START TRANSACTION").await;
        first.execute("UPDATE it_locks SET n = 1 WHERE id = 1", &[]).await.unwrap();
        second.execute("UPDATE it_locks SET n = 1 WHERE id = 2", &[]).await.unwrap();
        let error = second.execute("UPDATE it_locks SET n = 2 WHERE id = 1", &[]).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::LockTimeout, Effect::Statement));
        assert!(error.is_retryable());
        let still = second.number("SELECT n FROM it_locks WHERE id = 2").await;
        assert_eq!(still, 1, "the transaction is still open");

        second.command("SET innodb_lock_wait_timeout = 20").await;
        let (one, other) = tokio::join!(first.execute("UPDATE it_locks SET n = 3 WHERE id = 2", &[]), async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            second.execute("UPDATE it_locks SET n = 3 WHERE id = 1", &[]).await
        });
        let error = one.and(other).unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Deadlock, Effect::RolledBack));
        first.command("ROLLBACK").await;
        second.command("ROLLBACK").await;

        let slow = if server.is_mysql() {
            "SELECT /*+ MAX_EXECUTION_TIME(50) */ count(*) FROM information_schema.columns a, \
             information_schema.columns b, information_schema.columns c"
        } else {
            "SET STATEMENT max_statement_time = 0.05 FOR SELECT sleep(1)"
        };
        let error = first.execute(slow, &[]).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::StatementTimeout, Effect::Statement));
        first.command("DROP TABLE it_locks").await;
    }
}
