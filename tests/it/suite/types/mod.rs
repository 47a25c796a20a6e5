//! Every type of the basic set: what was written reads back equal, and compares and sorts as Rust does.

mod arrays;
mod enums;
mod json;
mod newtypes;
mod numbers;
mod own;
mod times;
mod uuids;

use creole::JsonValue;
use creole::prelude::*;

use crate::models::{Everything, Level, MaybeEverything, Points, Product, Settings, product};

/// A row of ordinary values.
pub(super) fn ordinary(id: i32) -> Everything {
    Everything {
        id,
        flag: true,
        tiny: -7,
        small: -700,
        int: -70_000,
        big: -7_000_000_000,
        utiny: 7,
        usmall: 700,
        uint: 70_000,
        ubig: 7_000_000_000,
        single: 0.1,
        double: 0.1,
        text: "text".into(),
        bytes: vec![0, 1, 255],
        decimal: dec!(12345.6789),
        uuid: Uuid::from_u128(0x0192_1234_5678_7abc_8def_0123_4567_89ab),
        date: date(2024, 2, 29),
        time: time(12, 34, 56, 789_012),
        moment: date(2024, 2, 29).and_time(time(1, 2, 3, 4)),
        instant: instant("2024-02-29T23:59:59.999999Z"),
        json: json!({"a": [1, "zwei", null, {"b": 2.5}]}),
        settings: Json(Settings { theme: "dark".into(), scale: 1.25, panels: vec![Some(1), None] }),
        level: Level::High,
        points: Points(7),
    }
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

fn time(hour: u32, minute: u32, second: u32, micro: u32) -> NaiveTime {
    NaiveTime::from_hms_micro_opt(hour, minute, second, micro).expect("a time")
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Rows at the ends of what the types hold.
fn boundaries() -> Vec<Everything> {
    let lowest = Everything {
        flag: false,
        tiny: i8::MIN,
        small: i16::MIN,
        int: i32::MIN,
        big: i64::MIN,
        utiny: u8::MIN,
        usmall: u16::MIN,
        uint: u32::MIN,
        ubig: u64::MIN,
        single: f32::MIN,
        double: f64::MIN,
        text: String::new(),
        bytes: Vec::new(),
        decimal: dec!(-999999999999999999.9999999999),
        uuid: Uuid::nil(),
        date: date(1, 1, 1),
        time: time(0, 0, 0, 0),
        moment: date(1, 1, 1).and_time(time(0, 0, 0, 0)),
        instant: instant("0001-01-01T00:00:00Z"),
        json: JsonValue::Null,
        settings: Json::default(),
        level: Level::AlmostHigh,
        points: Points(i32::MIN),
        ..ordinary(1)
    };
    let highest = Everything {
        tiny: i8::MAX,
        small: i16::MAX,
        int: i32::MAX,
        big: i64::MAX,
        utiny: u8::MAX,
        usmall: u16::MAX,
        uint: u32::MAX,
        ubig: i64::MAX as u64,
        single: f32::MAX,
        double: f64::MAX,
        text: "😀 \u{202e}rtl\u{202c} \u{10ffff} ' \" \\ ; -- % _ \r\n\t".repeat(1_000),
        bytes: (0..=255).cycle().take(100_000).collect(),
        decimal: dec!(999999999999999999.9999999999),
        uuid: Uuid::max(),
        date: date(9999, 12, 31),
        time: time(23, 59, 59, 999_999),
        moment: date(9999, 12, 31).and_time(time(23, 59, 59, 999_999)),
        instant: instant("9999-12-31T23:59:59.999999Z"),
        json: json!({"": {"\"'\\": [true, false, 0, -1, 9_007_199_254_740_993_u64, 1e300, "😀"]}}),
        settings: Json(Settings { theme: "😀\u{1}".into(), scale: f64::MAX, panels: vec![Some(u64::MAX)] }),
        level: Level::Low,
        points: Points(i32::MAX),
        ..ordinary(2)
    };
    let odd = Everything {
        big: (1 << 53) + 1,
        ubig: (1 << 53) + 1,
        single: f32::MIN_POSITIVE,
        double: 5e-324,
        text: " trailing ".into(),
        decimal: dec!(0.0000000001),
        date: date(1969, 12, 31),
        moment: date(1900, 2, 28).and_time(time(23, 59, 59, 1)),
        instant: instant("1969-12-31T23:59:59.999999Z"),
        json: json!("a text"),
        settings: Json(Settings { scale: 1e16, ..Default::default() }),
        ..ordinary(3)
    };
    vec![lowest, highest, odd, ordinary(4)]
}

#[creole::test]
async fn what_was_written_reads_back_equal(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    for row in boundaries() {
        insert(&row).exec(&engine).await?;
        assert_eq!(Everything::find(row.id, &engine).await?, Some(row.clone()));
        let replaced = Everything { id: row.id + 100, ..row };
        assert_eq!(insert(&replaced).returning().one(&engine).await?, replaced);
    }
    Ok(())
}

#[creole::test]
async fn the_largest_unsigned_numbers_are_kept_or_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let row = Everything { ubig: u64::MAX, ..ordinary(1) };
    match insert(&row).exec(&engine).await {
        Ok(_) => assert_eq!(Everything::find(1, &engine).await?, Some(row)),
        // SQLite's integers end at 2^63 - 1.
        Err(error) => {
            assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("everything")));
            assert_eq!(error.columns().collect::<Vec<_>>(), ["ubig"]);
            assert_eq!(Everything::select().count(&engine).await?, 0);
        }
    }
    Ok(())
}

#[creole::test]
async fn none_and_some_of_every_type(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![MaybeEverything]).await?;
    let none = MaybeEverything { id: 1, ..Default::default() };
    let full = ordinary(2);
    let some = MaybeEverything {
        id: 2,
        flag: Some(full.flag),
        tiny: Some(full.tiny),
        small: Some(full.small),
        int: Some(full.int),
        big: Some(full.big),
        utiny: Some(full.utiny),
        usmall: Some(full.usmall),
        uint: Some(full.uint),
        ubig: Some(full.ubig),
        single: Some(full.single),
        double: Some(full.double),
        text: Some(full.text),
        bytes: Some(full.bytes),
        decimal: Some(full.decimal),
        uuid: Some(full.uuid),
        date: Some(full.date),
        time: Some(full.time),
        moment: Some(full.moment),
        instant: Some(full.instant),
        json: Some(full.json),
        settings: Some(full.settings),
        level: Some(full.level),
        points: Some(full.points),
    };
    // Alternating, because a prepared statement must not keep the types, or the NULLs, of its first run.
    for number in 0..3 {
        for row in [&none, &some] {
            let row = MaybeEverything { id: row.id + 10 * number, ..row.clone() };
            insert(&row).exec(&engine).await?;
            assert_eq!(MaybeEverything::find(row.id, &engine).await?, Some(row));
        }
    }
    assert_eq!(MaybeEverything::select().filter(MaybeEverything::json.is_null()).count(&engine).await?, 3);
    assert_eq!(MaybeEverything::select().filter(MaybeEverything::decimal.eq(None)).count(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn every_type_is_found_by_its_value_and_updated(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    for row in boundaries() {
        insert(&row).exec(&engine).await?;
    }
    for row in boundaries() {
        macro_rules! found_by {
            ($($column:ident),*) => {$(
                let found = Everything::select().filter(Everything::$column.eq(row.$column.clone()));
                let found: Vec<i32> = found.all(&engine).await?.into_iter().map(|row| row.id).collect();
                assert!(found.contains(&row.id), "{} by {}: {found:?}", row.id, stringify!($column));
                update::<Everything>().set(Everything::$column, row.$column.clone()).filter(Everything::id.eq(row.id)).exec(&engine).await?;
            )*};
        }
        found_by!(flag, tiny, small, int, big, utiny, usmall, uint, ubig, single, double, text, bytes, decimal);
        found_by!(uuid, date, time, moment, instant, settings, level, points);
        assert_eq!(Everything::find(row.id, &engine).await?, Some(row));
    }
    Ok(())
}

#[creole::test]
async fn every_type_sorts_as_rust_sorts_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let rows = boundaries();
    for row in &rows {
        insert(row).exec(&engine).await?;
    }
    macro_rules! sorts_by {
        ($($column:ident),*) => {$(
            let mut expected = rows.clone();
            expected.sort_by(|a, b| a.$column.partial_cmp(&b.$column).expect("ordered").then(a.id.cmp(&b.id)));
            let sorted = Everything::select().order_by((Everything::$column, Everything::id)).all(&engine).await?;
            let ids = |rows: &[Everything]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
            assert_eq!(ids(&sorted), ids(&expected), "by {}", stringify!($column));
            for row in &rows {
                let below = Everything::select().filter(Everything::$column.lt(row.$column.clone())).count(&engine).await?;
                let expected = rows.iter().filter(|other| other.$column < row.$column).count();
                assert_eq!(below, expected as u64, "below {} of row {}", stringify!($column), row.id);
            }
        )*};
    }
    sorts_by!(tiny, small, int, big, utiny, usmall, uint, ubig, single, double, text, bytes, decimal);
    sorts_by!(uuid, date, time, moment, instant, level, points);
    Ok(())
}

#[creole::test]
async fn decimals_are_one_number_however_they_are_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    for (name, price) in [("a", dec!(10)), ("b", dec!(10.0)), ("c", dec!(10.00)), ("d", dec!(9.5)), ("e", dec!(100))] {
        insert(&product(name, "x", price)).exec(&engine).await?;
    }
    for price in [dec!(10), dec!(10.0), dec!(10.00), dec!(10.000)] {
        assert_eq!(Product::select().filter(Product::price.eq(price)).count(&engine).await?, 3);
    }
    let sorted: Vec<String> = Product::select()
        .order_by((Product::price, Product::name))
        .all(&engine)
        .await?
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert_eq!(sorted, ["d", "a", "b", "c", "e"]);
    Ok(())
}

#[creole::test]
async fn what_is_finer_than_a_microsecond_is_cut_alike_on_writing_and_comparing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let fine = instant("2024-01-01T00:00:00.123456789Z");
    let fine_moment: NaiveDateTime = "1960-01-01T00:00:00.123456789".parse().expect("a moment");
    let row = Everything { instant: fine, moment: fine_moment, ..ordinary(1) };
    insert(&row).exec(&engine).await?;
    let read = Everything::select().filter(Everything::instant.eq(fine)).one(&engine).await?;
    assert_eq!(read.instant, instant("2024-01-01T00:00:00.123456Z"));
    let read = Everything::select().filter(Everything::moment.eq(fine_moment)).one(&engine).await?;
    assert_eq!(read.moment, "1960-01-01T00:00:00.123456".parse().expect("a moment"));
    let now = creole::now();
    insert(&Everything { instant: now, ..ordinary(2) }).exec(&engine).await?;
    assert_eq!(Everything::find(2, &engine).await?.expect("there").instant, now);
    Ok(())
}

#[creole::test]
async fn a_document_reads_back_with_its_content(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let documents = [
        json!(null),
        json!(true),
        json!(0),
        json!(-0.5),
        json!(""),
        json!([]),
        json!({}),
        json!({"b": 1, "a": 2, "aa": {"z": [], "y": {}}}),
        json!({"quote\"": "back\\slash", "new\nline": "tab\t", "dollar$": "$.a[0]", "emoji😀": "\u{1}"}),
        json!([1, 1.5, 1e100, i64::MIN, i64::MAX]),
    ];
    for (id, document) in (0..).zip(&documents) {
        insert(&Everything { json: document.clone(), ..ordinary(id) }).exec(&engine).await?;
        assert_eq!(&Everything::find(id, &engine).await?.expect("there").json, document);
    }
    Ok(())
}

#[cfg(feature = "time")]
#[creole::test]
async fn dates_and_times_of_the_time_crate(engine: Engine) -> creole::Result<()> {
    use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset};

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "appointments")]
    struct Appointment {
        #[model(primary_key)]
        id: i32,
        day: Date,
        hour: Time,
        moment: PrimitiveDateTime,
        instant: UtcDateTime,
        local: Option<OffsetDateTime>,
    }
    engine.create_all(tables![Appointment]).await?;
    let ends = [
        (Date::from_calendar_date(1, Month::January, 1), Time::from_hms_micro(0, 0, 0, 0)),
        (Date::from_calendar_date(9999, Month::December, 31), Time::from_hms_micro(23, 59, 59, 999_999)),
        (Date::from_calendar_date(1969, Month::December, 31), Time::from_hms_micro(23, 59, 59, 1)),
    ];
    for (id, (day, hour)) in (0..).zip(ends) {
        let (day, hour) = (day.expect("a day"), hour.expect("a time"));
        let moment = PrimitiveDateTime::new(day, hour);
        let row = Appointment { id, day, hour, moment, instant: moment.as_utc(), local: Some(moment.assume_utc()) };
        insert(&row).exec(&engine).await?;
        assert_eq!(Appointment::find(id, &engine).await?, Some(row.clone()));
        assert_eq!(Appointment::select().filter(Appointment::instant.eq(row.instant)).one(&engine).await?, row);
    }
    // The instant is kept and the offset is not; what is finer than a microsecond is cut.
    let offset = UtcOffset::from_hms(2, 0, 0).expect("an offset");
    let noon = OffsetDateTime::from_unix_timestamp_nanos(1_700_000_000_123_456_789).expect("an instant");
    update::<Appointment>().set(Appointment::local, noon.to_offset(offset)).all_rows().exec(&engine).await?;
    let read = Appointment::find(0, &engine).await?.and_then(|row| row.local).expect("there");
    assert_eq!(read.unix_timestamp_nanos(), 1_700_000_000_123_456_000);
    assert_eq!(read.offset(), UtcOffset::UTC);
    Ok(())
}
