//! Section G, values in the text of a statement. creole binds values, but for those of checks and of the conditions of indexes:
//! there each kind must mean itself. A row that meets the check is taken, and one that does not is refused.
//!
//! | Case | Test |
//! | --- | --- |
//! | 94, 110 bools and numbers | `numbers_mean_themselves` |
//! | 97, 98, 103, 104 quotes, backslashes, percent signs, Unicode | `texts_mean_themselves` |
//! | 127 to 131, 139 times and UUIDs | `times_and_uuids_mean_themselves_or_are_refused` |

use creole::prelude::*;

const TEXTS: [&str; 7] = [
    "some 'text' hey \"hi there\" that's text",
    "backslash one \\ backslash two \\\\ end \\",
    "some % value and some %% other value",
    "?1 $1 :name {braces} -- no comment /* none */ ; `",
    "🐍 réveillé… « mouton »",
    "line\nbreak\r\n\ttab",
    "\\' \\\" \\n \\u0041",
];

#[creole::test]
async fn texts_mean_themselves(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "quoted", check(known = Quoted::text.is_in(TEXTS)))]
    struct Quoted {
        #[model(primary_key)]
        id: i32,
        #[model(length = 100)]
        text: String,
    }
    engine.create_all(tables![Quoted]).await?;
    for (id, text) in (0..).zip(TEXTS) {
        let row = Quoted { id, text: text.into() };
        insert(&row).exec(&engine).await?;
        assert_eq!(Quoted::select().filter(Quoted::text.eq(text)).all(&engine).await?, [row]);
        // What a text would be if something in it were taken for more than itself.
        for other in [text.replace('\\', ""), text.replace("%%", "%"), text.replace('\'', "''"), format!("{text} ")] {
            if other != text {
                let error = insert(&Quoted { id: 100, text: other }).exec(&engine).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::CheckViolation, "{text}");
            }
        }
    }
    let differences = engine.check(tables![Quoted]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn numbers_mean_themselves(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(
        table = "numbers",
        check(flag = Number::flag.eq(true)),
        check(whole = Number::whole.is_in([i64::MIN, -1, 0, i64::MAX])),
        check(decimal = Number::decimal.is_in([dec!(15.7563), dec!(-0.0001)])),
        check(scaled = Number::scaled.is_in([dec!(15.7563), dec!(-0.0001)])),
        check(float = Number::float.is_in([15.7563, -1e300, 1e-300]))
    )]
    struct Number {
        #[model(primary_key)]
        id: i32,
        flag: bool,
        whole: i64,
        #[model(precision = 8, scale = 4)]
        decimal: Decimal,
        #[model(precision = 8, scale = 4, sqlite = scaled_integer)]
        scaled: Decimal,
        float: f64,
    }
    engine.create_all(tables![Number]).await?;
    let good = Number { id: 0, flag: true, whole: 0, decimal: dec!(15.7563), scaled: dec!(15.7563), float: 15.7563 };
    let all = [
        good.clone(),
        Number { id: 1, whole: i64::MIN, decimal: dec!(-0.0001), scaled: dec!(-0.0001), float: -1e300, ..good.clone() },
        Number { id: 2, whole: i64::MAX, float: 1e-300, ..good.clone() },
    ];
    for row in &all {
        insert(row).exec(&engine).await?;
    }
    assert_eq!(Number::select().order_by(Number::id).all(&engine).await?, all);
    let bad = [
        Number { flag: false, ..good.clone() },
        Number { whole: i64::MAX - 1, ..good.clone() },
        Number { decimal: dec!(15.7562), ..good.clone() },
        Number { scaled: dec!(0.0001), ..good.clone() },
        Number { float: 15.75629, ..good.clone() },
    ];
    for row in bad {
        let error = insert(&Number { id: 9, ..row }).exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CheckViolation, "{error}");
    }
    let differences = engine.check(tables![Number]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn times_and_uuids_mean_themselves_or_are_refused(engine: Engine) -> creole::Result<()> {
    const ID: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2012, 10, 15).expect("a day")
    }

    fn moment() -> NaiveDateTime {
        day().and_hms_micro_opt(12, 57, 18, 39_642).expect("a moment")
    }

    #[derive(Model, Debug, Clone)]
    #[model(table = "days", check(day = Day::day.eq(day())))]
    struct Day {
        #[model(primary_key)]
        id: i32,
        day: NaiveDate,
    }

    #[derive(Model, Debug, Clone)]
    #[model(table = "moments", check(at = Moment::at.eq(moment())))]
    struct Moment {
        #[model(primary_key)]
        id: i32,
        at: NaiveDateTime,
    }

    #[derive(Model, Debug, Clone)]
    #[model(table = "times", check(at = Clock::at.eq(moment().time())))]
    struct Clock {
        #[model(primary_key)]
        id: i32,
        at: NaiveTime,
    }

    #[derive(Model, Debug, Clone)]
    #[model(table = "ids", check(known = Known::known.eq(ID)))]
    struct Known {
        #[model(primary_key)]
        id: i32,
        known: Uuid,
    }

    /// Either the check holds, or the table is refused with a way out.
    macro_rules! check {
        ($model:ident { $field:ident: $good:expr, $bad:expr }) => {
            match engine.create_all(tables![$model]).await {
                Ok(()) => {
                    insert(&$model { id: 1, $field: $good }).exec(&engine).await?;
                    let error = insert(&$model { id: 2, $field: $bad }).exec(&engine).await.unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::CheckViolation, "{error}");
                    let differences = engine.check(tables![$model]).await?;
                    assert!(differences.is_empty(), "{differences}");
                    engine.drop_all(tables![$model]).await?;
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}"),
            }
        };
    }

    check!(Day { day: day(), day().succ_opt().expect("a day") });
    check!(Moment { at: moment(), day().and_hms_opt(12, 57, 18).expect("a moment") });
    check!(Clock { at: moment().time(), NaiveTime::MIN });
    check!(Known { known: ID, Uuid::nil() });
    Ok(())
}
