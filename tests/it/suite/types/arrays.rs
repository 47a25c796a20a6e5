//! Arrays: where the database has them, and refused with a way out where it has not.

use creole::prelude::*;

use crate::health::healthy;

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[db_enum(rename_all = "lowercase")]
enum Color {
    Red,
    Green,
}

#[derive(DbType, Debug, Clone, PartialEq)]
struct Label(String);

#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "lists")]
struct Lists {
    #[model(primary_key)]
    id: i32,
    flags: Vec<bool>,
    tiny: Vec<i8>,
    small: Vec<i16>,
    ints: Vec<i32>,
    bigs: Vec<i64>,
    usmall: Vec<u16>,
    uints: Vec<u32>,
    singles: Vec<f32>,
    doubles: Vec<f64>,
    texts: Vec<String>,
    decimals: Vec<Decimal>,
    uuids: Vec<Uuid>,
    days: Vec<NaiveDate>,
    times: Vec<NaiveTime>,
    moments: Vec<NaiveDateTime>,
    instants: Vec<DateTime<Utc>>,
    documents: Vec<creole::JsonValue>,
    colors: Vec<Color>,
    labels: Vec<Label>,
    holes: Vec<Option<i32>>,
    maybe: Option<Vec<Option<String>>>,
    bytes: Vec<u8>,
}

fn full(id: i32) -> Lists {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    Lists {
        id,
        flags: vec![true, false],
        tiny: vec![i8::MIN, i8::MAX],
        small: vec![i16::MIN, i16::MAX],
        ints: vec![i32::MIN, 0, i32::MAX],
        bigs: vec![i64::MIN, (1 << 53) + 1, i64::MAX],
        usmall: vec![0, u16::MAX],
        uints: vec![0, u32::MAX],
        singles: vec![0.1, f32::MAX, f32::NEG_INFINITY],
        doubles: vec![0.1, 5e-324, f64::INFINITY, -0.0],
        texts: vec![String::new(), "NULL".into(), "a,\"b\"\\{}😀".into(), "x".repeat(100_000)],
        decimals: vec![dec!(0.0000000001), dec!(-999999999999999999.9999999999)],
        uuids: vec![Uuid::nil(), Uuid::max()],
        days: vec![day, NaiveDate::from_ymd_opt(9999, 12, 31).unwrap()],
        times: vec![time],
        moments: vec![day.and_time(time)],
        instants: vec![creole::now(), day.and_time(time).and_utc()],
        documents: vec![json!({"a": [1, null]}), json!(null)],
        colors: vec![Color::Green, Color::Red, Color::Green],
        labels: vec![Label("one".into())],
        holes: vec![None, Some(1), None],
        maybe: Some(vec![None, Some("two".into())]),
        bytes: vec![0, 255],
    }
}

#[creole::test]
async fn arrays_are_kept_or_refused_with_a_way_out(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "postgres" {
        engine.create_all(tables![Lists]).await?;
        let large = Lists { id: 3, ints: (0..100_000).collect(), ..Default::default() };
        for row in [full(1), Lists { id: 2, ..Default::default() }, large] {
            insert(&row).exec(&engine).await?;
            assert_eq!(Lists::find(row.id, &engine).await?, Some(row));
        }
        return Ok(());
    }
    let errors = [
        engine.create_all(tables![Lists]).await.unwrap_err(),
        insert(&full(1)).exec(&engine).await.unwrap_err(),
        update::<Lists>().set(Lists::ints, vec![1]).all_rows().exec(&engine).await.unwrap_err(),
        Lists::select().filter(Lists::texts.eq(vec!["a".to_owned()])).all(&engine).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unsupported, None), "{error}");
        assert!(error.to_string().contains("use `Json<Vec<…>>`"), "{error}");
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn an_array_is_found_by_its_value_and_changed(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    engine.create_all(tables![Lists]).await?;
    insert(&full(1)).exec(&engine).await?;
    insert(&Lists { id: 2, ..Default::default() }).exec(&engine).await?;
    let row = full(1);
    macro_rules! found_by {
        ($($column:ident),*) => {$(
            let found = Lists::select().filter(Lists::$column.eq(row.$column.clone())).one(&engine).await?;
            assert_eq!(found.id, 1, "by {}", stringify!($column));
        )*};
    }
    found_by!(flags, tiny, small, ints, bigs, usmall, uints, doubles, texts, decimals, uuids, days, times, moments);
    found_by!(colors, labels, documents, maybe);
    assert_eq!(Lists::select().filter(Lists::ints.eq(Vec::new())).one(&engine).await?.id, 2);
    assert_eq!(Lists::select().filter(Lists::maybe.is_null()).one(&engine).await?.id, 2);
    assert_eq!(Lists::select().filter(Lists::ints.is_in([vec![], vec![9]])).one(&engine).await?.id, 2);
    let many = std::iter::repeat_n([vec![], vec![9]], 100).flatten();
    assert_eq!(Lists::select().filter(Lists::ints.is_in(many)).one(&engine).await?.id, 2);
    assert_eq!(Lists::select().order_by(Lists::ints.desc()).first(&engine).await?.unwrap().id, 1);
    let mut session = engine.session();
    let handle = session.get::<Lists>(1).await?.unwrap();
    session[handle].holes.push(Some(7));
    session[handle].colors.clear();
    session.commit().await?;
    update::<Lists>().set(Lists::maybe, None).filter(Lists::id.eq(1)).exec(&engine).await?;
    let read = Lists::find(1, &engine).await?.unwrap();
    assert_eq!((read.holes, read.colors.is_empty(), read.maybe), (vec![None, Some(1), None, Some(7)], true, None));
    Ok(())
}

#[creole::test]
async fn an_element_that_does_not_fit_is_an_error(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "lists")]
    struct Whole {
        #[model(primary_key)]
        id: i32,
        holes: Vec<i32>,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "lists")]
    struct Plain {
        #[model(primary_key)]
        id: i32,
        ints: i32,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "lists")]
    struct Colored {
        #[model(primary_key)]
        id: i32,
        texts: Vec<Color>,
    }
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    engine.create_all(tables![Lists]).await?;
    for (row, column) in [
        (Lists { texts: vec!["a".into(), "b\0".into()], ..Default::default() }, "texts"),
        (Lists { decimals: vec![dec!(0.00000000001)], ..Default::default() }, "decimals"),
        (Lists { days: vec![NaiveDate::MAX], ..Default::default() }, "days"),
        (Lists { documents: vec![json!("\0")], ..Default::default() }, "documents"),
    ] {
        let error = insert(&row).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
        assert_eq!((error.table(), error.columns().next()), (Some("lists"), Some(column)), "{error}");
    }
    insert(&full(1)).exec(&engine).await?;
    let errors = [
        ("holes", Whole::select().one(&engine).await.unwrap_err()),
        ("ints", Plain::select().one(&engine).await.unwrap_err()),
        ("texts", Colored::select().one(&engine).await.unwrap_err()),
    ];
    for (column, error) in errors {
        assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("lists")), "{error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), [column], "{error}");
    }
    healthy(&engine).await;
    Ok(())
}
