//! Each column type read as each Rust type: the very value, or a decode error. What came of it stands in `docs/types.md`,
//! which the test compares with what it finds, and writes anew where `CREOLE_WRITE_DOCS` is set.

mod facts;
mod page;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use creole::JsonValue;
use creole::prelude::*;
use creole::query::Expr;
use creole::types::SqlType;

use facts::Fact;
use page::Verdict;

/// A column of each type that is read in other ways.
#[derive(Model, Debug, Clone)]
#[model(table = "sources")]
struct Source {
    #[model(primary_key)]
    id: i32,
    flag: bool,
    i8: i8,
    i16: i16,
    i32: i32,
    i64: i64,
    u8: u8,
    u16: u16,
    u32: u32,
    u64: u64,
    f32: f32,
    f64: f64,
    decimal: Decimal,
    text: String,
    bytes: Vec<u8>,
    uuid: Uuid,
    date: NaiveDate,
    time: NaiveTime,
    moment: NaiveDateTime,
    instant: DateTime<Utc>,
    json: JsonValue,
}

/// A small row and one with large values. Text, bytes and documents are such as look like something else.
fn sources() -> [Source; 2] {
    let midnight = NaiveTime::from_hms_opt(0, 0, 0).expect("a time");
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day");
    let small = Source {
        id: 1,
        flag: true,
        i8: 1,
        i16: 1,
        i32: 1,
        i64: 1,
        u8: 1,
        u16: 1,
        u32: 1,
        u64: 1,
        f32: 1.0,
        f64: 1.0,
        decimal: dec!(1),
        text: "1".into(),
        bytes: b"1".to_vec(),
        uuid: Uuid::from_u128(1),
        date: day,
        time: midnight,
        moment: day.and_time(midnight),
        instant: day.and_time(midnight).and_utc(),
        json: json!(1),
    };
    let late = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).expect("a time");
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");
    let large = Source {
        id: 2,
        flag: false,
        i8: i8::MIN,
        i16: i16::MIN,
        i32: i32::MIN,
        i64: i64::MIN,
        u8: u8::MAX,
        u16: u16::MAX,
        u32: u32::MAX,
        u64: i64::MAX as u64,
        f32: 0.1,
        f64: 0.1,
        decimal: dec!(123456789012345678.0123456789),
        text: "2024-02-29".into(),
        bytes: vec![0xff; 16],
        uuid: Uuid::from_u128(u128::MAX / 3),
        date: last,
        time: late,
        moment: last.and_time(late),
        instant: last.and_time(late).and_utc(),
        json: json!({"a": "2024-02-29"}),
    };
    [small, large]
}

/// Reads a column, whatever it holds, as `T`.
async fn read<C: Expression, T: SqlType + Fact>(
    engine: &Engine,
    column: C,
    written: [String; 2],
) -> creole::Result<Verdict> {
    let column = Expr::<T>::new(column.node());
    let mut read = Vec::new();
    for (id, written) in (1..).zip(written) {
        match select(column.clone()).filter(Source::id.eq(id)).one(engine).await {
            Ok(value) => {
                let found = value.fact();
                assert!(facts::same(&found, &written, T::TYPE), "{written} read as {}: {found} ({column:?})", T::TYPE);
                read.push(true);
            }
            Err(error) if error.kind() == ErrorKind::Decode => read.push(false),
            Err(error) => return Err(error),
        }
    }
    Ok(match read.as_slice() {
        [true, true] => Verdict::Exact,
        [false, false] => Verdict::Refused,
        _ => Verdict::InRange,
    })
}

macro_rules! matrix {
    ($engine:expr, $rows:expr; columns $columns:tt; types $types:tt) => {
        matrix!(@rows $engine, $rows, $columns, $types)
    };
    (@rows $engine:expr, $rows:expr, [$($column:ident)*], $types:tt) => {
        vec![$((stringify!($column), matrix!(@row $engine, $rows, $column, $types))),*]
    };
    (@row $engine:expr, $rows:expr, $column:ident, [$($ty:ty),*]) => {
        vec![$({
            let [small, large] = $rows;
            read::<_, $ty>($engine, Source::$column, [small.$column.fact(), large.$column.fact()]).await?
        }),*]
    };
}

#[creole::test]
async fn what_is_read_is_exact_or_an_error(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Source]).await?;
    let rows = sources();
    for row in &rows {
        insert(row).exec(&engine).await?;
    }
    let matrix = matrix! {
        &engine, &rows;
        columns [flag i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 decimal text bytes uuid date time moment instant json];
        types [
            bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal, String, Vec<u8>, Uuid, NaiveDate, NaiveTime,
            NaiveDateTime, DateTime<Utc>, JsonValue
        ]
    };
    for (place, (column, verdicts)) in matrix.iter().enumerate() {
        assert_eq!(verdicts[place], Verdict::Exact, "{column} as its own type");
    }
    page::check(engine.dialect().name(), &matrix);
    Ok(())
}
