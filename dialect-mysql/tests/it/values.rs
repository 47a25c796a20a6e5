//! What is written is read back equal; what can't be read is an error and never something else.

use creole_core::ErrorKind;
use creole_core::driver::Numbers;
use creole_core::error::Effect;
use creole_core::schema::{ColumnDef, Table, Unique};
use creole_core::sql::{Expr, Item, Select, TableRef};
use creole_core::types::civil::{DAY, Date, DateTime, Time};
use creole_core::types::{ColumnType, Value, ValueRef};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Collect, bind, servers};

static VALUES: Table = Table::new(
    "it_values",
    &[
        ColumnDef::new("id", ColumnType::I64).auto(),
        ColumnDef::new("bool", ColumnType::Bool).nullable(),
        ColumnDef::new("i8", ColumnType::I8).nullable(),
        ColumnDef::new("i16", ColumnType::I16).nullable(),
        ColumnDef::new("i32", ColumnType::I32).nullable(),
        ColumnDef::new("i64", ColumnType::I64).nullable(),
        ColumnDef::new("u8", ColumnType::U8).nullable(),
        ColumnDef::new("u16", ColumnType::U16).nullable(),
        ColumnDef::new("u32", ColumnType::U32).nullable(),
        ColumnDef::new("u64", ColumnType::U64).nullable(),
        ColumnDef::new("f32", ColumnType::F32).nullable(),
        ColumnDef::new("f64", ColumnType::F64).nullable(),
        ColumnDef::new("text", ColumnType::TEXT).nullable(),
        ColumnDef::new("text_n", ColumnType::Text { length: Some(10) }).nullable(),
        ColumnDef::new("bytes", ColumnType::BYTES).nullable(),
        ColumnDef::new("bytes_n", ColumnType::Bytes { length: Some(4) }).nullable(),
        ColumnDef::new("decimal", ColumnType::DECIMAL).nullable(),
        ColumnDef::new("uuid", ColumnType::Uuid).nullable(),
        ColumnDef::new("date", ColumnType::Date).nullable(),
        ColumnDef::new("time", ColumnType::Time).nullable(),
        ColumnDef::new("datetime", ColumnType::DateTime).nullable(),
        ColumnDef::new("instant", ColumnType::Instant).nullable(),
        ColumnDef::new("json", ColumnType::Json).nullable(),
    ],
)
.primary_key(&[0]);

/// The smallest, the largest and the oddest values of each column of [`VALUES`].
fn rows() -> Vec<Vec<Value>> {
    let first = Date::from_ymd(1, 1, 1).unwrap();
    let last = Date::from_ymd(9999, 12, 31).unwrap();
    let text = |text: &str| Value::Text(text.into());
    let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
    let every_byte: Vec<u8> = (0..=255).collect();
    vec![
        vec![
            Value::Bool(true),
            Value::I64(i8::MIN.into()),
            Value::I64(i16::MIN.into()),
            Value::I64(i32::MIN.into()),
            Value::I64(i64::MIN),
            Value::I64(0),
            Value::I64(0),
            Value::I64(0),
            Value::U64(0),
            Value::F64(f32::MIN.into()),
            Value::F64(f64::MIN),
            text(""),
            text("a b  "),
            Value::Bytes(Vec::new()),
            Value::Bytes(vec![0, 0]),
            decimal("-999999999999999999.9999999999"),
            Value::Uuid(Uuid::nil()),
            Value::Date(first),
            Value::Time(Time(0)),
            Value::DateTime(DateTime::new(first, Time(0))),
            Value::Instant(DateTime::new(first, Time(0))),
            Value::Json(Box::new(json!(null))),
        ],
        vec![
            Value::Bool(false),
            Value::I64(i8::MAX.into()),
            Value::I64(i16::MAX.into()),
            Value::I64(i32::MAX.into()),
            Value::I64(i64::MAX),
            Value::I64(u8::MAX.into()),
            Value::I64(u16::MAX.into()),
            Value::I64(u32::MAX.into()),
            Value::U64(u64::MAX),
            Value::F64(16_777_217.0_f32.into()),
            Value::F64(f64::MAX),
            text("it's \\ \"quoted\" `ticked` %_ 😀 e\u{301} \n\r\t\u{1a}\u{7f} ?/*i64*/ -- "),
            text("😀😀😀😀😀😀😀😀😀😀"),
            Value::Bytes(every_byte),
            Value::Bytes(vec![0xff; 4]),
            decimal("999999999999999999.9999999999"),
            Value::Uuid(Uuid::max()),
            Value::Date(last),
            Value::Time(Time(DAY - 1)),
            Value::DateTime(DateTime::new(last, Time(DAY - 1))),
            Value::Instant(DateTime::new(last, Time(DAY - 1))),
            Value::Json(Box::new(json!({"a": [1, -2.5, "x'\\\"😀", null, true], "": {"u": u64::MAX, "i": i64::MIN}}))),
        ],
        vec![
            Value::Bool(true),
            Value::I64(-1),
            Value::I64(-1),
            Value::I64(-1),
            Value::I64(-1),
            Value::I64(1),
            Value::I64(1),
            Value::I64(1),
            Value::U64(1 << 63),
            Value::F64(f32::MIN_POSITIVE.into()),
            Value::F64(5e-324),
            Value::Text("ä".repeat(600_000)),
            text("nul-free"),
            Value::Bytes(vec![7; 70_000]),
            Value::Bytes(vec![0]),
            decimal("0.0000000001"),
            Value::Uuid(Uuid::from_u128(0x0123_4567_89ab_7def_8123_4567_89ab_cdef)),
            Value::Date(Date(-1)),
            Value::Time(Time(1)),
            Value::DateTime(DateTime(-1)),
            Value::Instant(DateTime(1_700_000_000_123_456)),
            Value::Json(Box::new(json!("just text"))),
        ],
        vec![Value::Null; 22],
    ]
}

#[tokio::test]
async fn values_come_back_as_they_went() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&VALUES]).await;
        let done = client.insert(&VALUES, rows()).await.unwrap();
        assert_eq!((done.rows_affected, done.numbers), (4, Some(Numbers { first: 1, step: 1 })));
        let found = client.all(&VALUES).await.unwrap();
        for (index, (found, given)) in found.iter().zip(rows()).enumerate() {
            for ((found, given), column) in found[1..].iter().zip(given).zip(&VALUES.columns[1..]) {
                // A tinyint(1) is handed out as the number it is; the reader takes 0 and 1 for a bool.
                let given = if let Value::Bool(value) = given { Value::I64(value.into()) } else { given };
                assert!(*found == given, "{} in row {index} on {}", column.name, server.driver.dialect().name());
            }
        }
        client.drop(&[&VALUES]).await;
    }
}

#[tokio::test]
async fn every_value_is_found_by_itself() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&FOUND]).await;
        let given: Vec<Vec<Value>> = rows().into_iter().take(3).map(|row| row[..21].to_vec()).collect();
        client.insert(&FOUND, given.clone()).await.unwrap();
        for (index, column) in FOUND.columns.iter().enumerate().skip(1) {
            for (row, values) in given.iter().enumerate() {
                let value = &values[index - 1];
                let sql = format!("SELECT count(*) FROM it_found WHERE id = {} AND `{}` = ?", row + 1, column.name);
                let found = client.fetch(&sql, &[bind(value.as_ref(), column.ty)], &[ColumnType::I64]).await.unwrap();
                assert!(
                    found == [[Value::I64(1)]],
                    "{} of row {row} on {}",
                    column.name,
                    server.driver.dialect().name()
                );
            }
        }
        client.drop(&[&FOUND]).await;
    }
}

/// [`VALUES`] without JSON, which is compared by the dialect's own words.
static FOUND: Table = Table::new("it_found", VALUES.columns.split_at(22).0).primary_key(&[0]);

static ONE: Table = Table::new("it_one", &[ColumnDef::new("id", ColumnType::I64).auto()]).primary_key(&[0]);

#[tokio::test]
async fn a_value_without_a_column_keeps_its_type() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&ONE]).await;
        client.command("INSERT INTO it_one VALUES (NULL)").await;
        let mut wrong = Vec::new();
        for row in rows() {
            for (value, column) in row.iter().zip(&VALUES.columns[1..]) {
                let mut select = Select::all_of(TableRef::new(&ONE));
                select.set_items(vec![Item::Expr(Expr::value(value.clone(), column.ty))]);
                let mut sink = Collect::new(&[column.ty]);
                let compiled = select.compile(server.driver.dialect()).unwrap();
                let expected = if let Value::Bool(value) = value { Value::I64((*value).into()) } else { value.clone() };
                match client.connection.fetch(&compiled, &mut sink).await {
                    Ok(()) if sink.rows == [[expected.clone()]] => {}
                    outcome => wrong.push(format!("{}: {expected:?} {:?} {outcome:?}", compiled.sql, sink.rows)),
                }
            }
        }
        assert!(wrong.is_empty(), "on {}: {wrong:#?}", server.driver.dialect().name());
        client.drop(&[&ONE]).await;
    }
}

static TEXTS: Table = Table::new(
    "it_texts",
    &[
        ColumnDef::new("id", ColumnType::I64).auto(),
        ColumnDef::new("text", ColumnType::Text { length: Some(768) }),
        ColumnDef::new("json", ColumnType::Json).nullable(),
    ],
)
.primary_key(&[0])
.uniques(&[Unique::new(&[1])]);

#[tokio::test]
async fn text_is_told_apart_by_code_point() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.create(&[&TEXTS]).await;
        let texts = ["a", "A", "a ", "ä", "a\u{308}", "Z", "z", "_", "ß", "ss", "😀", "😁", "\u{ffff}", "", " "];
        let rows = texts.iter().map(|text| vec![Value::Text((*text).into()), Value::Null]).collect();
        client.insert(&TEXTS, rows).await.unwrap();
        let found = client.fetch("SELECT text FROM it_texts ORDER BY text", &[], &[ColumnType::TEXT]).await.unwrap();
        let mut sorted = texts;
        sorted.sort_unstable();
        let found: Vec<Value> = found.into_iter().flatten().collect();
        assert_eq!(found, sorted.map(|text| Value::Text(text.into())));
        let mut matches = async |pattern: &str| {
            let binds = [bind(ValueRef::Text(pattern), ColumnType::TEXT)];
            let sql = "SELECT count(*) FROM it_texts WHERE text LIKE ?";
            client.fetch(sql, &binds, &[ColumnType::I64]).await.unwrap()
        };
        assert_eq!(matches("a%").await, [[Value::I64(3)]]);
        assert_eq!(matches("A%").await, [[Value::I64(1)]]);
        assert_eq!(matches(r"\_").await, [[Value::I64(1)]]);
        assert_eq!(matches("_").await, [[Value::I64(11)]]);
        let literals = "SELECT 'a' = 'A', 'a' = 'a ', 'a' LIKE 'A', ? = 'A'";
        let binds = [bind(ValueRef::Text("a"), ColumnType::TEXT)];
        let found = client.fetch(literals, &binds, &[ColumnType::I64; 4]).await.unwrap();
        assert_eq!(found, [[const { Value::I64(0) }; 4]]);
        client.drop(&[&TEXTS]).await;
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_an_error() {
    for server in servers().await {
        let mut client = server.connect().await;
        client.command("DROP TABLE IF EXISTS it_zero").await;
        client.command("CREATE TABLE it_zero (id int PRIMARY KEY, d date, m datetime(6), t time(6))").await;
        client.command("SET sql_mode = ''").await;
        client
            .command(
                "INSERT INTO it_zero VALUES (1, '0000-00-00', '0000-00-00', '-00:00:01'), \
                 (2, '2024-00-10', '2024-01-00', '24:00:00'), (3, NULL, NULL, '838:59:59')",
            )
            .await;
        for (column, ty) in [("d", ColumnType::Date), ("m", ColumnType::DateTime), ("m", ColumnType::Instant)] {
            for id in 1..=2 {
                let error =
                    client.value(&format!("SELECT {column} FROM it_zero WHERE id = {id}"), ty).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Decode);
                assert_eq!(error.columns().collect::<Vec<_>>(), [column]);
                assert!(error.to_string().contains("0000-00-00"), "{error}");
            }
            let null = client.value(&format!("SELECT {column} FROM it_zero WHERE id = 3"), ty).await.unwrap();
            assert_eq!(null, Value::Null);
        }
        for id in 1..=3 {
            let sql = format!("SELECT t FROM it_zero WHERE id = {id}");
            assert_eq!(client.value(&sql, ColumnType::Time).await.unwrap_err().kind(), ErrorKind::Decode);
        }
        client.command("DROP TABLE it_zero").await;

        let huge = "SELECT CAST('12345678901234567890123456789012' AS decimal(40, 2))";
        assert_eq!(client.value(huge, ColumnType::DECIMAL).await.unwrap_err().kind(), ErrorKind::Decode);
        let zeros = client.value("SELECT CAST('1.5' AS decimal(60, 30))", ColumnType::DECIMAL).await.unwrap();
        assert_eq!(zeros, Value::Decimal("1.5".parse().unwrap()));
        let short = client.value("SELECT x'0102'", ColumnType::Uuid).await.unwrap_err();
        assert_eq!(short.kind(), ErrorKind::Decode);
        assert_eq!(client.number("SELECT 1").await, 1, "the connection goes on");
    }
}

#[tokio::test]
async fn the_servers_own_types_are_what_they_are() {
    for server in servers().await {
        let mut client = server.connect().await;
        let cases = [
            ("SELECT count(*) FROM (SELECT 1 AS x) AS t", ColumnType::I64, Value::I64(1)),
            ("SELECT sum(x) FROM (SELECT 1 AS x) AS t", ColumnType::I64, Value::Decimal(1.into())),
            ("SELECT 1.50", ColumnType::F64, Value::Decimal("1.50".parse().unwrap())),
            // The sign of zero is lost on MariaDB; equal it stays.
            ("SELECT -0.0e0 = 0", ColumnType::I64, Value::I64(1)),
            ("SELECT 1.5e0", ColumnType::F64, Value::F64(1.5)),
            ("SELECT NULL", ColumnType::I64, Value::Null),
            ("SELECT 1 = 1", ColumnType::Bool, Value::I64(1)),
            ("SELECT x'00ff'", ColumnType::BYTES, Value::Bytes(vec![0, 255])),
            ("SELECT _binary 'abc'", ColumnType::TEXT, Value::Bytes(b"abc".to_vec())),
            ("SELECT CAST('2024-02-29' AS date)", ColumnType::Date, Value::Date(Date::from_ymd(2024, 2, 29).unwrap())),
            ("SELECT database()", ColumnType::TEXT, Value::Text("test".into())),
            ("SELECT CAST(18446744073709551615 AS unsigned)", ColumnType::U64, Value::U64(u64::MAX)),
        ];
        for (sql, ty, expected) in cases {
            assert!(client.value(sql, ty).await.unwrap() == expected, "{sql} on {}", server.driver.dialect().name());
        }
        client.command("DROP TABLE IF EXISTS it_odd").await;
        client
            .command("CREATE TABLE it_odd (b bit(3), y year, e enum('x','y'), s set('x','y'), f float, m mediumint, ts timestamp(6))")
            .await;
        client.command("INSERT INTO it_odd VALUES (5, 2024, 'y', 'x,y', 0.5, -3, '2024-01-01 00:00:00')").await;
        let types = [
            ColumnType::Other("bit"),
            ColumnType::I16,
            ColumnType::TEXT,
            ColumnType::TEXT,
            ColumnType::F32,
            ColumnType::I32,
            ColumnType::Instant,
        ];
        let row = client.fetch("SELECT * FROM it_odd", &[], &types).await.unwrap().remove(0);
        assert!(matches!(&row[0], Value::Other(other) if other.type_name == "BIT" && other.bytes == [5]));
        let instant = Value::Instant(DateTime::new(Date::from_ymd(2024, 1, 1).unwrap(), Time(0)));
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(row[1..], [Value::I64(2024), text("y"), text("x,y"), Value::F64(0.5), Value::I64(-3), instant]);
        client.command("DROP TABLE it_odd").await;
    }
}

#[tokio::test]
async fn values_of_several_packets_and_one_too_many() {
    for server in servers().await {
        let mut client = server.connect().await;
        let most = client.number("SELECT @@max_allowed_packet").await as usize;
        // The protocol cuts at 16 MiB; what one statement may hold in all is the server's setting.
        let bytes = vec![7_u8; most.min(20 << 20) - 4_096];
        let binds = [bind(ValueRef::Bytes(&bytes), ColumnType::BYTES)];
        let found = client.fetch("SELECT CAST(? AS BINARY)", &binds, &[ColumnType::BYTES]).await.unwrap();
        assert!(found == [[Value::Bytes(bytes)]], "on {}", server.driver.dialect().name());

        let bytes = vec![7_u8; most + 1];
        let binds = [bind(ValueRef::Bytes(&bytes), ColumnType::BYTES)];
        let error = client.execute("SELECT CAST(? AS BINARY)", &binds).await.unwrap_err();
        // Nothing was sent, and the connection goes on.
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Limit, Effect::Statement), "{error:?}");
        assert_eq!(client.number("SELECT 1").await, 1);
    }
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn a_text_that_comes_with_other_types_is_noticed() {
    for server in servers().await {
        let mut client = server.connect().await;
        let twice = tokio::spawn(async move {
            client.execute("SELECT ?", &[bind(ValueRef::I64(1), ColumnType::I64)]).await.unwrap();
            // Types that travel alike are the same.
            client.execute("SELECT ?", &[bind(ValueRef::Null, ColumnType::I8)]).await.unwrap();
            client.execute("SELECT ?", &[bind(ValueRef::Text("1"), ColumnType::TEXT)]).await
        });
        assert!(twice.await.is_err_and(|error| error.is_panic()));
    }
}
