//! Bad input: values that do not fit, structs that do not match their table, URLs that are wrong.

use chrono::{NaiveDate, NaiveDateTime};
use creole::prelude::*;

use crate::health::healthy;
use crate::models::{Everything, Product, User, product, user};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "samples", default)]
struct Sample {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 5)]
    name: String,
    note: String,
    #[model(length = 4)]
    bytes: Vec<u8>,
    small: u8,
    #[model(precision = 6, scale = 2)]
    price: Decimal,
    #[model(default = NaiveDate::default())]
    day: NaiveDate,
    #[model(default = NaiveDateTime::default())]
    moment: NaiveDateTime,
    double: f64,
    #[model(default = creole::json!(null))]
    document: creole::JsonValue,
}

#[creole::test]
async fn a_value_that_does_not_fit_is_refused_before_anything_is_sent(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    let year_10000 = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let year_0 = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
    type Spoil = fn(&mut Sample, NaiveDate);
    let spoilt: &[(&str, NaiveDate, Spoil)] = &[
        ("name", year_0, |row, _| row.name = "sechs!".into()),
        ("name", year_0, |row, _| row.name = "äöüßéx".into()),
        ("name", year_0, |row, _| row.name = "a\0b".into()),
        ("note", year_0, |row, _| row.note = "\0".into()),
        ("bytes", year_0, |row, _| row.bytes = vec![0; 5]),
        ("price", year_0, |row, _| row.price = dec!(10000)),
        ("price", year_0, |row, _| row.price = dec!(-10000.00)),
        ("price", year_0, |row, _| row.price = dec!(0.001)),
        ("price", year_0, |row, _| row.price = Decimal::MAX),
        ("day", year_10000, |row, day| row.day = day),
        ("day", year_0, |row, day| row.day = day),
        ("moment", year_10000, |row, day| row.moment = day.and_hms_opt(0, 0, 0).unwrap()),
        ("moment", year_0, |row, day| row.moment = day.and_hms_opt(23, 59, 59).unwrap()),
        ("document", year_0, |row, _| row.document = creole::json!({"a": ["b\0"]})),
    ];
    for (column, day, spoil) in spoilt {
        let mut row = Sample::default();
        spoil(&mut row, *day);
        let inserted = insert(&row).exec(&engine).await.unwrap_err();
        let compiled = insert(&row).sql(engine.dialect()).unwrap_err();
        let mut session = engine.session();
        session.add(row);
        let flushed = session.flush().await.unwrap_err();
        for error in [inserted, compiled, flushed] {
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
            let columns: Vec<_> = error.columns().collect();
            assert_eq!((error.table(), &*columns), (Some("samples"), &[*column][..]), "{error}");
            assert_eq!(error.code(), None, "the server was asked: {error}");
        }
    }
    healthy(&engine).await;
    assert_eq!(Sample::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_value_that_does_not_fit_is_refused_in_an_update_too(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    insert(&Sample::default()).exec(&engine).await?;
    let all = || update::<Sample>().all_rows();
    let year_10000 = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    for (column, update) in [
        ("name", all().set(Sample::name, "sechs!")),
        ("note", all().set(Sample::note, "\0")),
        ("bytes", all().set(Sample::bytes, vec![0; 5])),
        ("price", all().set(Sample::price, dec!(0.001))),
        ("price", all().set(Sample::price, 10_000)),
        ("day", all().set(Sample::day, year_10000)),
    ] {
        let error = update.exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
        assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("samples"), vec![column]), "{error}");
    }
    let mut session = engine.session();
    let handle = Sample::select().track(&mut session).await?.remove(0);
    session[handle].name = "sechs!".into();
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("samples")), "{error}");
    drop(session);
    healthy(&engine).await;
    let row = Sample::select().one(&engine).await?;
    assert_eq!(Sample { id: 0, ..row }, Sample::default());
    Ok(())
}

#[creole::test]
async fn what_just_fits_is_kept(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    let row = Sample {
        id: 7,
        name: "äöüßé".into(),
        note: "x".repeat(100_000),
        bytes: vec![0, 255, 0, 1],
        small: 255,
        price: dec!(-9999.99),
        day: NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap(),
        moment: NaiveDate::from_ymd_opt(1, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap(),
        double: f64::MIN_POSITIVE,
        document: creole::json!({"a": "\u{1}"}),
    };
    insert(&row).exec(&engine).await?;
    assert_eq!(Sample::find(7, &engine).await?, Some(row));
    Ok(())
}

#[creole::test]
async fn what_is_no_number_is_kept_or_refused_and_never_something_else(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    for double in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        match insert(&Sample { double, ..Default::default() }).returning().one(&engine).await {
            Ok(row) => assert_eq!(row.double.to_bits(), double.to_bits()),
            Err(error) => {
                assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
                assert_eq!((error.table(), error.columns().next()), (Some("samples"), Some("double")));
            }
        }
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_bad_value_beside_a_column_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Product]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let error = User::select().filter(User::email.eq("ada\0")).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
    let error = User::select().filter(User::email.is_in(["a", "b\0"])).count(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
    // A value that no row can have is no error to ask for.
    let long = "x".repeat(10_000);
    assert_eq!(User::select().filter(User::email.eq(long)).count(&engine).await?, 0);
    assert_eq!(Product::select().filter(Product::price.eq(dec!(0.001))).count(&engine).await?, 0);
    assert_eq!(Product::select().filter(Product::price.lt(Decimal::MAX)).count(&engine).await?, 0);
    healthy(&engine).await;
    Ok(())
}

mod mismatch {
    //! A struct that does not match its table.

    use super::*;

    /// The table as it is.
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "people")]
    struct Person {
        #[model(primary_key)]
        id: i64,
        name: String,
        nickname: Option<String>,
        born: i32,
    }

    async fn people(engine: &Engine) -> creole::Result<()> {
        engine.create_all(tables![Person]).await?;
        let ada = Person { id: 1, name: "Ada".into(), nickname: None, born: 1815 };
        insert(&ada).exec(engine).await.map(drop)
    }

    #[creole::test]
    async fn the_table_is_not_there(engine: Engine) -> creole::Result<()> {
        let ada = user("ada@example.com");
        let mut session = engine.session();
        session.add(ada.clone());
        let errors = [
            User::select().all(&engine).await.unwrap_err(),
            User::select().count(&engine).await.unwrap_err(),
            User::find(1, &engine).await.unwrap_err(),
            insert(&ada).exec(&engine).await.unwrap_err(),
            insert(&ada).returning().one(&engine).await.unwrap_err(),
            update::<User>().set(User::email, "x").all_rows().exec(&engine).await.unwrap_err(),
            delete::<User>().all_rows().exec(&engine).await.unwrap_err(),
            session.commit().await.unwrap_err(),
        ];
        drop(session);
        for error in errors {
            assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedTable, Some("users")), "{error}");
            assert!(error.to_string().contains("create_all"), "{error}");
        }
        healthy(&engine).await;
        Ok(())
    }

    #[creole::test]
    async fn a_column_is_not_there(engine: Engine) -> creole::Result<()> {
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "people")]
        struct Emailed {
            #[model(primary_key)]
            id: i64,
            name: String,
            email: String,
        }
        people(&engine).await?;
        let row = Emailed { id: 2, name: "Bob".into(), email: "x".into() };
        let errors = [
            Emailed::select().all(&engine).await.unwrap_err(),
            Person::select()
                .filter(Person::id.gt(0))
                .all(&engine)
                .await
                .and(Emailed::select().filter(Emailed::email.eq("x")).count(&engine).await)
                .unwrap_err(),
            insert(&row).exec(&engine).await.unwrap_err(),
            insert(&row).returning().one(&engine).await.unwrap_err(),
            update::<Emailed>().set(Emailed::email, "x").all_rows().exec(&engine).await.unwrap_err(),
            delete::<Emailed>().filter(Emailed::email.eq("x")).exec(&engine).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");
            assert_eq!(
                (error.table(), error.columns().collect::<Vec<_>>()),
                (Some("people"), vec!["email"]),
                "{error}"
            );
        }
        healthy(&engine).await;
        assert_eq!(Person::select().count(&engine).await?, 1);
        Ok(())
    }

    #[creole::test]
    async fn the_table_has_a_column_more_that_must_be_given(engine: Engine) -> creole::Result<()> {
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "people")]
        struct Unborn {
            #[model(primary_key)]
            id: i64,
            name: String,
        }
        people(&engine).await?;
        // Reading needs only the columns that the struct has.
        assert_eq!(Unborn::select().all(&engine).await?, [Unborn { id: 1, name: "Ada".into() }]);
        let error = insert(&Unborn { id: 2, name: "Bob".into() }).exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotNullViolation, "{error}");
        assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("people"), vec!["born"]), "{error}");
        healthy(&engine).await;
        Ok(())
    }

    #[creole::test]
    async fn a_column_has_another_type(engine: Engine) -> creole::Result<()> {
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "people")]
        struct Numbered {
            #[model(primary_key)]
            id: i64,
            name: i64,
        }
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "people")]
        struct Textual {
            #[model(primary_key)]
            id: i64,
            born: String,
        }
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "people")]
        struct Narrow {
            #[model(primary_key)]
            id: i64,
            born: u8,
        }
        people(&engine).await?;
        let mut session = engine.session();
        let errors = [
            ("name", Numbered::select().all(&engine).await.unwrap_err()),
            ("name", Numbered::find(1, &engine).await.unwrap_err()),
            ("name", session.get::<Numbered>(1).await.map(drop).unwrap_err()),
            ("born", Textual::select().one(&engine).await.unwrap_err()),
            ("born", Narrow::select().first(&engine).await.unwrap_err()),
        ];
        for (column, error) in errors {
            assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
            assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("people"), vec![column]), "{error}");
        }
        // Reading failed, and nothing else: the session goes on.
        assert_eq!(Person::select().count(&mut session).await?, 1);
        drop(session);
        healthy(&engine).await;
        Ok(())
    }

    #[creole::test]
    async fn null_where_the_struct_has_no_option(engine: Engine) -> creole::Result<()> {
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "people")]
        struct Nicknamed {
            #[model(primary_key)]
            id: i64,
            nickname: String,
        }
        people(&engine).await?;
        let error = Nicknamed::select().all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("people"), vec!["nickname"]), "{error}");
        assert!(error.to_string().contains("NULL"), "{error}");
        healthy(&engine).await;
        Ok(())
    }

    #[creole::test]
    async fn a_value_in_the_database_is_out_of_the_range_of_its_field(engine: Engine) -> creole::Result<()> {
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "counters")]
        struct Wide {
            #[model(primary_key)]
            id: i64,
            count: i64,
        }
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = "counters")]
        struct Counter {
            #[model(primary_key)]
            id: i64,
            count: u32,
        }
        engine.create_all(tables![Wide]).await?;
        for (id, count) in [(1, -1), (2, i64::from(u32::MAX) + 1), (3, 5)] {
            insert(&Wide { id, count }).exec(&engine).await?;
        }
        for id in [1, 2] {
            let error = Counter::find(id, &engine).await.unwrap_err();
            assert_eq!((error.kind(), error.columns().next()), (ErrorKind::Decode, Some("count")), "{error}");
        }
        assert_eq!(Counter::find(3, &engine).await?, Some(Counter { id: 3, count: 5 }));
        healthy(&engine).await;
        Ok(())
    }
}

#[creole::test]
async fn a_stream_ends_in_its_error_and_leaves_the_pool_whole(engine: Engine) -> creole::Result<()> {
    use futures_util::StreamExt as _;
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "users")]
    struct Nicknamed {
        #[model(primary_key)]
        id: i64,
        nickname: String,
    }
    engine.create_all(tables![User]).await?;
    for place in 0..600 {
        let nickname = (place != 300).then(|| "x".to_owned());
        insert(&User { nickname, ..user(&format!("{place}")) }).exec(&engine).await?;
    }
    let rows: Vec<_> = Nicknamed::select().order_by(Nicknamed::id).stream(&engine).collect().await;
    let error = rows.last().unwrap().as_ref().unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::Decode, Some("nickname")), "{error}");
    assert_eq!(error.table(), Some("users"), "{error}");
    assert!(rows[..rows.len() - 1].iter().all(Result::is_ok), "an error is the last thing a stream says");
    assert!(rows.len() <= 301);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn nothing_of_a_row_that_does_not_fit_is_left_beside_others(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Everything]).await?;
    let mut session = engine.session();
    for place in 0..50 {
        session.add(user(&format!("{place}")));
    }
    session.add(user(&"x".repeat(256)));
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::InvalidValue, Some("email")), "{error}");
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    drop(session);
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 0);
    insert(&product("a", "b", dec!(1))).exec(&engine).await.unwrap_err();
    Ok(())
}
