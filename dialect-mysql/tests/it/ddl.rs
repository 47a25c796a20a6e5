//! Tables as the servers take them: literals in checks, defaults, and statements prepared before a table changed.

use creole_core::ErrorKind;
use creole_core::schema::{Check, ColumnDef, Index, IndexPart, ServerDefault, Table};
use creole_core::sql::{BinaryOp, ColumnRef, Expr, TableRef};
use creole_core::types::civil::{Date, DateTime, Time};
use creole_core::types::{ColumnType, Value};
use uuid::Uuid;

use crate::support::servers;

/// Every column has a check against one value, given as a literal.
static CHECKED: Table = Table::new(
    "it_checked",
    &[
        ColumnDef::new("id", ColumnType::I64).auto(),
        ColumnDef::new("select", ColumnType::TEXT).nullable(),
        ColumnDef::new("b", ColumnType::BYTES).nullable(),
        ColumnDef::new("u", ColumnType::Uuid).nullable(),
        ColumnDef::new("d", ColumnType::Date).nullable(),
        ColumnDef::new("t", ColumnType::Time).nullable(),
        ColumnDef::new("m", ColumnType::DateTime).nullable(),
        ColumnDef::new("x", ColumnType::DECIMAL).nullable(),
        ColumnDef::new("f", ColumnType::F64).nullable(),
        ColumnDef::new("bool", ColumnType::Bool).nullable(),
        ColumnDef::new("made", ColumnType::Instant).server_default(ServerDefault::Sql("now(6)")),
    ],
)
.primary_key(&[0])
.indexes(&[Index::new(&[IndexPart::column(4), IndexPart::column(3)])])
.checks(&[
    Check::new("1", || differs(1)),
    Check::new("2", || differs(2)),
    Check::new("3", || differs(3)),
    Check::new("4", || differs(4)),
    Check::new("5", || differs(5)),
    Check::new("6", || differs(6)),
    Check::new("7", || differs(7)),
    Check::new("8", || differs(8)),
    Check::new("9", || differs(9)),
]);

fn forbidden(column: u16) -> Value {
    match column {
        1 => Value::Text("it's \\ \"odd\" \n 😀 \\'".into()),
        2 => Value::Bytes(vec![0, 39, 92, 255]),
        3 => Value::Uuid(Uuid::from_u128(0x0123_4567_89ab_7def_8123_4567_89ab_cdef)),
        4 => Value::Date(Date::from_ymd(2024, 2, 29).unwrap()),
        5 => Value::Time(Time(86_399_999_999)),
        6 => Value::DateTime(DateTime(-1)),
        7 => Value::Decimal("123456789012345678.0123456789".parse().unwrap()),
        8 => Value::F64(0.1),
        _ => Value::Bool(true),
    }
}

fn differs(column: u16) -> Expr {
    let place = Expr::Column(ColumnRef { table: TableRef::new(&CHECKED), index: column });
    Expr::binary(BinaryOp::Ne, place, Expr::value(forbidden(column), CHECKED.columns[usize::from(column)].ty))
}

#[tokio::test]
async fn literals_mean_what_values_mean() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&CHECKED]).await;
        let row = |column: u16| {
            let mut row = vec![Value::Null; 9];
            row[usize::from(column) - 1] = forbidden(column);
            row.push(Value::Instant(DateTime(0)));
            row
        };
        for column in 1..=9 {
            let error = client.insert(&CHECKED, vec![row(column)]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::CheckViolation, "{column} on {}", server.driver.dialect().name());
            let name = format!("ck_it_checked_{column}");
            assert_eq!(error.constraint(), Some(name.as_str()));
        }
        client.execute("INSERT INTO it_checked () VALUES ()", &[]).await.unwrap();
        let ago = "SELECT abs(timestampdiff(SECOND, made, utc_timestamp(6))) FROM it_checked";
        assert!(client.number(ago).await <= 5, "the default is in UTC");
        client.drop(&[&CHECKED]).await;
    }
}

#[tokio::test]
async fn a_statement_outlives_a_change_of_its_table() {
    for server in servers().await {
        let mut client = server.connect().await;
        let mut other = server.connect().await;
        client.command("DROP TABLE IF EXISTS it_changed").await;
        client.command("CREATE TABLE it_changed (a int)").await;
        client.command("INSERT INTO it_changed VALUES (7)").await;
        let sql = "SELECT a FROM it_changed";
        assert_eq!(client.value(sql, ColumnType::I64).await.unwrap(), Value::I64(7));
        other.command("ALTER TABLE it_changed MODIFY a varchar(10), ADD COLUMN b int FIRST").await;
        assert_eq!(client.value(sql, ColumnType::TEXT).await.unwrap(), Value::Text("7".into()));
        other.command("DROP TABLE it_changed").await;
        assert_eq!(client.value(sql, ColumnType::I64).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
    }
}
