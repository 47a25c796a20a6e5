//! Defaults that the database gives: one meaning on every backend, read back by creole and known to `check`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use creole::prelude::*;
use creole::query::Raw;
use creole::schema::{ColumnDef, ServerDefault, Table};
use creole::types::ColumnType;

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Plan {
    Free,
    Paid,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "given")]
struct Given {
    #[model(primary_key)]
    id: i32,
    #[model(server_default = now)]
    at: DateTime<Utc>,
    #[model(server_default = now)]
    local: NaiveDateTime,
    #[model(server_default = now)]
    day: NaiveDate,
    #[model(server_default = now)]
    clock: NaiveTime,
    #[model(server_default = uuid)]
    token: Uuid,
    #[model(server_default = uuid, sqlite = text)]
    text_token: Uuid,
    #[model(server_default = true)]
    yes: bool,
    #[model(server_default = false)]
    no: bool,
    #[model(server_default = -5)]
    small: i16,
    #[model(server_default = 18_000_000_000)]
    large: i64,
    #[model(server_default = 7)]
    unsigned: u32,
    #[model(server_default = 0.1)]
    float: f64,
    #[model(precision = 8, scale = 2, server_default = -1.5)]
    price: Decimal,
    #[model(precision = 8, scale = 2, sqlite = scaled_integer, server_default = 2.5)]
    scaled: Decimal,
    #[model(length = 60, server_default = text("it's \"a\\b\" ☕ %s"))]
    text: String,
    #[model(server_default = text(""))]
    long: String,
    #[model(server_default = text("Free"))]
    plan: Plan,
    #[model(server_default = 3)]
    maybe: Option<i64>,
}

async fn run(engine: &Engine, sql: &str) -> creole::Result<u64> {
    Raw::new().text(Box::leak(sql.to_owned().into_boxed_str())).exec(engine).await
}

#[creole::test]
async fn values_have_one_meaning(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Given]).await?;
    let differences = engine.check(tables![Given]).await?;
    assert!(differences.is_empty(), "{differences}");
    let before = creole::now();
    for id in 1..=30 {
        run(&engine, &format!("INSERT INTO given (id) VALUES ({id})")).await?;
    }
    let rows = Given::select().order_by(Given::id).all(&engine).await?;
    let after = creole::now();
    // SQLite's clock is of milliseconds, and the servers' are those of this machine.
    let slack = chrono::TimeDelta::seconds(60);
    let mut tokens: Vec<Uuid> = rows.iter().flat_map(|row| [row.token, row.text_token]).collect();
    assert!(tokens.iter().all(|token| token.get_version_num() == 4), "{tokens:?}");
    assert!(tokens.iter().all(|token| token.get_variant() == uuid::Variant::RFC4122), "{tokens:?}");
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 60);
    for row in &rows {
        assert!(before - slack < row.at && row.at < after + slack, "{row:?}");
        assert!((row.local.and_utc() - row.at).abs() < slack, "{row:?}");
        let moment = row.day.and_time(row.clock).and_utc();
        let apart = (moment - row.at).abs();
        assert!(apart < slack || (chrono::TimeDelta::days(1) - apart).abs() < slack, "{row:?}");
        let expected = Given {
            yes: true,
            no: false,
            small: -5,
            large: 18_000_000_000,
            unsigned: 7,
            float: 0.1,
            price: dec!(-1.50),
            scaled: dec!(2.50),
            text: "it's \"a\\b\" ☕ %s".into(),
            long: String::new(),
            plan: Plan::Free,
            maybe: Some(3),
            ..row.clone()
        };
        assert_eq!(*row, expected);
    }
    // What the database has given is found again by its value.
    for row in &rows {
        let by_time = Given::select().filter(Given::at.eq(row.at)).filter(Given::clock.eq(row.clock));
        let by_all = by_time.filter(Given::local.eq(row.local)).filter(Given::token.eq(row.token));
        assert_eq!(by_all.filter(Given::price.eq(row.price)).all(&engine).await?, std::slice::from_ref(row));
    }
    if engine.dialect().name() != "sqlite" {
        assert!(rows.iter().any(|row| row.at.timestamp_subsec_micros() % 1_000 != 0), "no microseconds: {rows:?}");
    }
    Ok(())
}

#[creole::test]
async fn omitted_columns_come_back(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "stamped")]
    struct Stamped {
        #[model(primary_key, auto)]
        id: i64,
        #[model(server_default = now)]
        at: DateTime<Utc>,
    }
    engine.create_all(tables![Stamped]).await?;
    let row = Stamped { id: 0, at: creole::now() };
    let given = insert(&row).omit(Stamped::at).returning().one(&engine).await?;
    assert_eq!(Stamped::find(given.id, &engine).await?, Some(given));
    Ok(())
}

#[creole::test]
async fn each_database_may_have_its_own_sql(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "own")]
    struct Own {
        #[model(primary_key)]
        id: i32,
        #[model(
            length = 20,
            server_default(
                sqlite = "'sq' || 'lite'",
                postgres = "'post' || 'gres'",
                mysql = "concat('my', 'sql')",
                mariadb = "concat('maria', 'db')"
            )
        )]
        name: String,
        #[model(server_default(
            sqlite = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
            postgres = "clock_timestamp()",
            mysql = "now(6)",
            mariadb = "now(6)",
        ))]
        at: DateTime<Utc>,
    }
    engine.create_all(tables![Own]).await?;
    let differences = engine.check(tables![Own]).await?;
    assert!(differences.is_empty(), "{differences}");
    run(&engine, "INSERT INTO own (id) VALUES (1)").await?;
    assert_eq!(Own::find(1, &engine).await?.map(|own| own.name).as_deref(), Some(engine.dialect().name()));
    Ok(())
}

fn table(ty: ColumnType, default: ServerDefault) -> &'static Table {
    let given = ColumnDef::new("given", ty).nullable().server_default(default);
    let columns = vec![ColumnDef::new("id", ColumnType::I32), given];
    Box::leak(Box::new(Table::new("defaulted", Box::leak(columns.into_boxed_slice())).primary_key(&[0])))
}

/// What each database would not give back as it should, and what it would.
#[creole::test]
async fn sql_that_would_not_be_read_back_is_refused(engine: Engine) -> creole::Result<()> {
    let name = engine.dialect().name();
    let times = [ColumnType::Time, ColumnType::DateTime, ColumnType::Instant];
    for ty in times {
        for sql in ["CURRENT_TIMESTAMP", "(current_timestamp)", "now()", "localtimestamp", "CURRENT_TIME", "'12:00'"] {
            let of = ServerDefault::Sql(sql);
            let result = table(ty, of).ddl(engine.dialect());
            let is_clock_of_mariadb = !matches!(sql, "CURRENT_TIME");
            let is_refused = match name {
                "sqlite" => true,
                "mysql" => sql != "'12:00'",
                "mariadb" => sql != "'12:00'" && !is_clock_of_mariadb,
                _ => false,
            };
            assert_eq!(result.is_err(), is_refused, "{sql} in {ty} on {name}");
            let Err(error) = result else { continue };
            assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("defaulted")));
            assert_eq!(error.columns().collect::<Vec<_>>(), ["given"]);
            assert!(error.to_string().contains("`server_default = now`"), "{error}");
            let error = engine.create_all(&[table(ty, of)]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
        }
    }
    for (ty, sql) in [
        (ColumnType::Date, "CURRENT_DATE"),
        (ColumnType::Date, "'2024-02-29'"),
        (ColumnType::Instant, "NULL"),
        (ColumnType::Text { length: Some(40) }, "'CURRENT_TIMESTAMP'"),
    ] {
        let table = table(ty, ServerDefault::Sql(sql));
        engine.create_all(&[table]).await?;
        let differences = engine.check(&[table]).await?;
        assert!(differences.is_empty(), "{sql}: {differences}");
        engine.drop_all(&[table]).await?;
    }
    let backslash = table(ColumnType::TEXT, ServerDefault::Sql(r"'a\'")).ddl(engine.dialect()).unwrap_err();
    assert!(
        backslash.to_string().contains("backslash") && backslash.to_string().contains("text(\"…\")"),
        "{backslash}"
    );
    let other = table(ColumnType::TEXT, ServerDefault::SqlOf(&[("other", "'a'")])).ddl(engine.dialect()).unwrap_err();
    assert!(other.to_string().contains(&format!("add `{name} = \"…\"`")), "{other}");
    Ok(())
}

#[creole::test]
async fn a_default_that_does_not_fit_is_refused(engine: Engine) -> creole::Result<()> {
    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    enum One {
        Only,
    }
    let _ = One::Only;
    let decimal = ColumnType::Decimal { precision: 4, scale: 2 };
    for (ty, default) in [
        (ColumnType::I16, ServerDefault::Number("40000")),
        (ColumnType::U8, ServerDefault::Number("-1")),
        (ColumnType::I64, ServerDefault::Number("1.5")),
        (decimal, ServerDefault::Number("100")),
        (decimal, ServerDefault::Number("0.001")),
        (ColumnType::Text { length: Some(2) }, ServerDefault::Text("abc")),
        (<One as creole::types::SqlValue>::TYPE, ServerDefault::Text("other")),
        (ColumnType::Bool, ServerDefault::Number("1")),
    ] {
        let error = engine.create_all(&[table(ty, default)]).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("defaulted")), "{ty}: {error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), ["given"]);
    }
    Ok(())
}

/// MariaDB makes the time of a default as fine as its column, and says so.
#[creole::test]
async fn check_knows_a_clock_as_fine_as_its_column(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "mariadb" {
        return Ok(());
    }
    for sql in ["CURRENT_TIMESTAMP", "now()", "localtimestamp()"] {
        let table = table(ColumnType::Instant, ServerDefault::Sql(sql));
        engine.create_all(&[table]).await?;
        let differences = engine.check(&[table]).await?;
        assert!(differences.is_empty(), "{differences}");
        run(&engine, "INSERT INTO defaulted (id) VALUES (1)").await?;
        engine.drop_all(&[table]).await?;
    }
    Ok(())
}

/// Times that other programs have written into a SQLite file are read; compared they are as the texts that they are.
#[creole::test]
async fn other_spellings_of_times_are_read(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "brought")]
    struct Brought {
        #[model(primary_key)]
        id: i32,
        at: DateTime<Utc>,
        local: NaiveDateTime,
        clock: NaiveTime,
    }
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    run(&engine, "CREATE TABLE brought (id INTEGER PRIMARY KEY, at DATETIME, local DATETIME, clock TIME)").await?;
    run(
        &engine,
        "INSERT INTO brought VALUES (1, '2024-02-29 12:00:00', '2024-02-29 12:00:00', '12:00:00'), \
         (2, '2024-02-29T14:00:00+02:00', '2024-02-29T12:00', '12:00'), \
         (3, '2024-02-29 12:00:00.000Z', '2024-02-29 12:00:00.0000009', '12:00:00.0')",
    )
    .await?;
    let noon = NaiveDate::from_ymd_opt(2024, 2, 29).and_then(|day| day.and_hms_opt(12, 0, 0)).expect("noon");
    for row in Brought::select().all(&engine).await? {
        let expected = Brought { id: row.id, at: noon.and_utc(), local: noon, clock: noon.time() };
        assert_eq!(row, expected);
    }
    assert_eq!(Brought::select().filter(Brought::at.eq(noon.and_utc())).count(&engine).await?, 0);
    run(&engine, "INSERT INTO brought VALUES (4, '2024-02-29', '2024-02-29', '12')").await?;
    assert_eq!(Brought::find(4, &engine).await.unwrap_err().kind(), ErrorKind::Decode);
    Ok(())
}
