//! Values there and back.

use creole_core::ErrorKind;
use creole_core::types::civil::{DAY, Date, DateTime, Time};
use creole_core::types::{ColumnType, JsonRef, Value, ValueRef};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::common::{POSTS, USERS, create, fetch, memory, number, statement, text};

const DECIMAL: ColumnType = ColumnType::Decimal { precision: 28, scale: 10 };

/// A column of a type, the type, and values that it keeps.
fn samples() -> Vec<(&'static str, &'static [ColumnType], Vec<Value>)> {
    let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
    let moments = [Date(-719_162).0, 0, -1, Date(2_932_896).0].map(|day| i64::from(day) * DAY);
    let json = |text: &str| Value::Json(Box::new(serde_json::from_str(text).unwrap()));
    vec![
        ("INTEGER", &[ColumnType::Bool], vec![Value::I64(0), Value::I64(1)]),
        ("INTEGER", &[ColumnType::I64], [i64::MIN, -1, 0, 1, i64::MAX].map(Value::I64).to_vec()),
        ("INTEGER", &[ColumnType::U64], [0, 1, i64::MAX as u64].map(Value::U64).to_vec()),
        (
            "REAL",
            &[ColumnType::F64],
            [
                0.0,
                1.0,
                -1.5,
                0.1,
                f64::MIN,
                f64::MAX,
                f64::MIN_POSITIVE,
                5e-324,
                f64::INFINITY,
                f64::NEG_INFINITY,
                1e15,
            ]
            .map(Value::F64)
            .to_vec(),
        ),
        (
            "TEXT",
            &[ColumnType::TEXT],
            ["", " ", "ä", "😀\u{200d}", "'; DROP TABLE t; --", "\"`?1$a:b@c", "\\", "%_", "\u{feff}", "1e3", "NULL"]
                .map(|text| Value::Text(text.into()))
                .to_vec(),
        ),
        (
            "BLOB",
            &[ColumnType::BYTES],
            [vec![], vec![0], (0..=255).collect(), vec![39; 100_000]].map(Value::Bytes).to_vec(),
        ),
        (
            "TEXT COLLATE decimal",
            &[DECIMAL],
            [
                "0",
                "0.0000000001",
                "-0.0000000001",
                "999999999999999999.9999999999",
                "-999999999999999999",
                "10.00",
                "9.5",
            ]
            .map(decimal)
            .to_vec(),
        ),
        ("BLOB", &[ColumnType::Uuid], [0, 1, u128::MAX].map(|id| Value::Uuid(Uuid::from_u128(id))).to_vec()),
        ("TEXT", &[ColumnType::Date], [-719_162, 0, 2_932_896].map(|day| Value::Date(Date(day))).to_vec()),
        ("TEXT", &[ColumnType::Time], [0, 1, DAY - 1].map(|time| Value::Time(Time(time))).to_vec()),
        ("TEXT", &[ColumnType::DateTime], moments.map(|time| Value::DateTime(DateTime(time + 1))).to_vec()),
        ("TEXT", &[ColumnType::Instant], moments.map(|time| Value::Instant(DateTime(time + DAY - 1))).to_vec()),
        ("TEXT", &[ColumnType::Json], [r#"{"a":[1,null,"ä\"'"]}"#, "null", "\"x\"", "1.5", "[]"].map(json).to_vec()),
    ]
}

#[tokio::test]
async fn every_type_reads_back_what_was_written() {
    let mut connection = memory().await;
    for (declared, types, values) in samples() {
        connection.command("DROP TABLE IF EXISTS t").await.unwrap();
        connection.command(&format!("CREATE TABLE t (n INTEGER PRIMARY KEY, v {declared}) STRICT")).await.unwrap();
        let ty = types[0];
        for value in values.iter().chain([&Value::Null]) {
            let insert = statement("INSERT INTO t (v) VALUES (?1)", &[(value.as_ref(), ty)]);
            assert_eq!(connection.execute(&insert).await.unwrap().rows_affected, 1);
            // What is written is also found: the comparison sees the same value as the reader.
            let find = statement("SELECT count(*) FROM t WHERE v IS ?1", &[(value.as_ref(), ty)]);
            let found = fetch(&mut *connection, &find, &[ColumnType::I64]).await.unwrap();
            assert_eq!(found, [[Value::I64(1)]], "{ty}: {value:?}");
        }
        let rows = fetch(&mut *connection, &statement("SELECT v FROM t ORDER BY n", &[]), types).await.unwrap();
        let read: Vec<Value> = rows.into_iter().flatten().collect();
        let mut expected = values;
        expected.push(Value::Null);
        assert_eq!(read, expected, "{ty}");
    }
}

/// SQLite keeps whole REALs as integers, which have no negative zero: it comes back as zero, which is equal to it.
#[tokio::test]
async fn a_negative_zero_comes_back_as_a_zero() {
    let mut connection = memory().await;
    connection.command("CREATE TABLE t (v REAL) STRICT").await.unwrap();
    connection
        .execute(&statement("INSERT INTO t VALUES (?1)", &[(ValueRef::F64(-0.0), ColumnType::F64)]))
        .await
        .unwrap();
    let rows = fetch(&mut *connection, &statement("SELECT v FROM t", &[]), &[ColumnType::F64]).await.unwrap();
    assert!(matches!(rows[0][0], Value::F64(zero) if zero == 0.0));
}

#[tokio::test]
async fn the_stored_forms_are_fixed() {
    let mut connection = memory().await;
    let cases: [(ValueRef<'_>, ColumnType, &str); 8] = [
        (ValueRef::Decimal("1.5".parse().unwrap()), ColumnType::Decimal { precision: 10, scale: 2 }, "1.50"),
        (ValueRef::Decimal("1.500".parse().unwrap()), ColumnType::Decimal { precision: 10, scale: 2 }, "1.50"),
        (ValueRef::Decimal(-Decimal::ZERO), ColumnType::Decimal { precision: 10, scale: 0 }, "0"),
        // A value that is only compared keeps the digits for which its column has no room.
        (ValueRef::Decimal("0.001".parse().unwrap()), ColumnType::Decimal { precision: 10, scale: 2 }, "0.001"),
        (ValueRef::Date(Date(0)), ColumnType::Date, "1970-01-01"),
        (ValueRef::Time(Time(0)), ColumnType::Time, "00:00:00.000000"),
        (ValueRef::DateTime(DateTime(-1)), ColumnType::DateTime, "1969-12-31T23:59:59.999999"),
        (ValueRef::Instant(DateTime(0)), ColumnType::Instant, "1970-01-01T00:00:00.000000Z"),
    ];
    for (value, ty, expected) in cases {
        let rows = fetch(&mut *connection, &statement("SELECT ?1", &[(value, ty)]), &[ColumnType::TEXT]).await.unwrap();
        assert_eq!(rows, [[Value::Text(expected.into())]]);
    }
}

#[tokio::test]
async fn what_is_not_in_its_types_form_is_a_decode_error() {
    let mut connection = memory().await;
    let cases: &[(&str, &'static [ColumnType])] = &[
        ("'1970-01-01T00:00:00.000000+01:00'", &[ColumnType::DateTime]),
        ("'1970-01-01'", &[ColumnType::DateTime]),
        ("'1970-01-01'", &[ColumnType::Instant]),
        ("'1970-01-01T25:00:00'", &[ColumnType::Instant]),
        ("'1970-1-1'", &[ColumnType::Date]),
        ("'12'", &[ColumnType::Time]),
        ("'x'", &[DECIMAL]),
        ("' 1'", &[DECIMAL]),
        ("'1_0'", &[DECIMAL]),
        ("'12345678901234567890123456789.5'", &[DECIMAL]),
        ("x'00'", &[ColumnType::Uuid]),
        ("CAST(x'ff' AS TEXT)", &[ColumnType::TEXT]),
    ];
    for (sql, types) in cases {
        let error = fetch(&mut *connection, &statement(&format!("SELECT {sql}"), &[]), types).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{sql}");
    }
    // The connection goes on after an error of the sink.
    assert_eq!(number(&mut *connection, "SELECT 1").await, 1);
}

#[tokio::test]
async fn a_value_of_another_class_is_handed_out_as_what_it_is() {
    let mut connection = memory().await;
    let types: &'static [ColumnType] =
        &[ColumnType::F64, ColumnType::I64, ColumnType::BYTES, ColumnType::Bool, DECIMAL];
    let rows = fetch(&mut *connection, &statement("SELECT 1, 1.5, 'u', 2, 3", &[]), types).await.unwrap();
    let expected = [Value::I64(1), Value::F64(1.5), Value::Text("u".into()), Value::I64(2), Value::I64(3)];
    assert_eq!(rows, [expected]);
}

#[tokio::test]
async fn a_number_beyond_sqlites_integers_is_refused_when_it_is_compared_too() {
    let mut connection = memory().await;
    for value in [ValueRef::U64(1 << 63), ValueRef::F64(f64::NAN)] {
        let error = connection.execute(&statement("SELECT ?1", &[(value, ColumnType::U64)])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
    }
    let other = ValueRef::Other { type_name: "inet", bytes: &[1] };
    assert!(connection.execute(&statement("SELECT ?1", &[(other, ColumnType::TEXT)])).await.is_err());
    let json = ValueRef::Json(JsonRef::Text("1.10"));
    let rows = fetch(&mut *connection, &statement("SELECT ?1", &[(json, ColumnType::Json)]), &[ColumnType::TEXT]).await;
    assert_eq!(rows.unwrap(), [[Value::Text("1.10".into())]], "a document that is text is sent as it is");
}

#[tokio::test]
async fn a_missing_value_is_an_error_and_not_null() {
    let mut connection = memory().await;
    let error =
        connection.execute(&statement("SELECT ?1, ?2", &[(ValueRef::I64(1), ColumnType::I64)])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
}

#[tokio::test]
async fn decimals_are_compared_sorted_and_kept_unique_by_value() {
    let mut connection = memory().await;
    connection.command("CREATE TABLE t (v TEXT COLLATE decimal UNIQUE) STRICT").await.unwrap();
    connection.command("INSERT INTO t VALUES ('10.00'), ('9.5'), ('-1'), ('1e1000'), ('x'), ('0.1')").await.unwrap();
    assert_eq!(
        text(&mut *connection, "SELECT group_concat(v, ' ') FROM (SELECT v FROM t ORDER BY v)").await,
        "-1 0.1 9.5 10.00 1e1000 x"
    );
    assert_eq!(number(&mut *connection, "SELECT count(*) FROM t WHERE v > '9.6' AND v <> '10'").await, 2);
    let error = connection.command("INSERT INTO t VALUES ('+0010')").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    let sql = "EXPLAIN QUERY PLAN SELECT v FROM t WHERE v > ?1";
    let query = statement(sql, &[(ValueRef::Decimal(1.into()), DECIMAL)]);
    let types = &[ColumnType::I64, ColumnType::I64, ColumnType::I64, ColumnType::TEXT];
    let plan = fetch(&mut *connection, &query, types).await.unwrap();
    assert!(matches!(&plan[0][3], Value::Text(plan) if plan.contains("SEARCH t USING COVERING INDEX")));
}

#[tokio::test]
async fn a_default_of_the_database_has_the_form_of_an_instant() {
    let mut connection = memory().await;
    create(&mut *connection, &USERS).await;
    create(&mut *connection, &POSTS).await;
    connection.command("PRAGMA foreign_keys = OFF").await.unwrap();
    let sql = "INSERT INTO posts (user_id, number) VALUES (1, 1) RETURNING created";
    let rows = fetch(&mut *connection, &statement(sql, &[]), &[ColumnType::Instant]).await.unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros() as i64;
    assert!(matches!(rows[0][0], Value::Instant(DateTime(time)) if (now - time).abs() < 60_000_000));
}
