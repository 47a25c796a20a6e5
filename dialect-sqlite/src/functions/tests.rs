use rusqlite::Connection;

use super::install;

fn db() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    install(&db).unwrap();
    db
}

#[track_caller]
fn text(db: &Connection, sql: &str) -> Option<String> {
    db.query_row(&format!("SELECT {sql}"), [], |row| row.get::<_, Option<String>>(0)).unwrap()
}

#[test]
fn arithmetic_is_exact() {
    let db = db();
    let cases = [
        ("decimal('1.50')", "1.50"),
        ("decimal('-1e3')", "-1000"),
        ("decimal(7)", "7"),
        ("decimal('+1')", "1"),
        ("decimal('.5')", "0.5"),
        ("decimal('5.')", "5"),
        ("decimal('1.5E+2')", "150"),
        ("decimal_add('0.1', '0.20')", "0.30"),
        ("decimal_add('9999999999999999999999999999', '0.0000000001')", "9999999999999999999999999999.0000000001"),
        ("decimal_sub('1', '1.00')", "0.00"),
        ("decimal_mul('1.10', '1.10')", "1.21"),
        ("decimal_mul('2.50', '4.00')", "10.00"),
        ("decimal_mul('-0.5', '0')", "0"),
        ("creole_decimal_div('1', '3', 10)", "0.3333333333"),
        ("creole_decimal_div('-2', '3', 2)", "-0.67"),
        ("creole_decimal_div('1', '8', 2)", "0.13"),
        ("creole_decimal_div('-1', '8', 2)", "-0.13"),
        ("creole_decimal_div('1e-20', '1e-10', 12)", "0.000000000100"),
        ("creole_decimal_rem('-7.5', '2')", "-1.5"),
        ("creole_decimal_fit('1.005', 5, 2)", "1.01"),
        ("creole_decimal_fit('-1.005', 5, 2)", "-1.01"),
        ("creole_decimal_fit('2', 5, 2)", "2.00"),
        ("creole_decimal_fit('-0.001', 5, 2)", "0.00"),
    ];
    for (sql, expected) in cases {
        assert_eq!(text(&db, sql).as_deref(), Some(expected), "{sql}");
    }
    let order: i64 = db.query_row("SELECT decimal_cmp('100', '99.5')", [], |row| row.get(0)).unwrap();
    assert_eq!(order, 1);
}

#[test]
fn null_and_zero_give_null() {
    let db = db();
    for sql in [
        "decimal(NULL)",
        "decimal_add('1', NULL)",
        "creole_decimal_div('1', '0.00', 2)",
        "creole_decimal_rem('1', '0')",
        "creole_decimal_fit(NULL, 5, 2)",
        "creole_lower(NULL)",
        "decimal_sum(x) FROM (SELECT NULL AS x)",
        "creole_decimal_avg(x, 2) FROM (SELECT 1 AS x WHERE 0)",
    ] {
        assert_eq!(text(&db, sql), None, "{sql}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    let db = db();
    for sql in [
        "decimal('abc')",
        "decimal_add('1', x'31')",
        "decimal('1e999999999')",
        "creole_decimal_fit('999.995', 5, 2)",
        "creole_decimal_div('1', '3', -1)",
    ] {
        let result = db.query_row(&format!("SELECT {sql}"), [], |_| Ok(()));
        assert!(matches!(result, Err(rusqlite::Error::SqliteFailure(..))), "{sql}: {result:?}");
    }
}

#[test]
fn many_numbers() {
    let db = db();
    let rows = "(SELECT '0.1' AS x UNION ALL SELECT '0.20' UNION ALL SELECT NULL UNION ALL SELECT '100')";
    assert_eq!(text(&db, &format!("decimal_sum(x) FROM {rows}")).as_deref(), Some("100.30"));
    assert_eq!(text(&db, &format!("creole_decimal_avg(x, 3) FROM {rows}")).as_deref(), Some("33.433"));
    let sql = format!("decimal_sum(x) OVER (ROWS 1 PRECEDING) FROM {rows} LIMIT 1 OFFSET 1");
    assert_eq!(text(&db, &sql).as_deref(), Some("0.30"));
}

#[test]
fn letters_are_mapped_one_to_one() {
    let db = db();
    assert_eq!(text(&db, "creole_lower('ÄÖ ΣΑΣ Straße')").as_deref(), Some("äö σασ straße"));
    assert_eq!(text(&db, "creole_upper('äö σασ ß ÿ')").as_deref(), Some("ÄÖ ΣΑΣ ß Ÿ"));
}

#[test]
fn the_forms_of_columns_turn_into_each_other() {
    let db = db();
    for (kept, scale, value) in [
        ("0", 0, "0"),
        ("0", 3, "0.000"),
        ("-5", 2, "-0.05"),
        ("1250", 2, "12.50"),
        ("999999999999999999", 18, "0.999999999999999999"),
        ("-999999999999999999", 0, "-999999999999999999"),
    ] {
        assert_eq!(text(&db, &format!("creole_unscaled({kept}, {scale})")).as_deref(), Some(value));
        assert_eq!(text(&db, &format!("CAST(creole_scaled('{value}', 18, {scale}) AS TEXT)")).as_deref(), Some(kept));
    }
    assert_eq!(text(&db, "CAST(creole_scaled('-0.005', 5, 2) AS TEXT)").as_deref(), Some("-1"));
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(text(&db, &format!("creole_uuid_text(creole_uuid('{id}'))")).as_deref(), Some(id));
    for sql in ["creole_unscaled(NULL, 2)", "creole_scaled(NULL, 5, 2)", "creole_uuid(NULL)", "creole_uuid_text(NULL)"]
    {
        assert_eq!(text(&db, sql), None, "{sql}");
    }
    for sql in [
        "creole_unscaled('1', 2)",
        "creole_unscaled(1.0, 2)",
        "creole_scaled('999.995', 5, 2)",
        "creole_uuid('67E55044-10B1-426F-9247-BB680E5FE0C8')",
        "creole_uuid('67e5504410b1426f9247bb680e5fe0c8')",
        "creole_uuid(x'00')",
        "creole_uuid_text(x'00')",
        "creole_uuid_text('x')",
    ] {
        let result = db.query_row(&format!("SELECT {sql}"), [], |_| Ok(()));
        assert!(matches!(result, Err(rusqlite::Error::SqliteFailure(..))), "{sql}: {result:?}");
    }
}

#[test]
fn values_of_a_list_are_read_from_their_digits() {
    let db = db();
    let float = |sql: &str| db.query_row(&format!("SELECT {sql}"), [], |row| row.get::<_, Option<f64>>(0));
    assert_eq!(float("creole_listed_float('3fb999999999999a')").unwrap(), Some(0.1));
    assert_eq!(float("creole_listed_float('7ff0000000000000')").unwrap(), Some(f64::INFINITY));
    assert_eq!(float("creole_listed_float(NULL)").unwrap(), None);
    let bytes = |sql: &str| db.query_row(&format!("SELECT {sql}"), [], |row| row.get::<_, Option<Vec<u8>>>(0));
    assert_eq!(bytes("creole_listed_bytes('00ff1a')").unwrap(), Some(vec![0, 0xff, 0x1a]));
    assert_eq!(bytes("creole_listed_bytes('')").unwrap(), Some(Vec::new()));
    assert_eq!(bytes("creole_listed_bytes(NULL)").unwrap(), None);
    for wrong in ["creole_listed_bytes('0')", "creole_listed_bytes('0g')", "creole_listed_bytes('äa')"] {
        assert!(bytes(wrong).is_err(), "{wrong}");
    }
    assert!(float("creole_listed_float('x')").is_err());
}
