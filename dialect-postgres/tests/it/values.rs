//! Every type there and back, at its ends and with NULL.

use creole_core::types::civil::{Date, DateTime, Time};
use creole_core::types::{ColumnType, JsonRef, Value, ValueRef};
use creole_core::{ErrorKind, Result};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::support::{Collect, connect, execute, fetch, statement};

/// The columns, their types in the database, and what is written to them.
fn cases<'a>(json: &'a serde_json::Value) -> Vec<(ColumnType, &'static str, Vec<ValueRef<'a>>)> {
    use ColumnType as T;
    use ValueRef as V;
    let first = Date::from_ymd(1, 1, 1).unwrap();
    let last = Date::from_ymd(9999, 12, 31).unwrap();
    let last_moment = DateTime::new(last, Time::from_hms_micro(23, 59, 59, 999_999).unwrap());
    let decimals = |texts: &[&str]| texts.iter().map(|text| V::Decimal(text.parse().unwrap())).collect();
    vec![
        (T::Bool, "boolean", vec![V::Bool(true), V::Bool(false)]),
        (T::I8, "smallint", vec![V::I64(i8::MIN.into()), V::I64(i8::MAX.into())]),
        (T::I16, "smallint", vec![V::I64(i16::MIN.into()), V::I64(i16::MAX.into())]),
        (T::I32, "integer", vec![V::I64(i32::MIN.into()), V::I64(i32::MAX.into())]),
        (T::I64, "bigint", vec![V::I64(i64::MIN), V::I64(i64::MAX), V::I64(0)]),
        (T::U8, "smallint", vec![V::I64(0), V::I64(255)]),
        (T::U16, "integer", vec![V::I64(0), V::I64(65_535)]),
        (T::U32, "bigint", vec![V::I64(0), V::I64(u32::MAX.into())]),
        (T::F32, "real", vec![V::F64(f32::MAX.into()), V::F64(f64::from(0.1_f32)), V::F64(f64::NAN), V::F64(-0.0)]),
        (T::F64, "double precision", vec![V::F64(f64::MAX), V::F64(5e-324), V::F64(f64::INFINITY), V::F64(0.1)]),
        (T::TEXT, "text", vec![V::Text(""), V::Text("it's \\ \"q\" \u{10ffff}\n"), V::Text("äöü")]),
        (T::Text { length: Some(3) }, "varchar(3)", vec![V::Text("äöü"), V::Text("a  ")]),
        (T::BYTES, "bytea", vec![V::Bytes(&[]), V::Bytes(&[0, 255, 0x5c])]),
        (
            T::DECIMAL,
            "numeric(28, 10)",
            decimals(&["0", "-999999999999999999.9999999999", "0.0000000001", "10000", "1.5"]),
        ),
        (
            T::DECIMAL,
            "numeric",
            decimals(&["79228162514264337593543950335", "-7.9228162514264337593543950335", "1.500"]),
        ),
        (T::Uuid, "uuid", vec![V::Uuid(Uuid::nil()), V::Uuid(Uuid::max())]),
        (T::Date, "date", vec![V::Date(first), V::Date(last), V::Date(Date(0))]),
        (T::Time, "time", vec![V::Time(Time(0)), V::Time(last_moment.time())]),
        (
            T::DateTime,
            "timestamp",
            vec![V::DateTime(DateTime::new(first, Time(0))), V::DateTime(last_moment), V::DateTime(DateTime(-1))],
        ),
        (
            T::Instant,
            "timestamptz",
            vec![V::Instant(DateTime::new(first, Time(0))), V::Instant(last_moment), V::Instant(DateTime(1))],
        ),
        (T::Json, "jsonb", vec![V::Json(JsonRef::Tree(json)), V::Json(JsonRef::Text("[1, 2.50, null]"))]),
    ]
}

#[tokio::test]
async fn every_value_comes_back_as_it_went() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let json = serde_json::json!({"k\"": [1, "x", null, true, {"": 18446744073709551615_u64}], "π": 0.1});
    for (place, (ty, name, values)) in cases(&json).into_iter().enumerate() {
        execute(&mut *connection, &format!("CREATE TEMP TABLE t{place} (n int, v {name})")).await?;
        let insert = format!("INSERT INTO t{place} VALUES ($1, $2)");
        let mut all = values.clone();
        all.push(ValueRef::Null);
        for (row, value) in all.iter().enumerate() {
            let binds = [(ValueRef::I64(row as i64), ColumnType::I32), (*value, ty)];
            assert_eq!(connection.execute(&statement(&insert, &binds)).await?.rows_affected, 1, "{ty} {name}");
            if matches!((value, ty), (ValueRef::Null, _)) {
                continue;
            }
            // The value is also found again by comparing with it.
            let found =
                statement(&format!("SELECT n FROM t{place} WHERE v = $1 AND n = $2"), &[(*value, ty), binds[0]]);
            let mut sink = Collect::new(&[ColumnType::I32]);
            connection.fetch(&found, &mut sink).await?;
            assert_eq!(sink.rows, [[Value::I64(row as i64)]], "{ty} {name} {value:?}");
        }
        let read = fetch(&mut *connection, &format!("SELECT v FROM t{place} ORDER BY n"), &[ty]).await?;
        assert_eq!(read.len(), all.len());
        for (read, written) in read.iter().zip(&all) {
            assert_eq!(read[0], ValueRef::to_owned(*written), "{ty} {name}");
            if let (Value::F64(read), ValueRef::F64(written)) = (&read[0], written) {
                assert_eq!(read.to_bits(), written.to_bits());
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn large_values_and_as_many_as_there_can_be() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let text = "ä".repeat(2 << 20);
    let bytes = vec![0xfe; 5 << 20];
    let mut sink = Collect::new(&[ColumnType::TEXT, ColumnType::BYTES]);
    let binds = [(ValueRef::Text(&text), ColumnType::TEXT), (ValueRef::Bytes(&bytes), ColumnType::BYTES)];
    connection.fetch(&statement("SELECT $1::text, $2::bytea", &binds), &mut sink).await?;
    assert!(sink.rows == [[Value::Text(text.clone()), Value::Bytes(bytes.clone())]]);

    execute(&mut *connection, "CREATE TEMP TABLE many (n int)").await?;
    let insert = |count: i64| {
        let places: Vec<String> = (1..=count).map(|place| format!("(${place})")).collect();
        let binds: Vec<_> = (1..=count).map(|number| (ValueRef::I64(number), ColumnType::I32)).collect();
        statement(&format!("INSERT INTO many VALUES {}", places.join(", ")), &binds)
    };
    assert_eq!(connection.execute(&insert(65_535)).await?.rows_affected, 65_535);
    let error = connection.execute(&insert(65_536)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let sum = crate::support::number(&mut *connection, "SELECT sum(n)::int8 FROM many").await;
    assert_eq!(sum, 65_535 * 65_536 / 2);
    Ok(())
}

#[tokio::test]
async fn large_numbers_without_a_sign_keep_every_digit_and_use_the_index() -> Result<()> {
    use creole_core::driver::Connection;
    let Some(mut connection) = connect().await else { return Ok(()) };
    let connection: &mut dyn Connection = &mut *connection;
    execute(connection, "CREATE TEMP TABLE big (id bigint PRIMARY KEY, n numeric(20) UNIQUE)").await?;
    let large = ColumnType::Decimal { precision: 20, scale: 0 };
    for (number, sql, ty) in [
        (7, "INSERT INTO big VALUES ($1, $1)", ColumnType::U64),
        (i64::MAX as u64, "INSERT INTO big VALUES ($1, $1)", ColumnType::U64),
        (u64::MAX, "INSERT INTO big VALUES (1, $1) /* $1 numeric */", large),
    ] {
        connection.execute(&statement(sql, &[(ValueRef::U64(number), ty)])).await?;
    }
    let rows = fetch(connection, "SELECT n FROM big ORDER BY n", &[ColumnType::U64]).await?;
    let expected = [7_u64, i64::MAX as u64, u64::MAX].map(|number| vec![Value::Decimal(Decimal::from(number))]);
    assert_eq!(rows, expected);
    execute(connection, "SET enable_seqscan = off").await?;
    for (column, number, ty) in [("id", 7, ColumnType::U64), ("n", 7, ColumnType::U64), ("n", u64::MAX, large)] {
        let mark = if ty == large { " /* $1 numeric */" } else { "" };
        let explain =
            statement(&format!("EXPLAIN SELECT 1 FROM big WHERE {column} = $1{mark}"), &[(ValueRef::U64(number), ty)]);
        let mut plan = Collect::new(&[ColumnType::TEXT]);
        connection.fetch(&explain, &mut plan).await?;
        let Value::Text(first) = &plan.rows[0][0] else { panic!("no plan") };
        assert!(first.contains("Index"), "{column}: {first}");
    }
    // No bigint holds it: an error, not another number.
    let sql = "INSERT INTO big VALUES ($1, 2) /* $1 numeric */";
    let error = connection.execute(&statement(sql, &[(ValueRef::U64(u64::MAX), large)])).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, Some("22003")));
    Ok(())
}

#[tokio::test]
async fn numbers_written_by_the_server_are_read_exactly() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
    println!("seed {seed}");
    let mut state = seed;
    let mut texts =
        vec!["0".to_owned(), "0.00".into(), "1e20".into(), "1e-28".into(), "100000000000000000000.00000001".into()];
    for _ in 0..500 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let scale = (state >> 33) % 29;
        let digits = (state >> 11) % 10_u64.pow(((state >> 50) % 18 + 1) as u32);
        let sign = if state >> 63 == 0 { "" } else { "-" };
        texts.push(format!("{sign}{digits}e-{scale}"));
    }
    let list: Vec<String> = texts.iter().map(|text| format!("('{text}'::numeric)")).collect();
    let sql = format!("SELECT n, n::text FROM (VALUES {}) v(n)", list.join(", "));
    for row in fetch(&mut *connection, &sql, &[ColumnType::DECIMAL, ColumnType::TEXT]).await? {
        let (Value::Decimal(number), Value::Text(text)) = (&row[0], &row[1]) else { panic!("{row:?}") };
        assert_eq!(number.to_string(), *text, "seed {seed}");
    }
    Ok(())
}

#[tokio::test]
async fn what_no_value_can_hold_is_a_decode_error_that_shows_nothing() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    for (sql, ty) in [
        ("SELECT 'NaN'::numeric", ColumnType::DECIMAL),
        ("SELECT 'Infinity'::numeric", ColumnType::DECIMAL),
        ("SELECT 12345678901234567890123456789012345678901234567890::numeric", ColumnType::DECIMAL),
        ("SELECT 0.12345678901234567890123456789012345::numeric", ColumnType::DECIMAL),
        ("SELECT 'infinity'::date", ColumnType::Date),
        ("SELECT '-infinity'::timestamp", ColumnType::DateTime),
        ("SELECT 'infinity'::timestamptz", ColumnType::Instant),
    ] {
        let error = fetch(&mut *connection, sql, &[ty]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{sql}");
        crate::support::assert_hidden(&error, "12345");
        // The connection goes on.
        assert_eq!(crate::support::number(&mut *connection, "SELECT 7::int8").await, 7);
    }
    Ok(())
}

#[tokio::test]
async fn other_types_are_handed_out_as_what_they_are() -> Result<()> {
    let Some(mut connection) = connect().await else { return Ok(()) };
    execute(&mut *connection, "DROP TYPE IF EXISTS pg_temp.mood").await?;
    execute(&mut *connection, "CREATE TYPE pg_temp.mood AS ENUM ('fine', 'not fine')").await?;
    execute(&mut *connection, "CREATE DOMAIN pg_temp.positive AS int CHECK (value > 0)").await?;
    let sql = "SELECT 'fine'::pg_temp.mood, 5::pg_temp.positive, 'n'::name, 'x '::char(3), '{\"a\": 1}'::json, \
               4294967295::oid, 'q'::\"char\", '10.0.0.1'::inet, '12:00+02'::timetz, ARRAY['10.0.0.1'::inet], NULL::inet, ARRAY[1, NULL]";
    let types = [ColumnType::TEXT; 12];
    let row = fetch(&mut *connection, sql, &types).await?.remove(0);
    let text = |text: &str| Value::Text(text.into());
    assert_eq!(row[0], text("fine"));
    assert_eq!(row[1], Value::I64(5));
    assert_eq!((&row[2], &row[3]), (&text("n"), &text("x  ")));
    assert_eq!(row[4], Value::Json(Box::new(serde_json::json!({"a": 1}))));
    assert_eq!(row[5], Value::I64(4_294_967_295));
    assert_eq!(row[6], text("q"));
    for (place, name) in [(7, "INET"), (8, "TIMETZ"), (9, "INET[]")] {
        let Value::Other(other) = &row[place] else { panic!("{place}: {:?}", row[place]) };
        assert_eq!(other.type_name, name);
    }
    assert_eq!(row[10], Value::Null);
    assert_eq!(row[11], Value::Array(vec![Value::I64(1), Value::Null]));
    // A value of such a type goes back as it came.
    let Value::Other(address) = &row[7] else { panic!("not an address") };
    let bind = ValueRef::Other { type_name: "inet", bytes: &address.bytes };
    let mut sink = Collect::new(&[ColumnType::TEXT]);
    connection.fetch(&statement("SELECT host($1)", &[(bind, ColumnType::Other("inet"))]), &mut sink).await?;
    assert_eq!(sink.rows, [[text("10.0.0.1")]]);
    Ok(())
}
