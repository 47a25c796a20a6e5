//! Tables that other programs have made or changed: what `check` and `inspect` say is so.

use creole::inspect::{Aspect, Change};
use creole::prelude::*;
use creole::query::Raw;
use creole::types::ColumnType;

async fn run(engine: &Engine, statements: &[&'static str]) -> creole::Result<()> {
    for sql in statements {
        Raw::new().text(sql).exec(engine).await?;
    }
    Ok(())
}

mod digits {
    use creole::prelude::*;

    macro_rules! table {
        ($name:ident, $precision:literal, $scale:literal) => {
            #[derive(Model, Debug, Clone, PartialEq)]
            #[model(table = "digits")]
            pub(super) struct $name {
                #[model(primary_key)]
                pub(super) id: i32,
                #[model(precision = $precision, scale = $scale)]
                pub(super) usual: Decimal,
                #[model(precision = $precision, scale = $scale, sqlite = scaled_integer)]
                pub(super) scaled: Decimal,
            }
        };
    }
    table!(FourTwo, 4, 2);
    table!(FourThree, 4, 3);
    table!(FiveTwo, 5, 2);
    table!(TwoTwo, 2, 2);
    table!(ThreeZero, 3, 0);
}

#[creole::test]
async fn digits_of_decimals_are_seen(engine: Engine) -> creole::Result<()> {
    use digits::{FiveTwo, FourThree, FourTwo, ThreeZero, TwoTwo};
    let all = [FourTwo::table(), FourThree::table(), FiveTwo::table(), TwoTwo::table(), ThreeZero::table()];
    for table in all {
        engine.create_all(&[table]).await?;
        for other in all {
            let differences = engine.check(&[other]).await?;
            let of_type = differences
                .iter()
                .filter(|one| matches!(one.change, Change::Differs { aspect: Aspect::Type, .. }))
                .count();
            let expected = if std::ptr::eq(table, other) { 0 } else { 2 };
            assert_eq!((of_type, differences.len()), (expected, expected), "{differences}");
        }
        for (column, found) in table.columns.iter().zip(engine.inspect().columns("digits").await?) {
            assert_eq!(found.ty, Some(column.ty), "{found:?}");
        }
        engine.drop_all(&[table]).await?;
    }
    Ok(())
}

/// What has too many digits is not stored, whoever writes it, and zeros are no digits.
#[creole::test]
async fn digits_of_decimals_are_kept(engine: Engine) -> creole::Result<()> {
    use digits::FourTwo;
    engine.create_all(tables![FourTwo]).await?;
    for (id, number) in (0..).zip([dec!(0), dec!(99.99), dec!(-99.99), dec!(0.01), dec!(-0.01), dec!(10), dec!(-7.5)]) {
        let row = FourTwo { id, usual: number, scaled: number };
        insert(&row).exec(&engine).await?;
        assert_eq!(FourTwo::find(id, &engine).await?, Some(row));
        update::<FourTwo>()
            .filter(FourTwo::id.eq(id))
            .set(FourTwo::usual, FourTwo::usual * dec!(1.0))
            .exec(&engine)
            .await?;
        // A bound decimal of raw text is written with other zeros.
        sql!("UPDATE digits SET usual = {number} WHERE id = {id}").exec(&engine).await?;
        assert_eq!(FourTwo::find(id, &engine).await?.map(|row| row.usual), Some(number));
    }
    for number in [dec!(100), dec!(-100), dec!(1000.5)] {
        let row = FourTwo { id: 100, usual: number, scaled: dec!(0) };
        assert_eq!(insert(&row).exec(&engine).await.unwrap_err().kind(), ErrorKind::InvalidValue);
        let raw = sql!("UPDATE digits SET usual = {number} WHERE id = {1}").exec(&engine).await.unwrap_err();
        assert_eq!(raw.kind(), ErrorKind::InvalidValue, "{raw}");
    }
    if engine.dialect().name() == "sqlite" {
        for text in ["'0.001'", "'1e1'", "'abc'", "'100.00'", "''"] {
            let sql: &'static str = Box::leak(format!("UPDATE digits SET usual = {text}").into_boxed_str());
            let error = Raw::new().text(sql).exec(&engine).await;
            assert!(text == "''" || error.is_err(), "{text}");
        }
    }
    Ok(())
}

/// Each database's own: plain SQL of another program, and the model that describes it.
#[creole::test]
async fn what_other_programs_have_made_is_no_difference(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "parts")]
    struct Part {
        #[model(primary_key)]
        id: i64,
    }
    #[derive(Model)]
    #[model(table = "refs", check(code_is_small = sql!("{Ref::code} ~ '^[a-z]+$' AND {Ref::code} !~* 'q'")))]
    struct Ref {
        #[model(primary_key)]
        id: i64,
        #[model(references = Part::id)]
        part: i64,
        #[model(length = 10)]
        code: String,
        #[model(server_default = "'abc'")]
        bytes: Vec<u8>,
    }
    match engine.dialect().name() {
        "postgres" => {
            run(
                &engine,
                &[
                    "CREATE TABLE parts (id bigint NOT NULL, CONSTRAINT pk_parts PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (100)",
                    "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (200)",
                    "CREATE TABLE refs (id bigint CONSTRAINT pk_refs PRIMARY KEY, part bigint NOT NULL \
                     CONSTRAINT fk_refs_part_parts REFERENCES parts (id), code varchar(10) COLLATE \"C\" NOT NULL, \
                     bytes bytea NOT NULL DEFAULT '\\x616263', \
                     CONSTRAINT ck_refs_code_is_small CHECK (code ~ '^[a-z]+$' AND code !~* 'q'))",
                ],
            )
            .await?;
            let differences = engine.check(tables![Part, Ref]).await?;
            assert!(differences.is_empty(), "{differences}");
            assert_eq!(engine.inspect().foreign_keys("refs").await?.len(), 1);
            assert!(engine.inspect().primary_key("parts_1").await?.is_some());
        }
        "sqlite" => {
            run(&engine, &["CREATE VIRTUAL TABLE fts USING fts5(body)", "CREATE TABLE fts_own (id INTEGER)"]).await?;
            let names: Vec<String> = engine.inspect().tables().await?.into_iter().map(|name| name.name).collect();
            assert_eq!(names, ["fts", "fts_own"]);
        }
        "mysql" => {
            run(
                &engine,
                &["CREATE TABLE bits (id int, flags bit(3) DEFAULT b'101', bytes varbinary(4) DEFAULT x'61ff', \
                   text varchar(9) DEFAULT 'b''101''')"],
            )
            .await?;
            let columns = engine.inspect().columns("bits").await?;
            let defaults: Vec<_> = columns.iter().map(|column| column.default.as_deref()).collect();
            assert_eq!(defaults, [None, Some("b'101'"), Some("0x61FF"), Some("'b''101'''")]);
        }
        _ => {
            run(&engine, &["CREATE TABLE bits (id int, flags bit(3) DEFAULT b'101')"]).await?;
            assert_eq!(engine.inspect().columns("bits").await?[1].default.as_deref(), Some("b'101'"));
        }
    }
    Ok(())
}

mod old {
    use creole::prelude::*;

    #[derive(Model)]
    #[model(table = "renamed")]
    pub(super) struct Renamed {
        #[model(primary_key)]
        id: i32,
        small: u8,
        flag: bool,
        #[model(length = 4)]
        bytes: Vec<u8>,
        plan: super::Plan,
    }
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Plan {
    Free,
    Paid,
}

/// The check that belongs to a column's type keeps the column's old name.
#[creole::test]
async fn renamed_columns_are_no_difference(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "renamed")]
    struct Renamed {
        #[model(primary_key)]
        id: i32,
        // As the other one was called.
        flag: u8,
        other: bool,
        #[model(length = 4)]
        data: Vec<u8>,
        plan: Plan,
    }
    let _ = (Plan::Free, Plan::Paid);
    engine.create_all(tables![old::Renamed]).await?;
    run(
        &engine,
        &[
            "ALTER TABLE renamed RENAME COLUMN flag TO other",
            "ALTER TABLE renamed RENAME COLUMN small TO flag",
            "ALTER TABLE renamed RENAME COLUMN bytes TO data",
        ],
    )
    .await?;
    let differences = engine.check(tables![Renamed]).await?;
    assert!(differences.is_empty(), "{differences}");
    let columns = engine.inspect().columns("renamed").await?;
    assert_eq!(columns[3].ty, Some(ColumnType::Bytes { length: Some(4) }));
    assert!(engine.inspect().checks("renamed").await?.is_empty());
    Ok(())
}

/// On MySQL and MariaDB the names of such checks have the table in them.
#[creole::test]
async fn renamed_tables_have_the_checks_of_their_types(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![old::Renamed]).await?;
    run(&engine, &["ALTER TABLE renamed RENAME TO moved"]).await?;
    assert!(engine.inspect().checks("moved").await?.is_empty());
    let columns = engine.inspect().columns("moved").await?;
    assert!(columns[4].value_check.is_some(), "{columns:?}");
    Ok(())
}
