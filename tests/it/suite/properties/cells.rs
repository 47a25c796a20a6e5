//! A model and a test for each type.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use creole::prelude::*;
use proptest::prelude::{Strategy, any, prop_oneof};

use super::harness::{Cell, check};
use super::values::values;
use crate::models::{Level, Points};

macro_rules! cells {
    ($($(#[$only:meta])* $name:ident($ty:ty $(, $option:ident = $value:tt)*) $compare:expr => $values:expr;)*) => {$(
        $(#[$only])*
        mod $name {
            use super::*;

            #[derive(Model, Debug, Clone)]
            #[model(table = "cells")]
            pub(crate) struct Row {
                #[model(primary_key)]
                id: i32,
                $(#[model($option = $value)])*
                value: $ty,
                $(#[model($option = $value)])*
                maybe: Option<$ty>,
            }

            impl Cell for Row {
                type Value = $ty;
                const ID: Column<Row, i32> = Row::id;
                const VALUE: Column<Row, $ty> = Row::value;
                const MAYBE: Column<Row, Option<$ty>> = Row::maybe;

                fn new(id: i32, value: $ty, maybe: Option<$ty>) -> Row {
                    Row { id, value, maybe }
                }

                fn parts(&self) -> (i32, &$ty, Option<&$ty>) {
                    (self.id, &self.value, self.maybe.as_ref())
                }
            }

            #[creole::test]
            async fn holds(engine: Engine) -> creole::Result<()> {
                check::<Row>(&engine, $values, $compare).await
            }
        }
    )*};
}

cells! {
    boolean(bool) Ord::cmp => values([true, false], any::<bool>());
    int8(i8) Ord::cmp => values([i8::MIN, i8::MAX, 0, -1], any::<i8>());
    int16(i16) Ord::cmp => values([i16::MIN, i16::MAX, 0, -1], any::<i16>());
    int32(i32) Ord::cmp => values([i32::MIN, i32::MAX, 0, -1], any::<i32>());
    int64(i64) Ord::cmp => values([i64::MIN, i64::MAX, 0, -1, EXACT - 1, EXACT, EXACT + 1, -EXACT - 1], any::<i64>());
    uint8(u8) Ord::cmp => values([u8::MIN, u8::MAX], any::<u8>());
    uint16(u16) Ord::cmp => values([u16::MIN, u16::MAX], any::<u16>());
    uint32(u32) Ord::cmp => values([u32::MIN, u32::MAX], any::<u32>());
    uint64(u64) Ord::cmp => values([0, i64::MAX as u64, EXACT as u64 + 1], 0..=i64::MAX as u64);
    single(f32) floats => values([0.0, -0.0, f32::MIN, f32::MAX, f32::MIN_POSITIVE, 16_777_217.0, 0.1], finite_f32());
    double(f64) floats => values([0.0, -0.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, EXACT as f64, 0.1], finite_f64());
    decimal(Decimal, precision = 28, scale = 10) Ord::cmp => values(decimal_ends(), decimals(28, 10));
    money(Decimal, precision = 12, scale = 2) Ord::cmp => values([dec!(100), dec!(99.5), dec!(10.0), dec!(10.00), dec!(9.99)], decimals(12, 2));
    whole(Decimal, precision = 20, scale = 0) Ord::cmp => values([dec!(0), dec!(-1), dec!(99999999999999999999)], decimals(20, 0));
    fraction(Decimal, precision = 28, scale = 28) Ord::cmp => values([dec!(0), dec!(0.9999999999999999999999999999)], decimals(28, 28));
    scaled(Decimal, precision = 12, scale = 2, sqlite = scaled_integer) Ord::cmp => values([dec!(0), dec!(100), dec!(99.5), dec!(10.00), dec!(-0.01), dec!(9999999999.99)], decimals(12, 2));
    widest_scaled(Decimal, precision = 18, scale = 18, sqlite = scaled_integer) Ord::cmp => values([dec!(0), dec!(0.999999999999999999), dec!(-0.999999999999999999)], decimals(18, 18));
    whole_scaled(Decimal, precision = 18, scale = 0, sqlite = scaled_integer) Ord::cmp => values([dec!(0), dec!(999999999999999999), dec!(-999999999999999999)], decimals(18, 0));
    text(String) Ord::cmp => values(texts(), text_values());
    short_text(String, length = 255) Ord::cmp => values(texts().into_iter().filter(|text| is_short(text)), text_values().prop_filter("short", |text| is_short(text)));
    bytes(Vec<u8>) Ord::cmp => values([vec![], vec![0], vec![0, 0], vec![255; 1 << 20], b"text".to_vec()], any::<Vec<u8>>());
    uuid(Uuid) Ord::cmp => values([Uuid::nil()], (any::<u64>(), any::<[u8; 10]>()).prop_map(time_ordered));
    uuid_text(Uuid, sqlite = text) Ord::cmp => values([Uuid::nil()], (any::<u64>(), any::<[u8; 10]>()).prop_map(time_ordered));
    date(NaiveDate) Ord::cmp => values([day(FIRST), day(LAST), ymd(2024, 2, 29), ymd(1900, 2, 28), ymd(1969, 12, 31)], (FIRST..=LAST).prop_map(day));
    time(NaiveTime) Ord::cmp => values([clock(0), clock(DAY - 1), clock(1), clock(DAY / 2)], (0..DAY).prop_map(clock));
    moment(NaiveDateTime) Ord::cmp => values(micros().map(|at| at.naive_utc()), instants().prop_map(|at| at.naive_utc()));
    instant(DateTime<Utc>) Ord::cmp => values(micros(), instants());
    #[cfg(feature = "time")]
    time_date(::time::Date) Ord::cmp => values([FIRST, LAST, 719_162].map(time_day), (FIRST..=LAST).prop_map(time_day));
    #[cfg(feature = "time")]
    time_time(::time::Time) Ord::cmp => values([0, DAY - 1, 1].map(time_clock), (0..DAY).prop_map(time_clock));
    #[cfg(feature = "time")]
    time_moment(::time::PrimitiveDateTime) Ord::cmp => values(micros().map(time_moment_of), instants().prop_map(time_moment_of));
    #[cfg(feature = "time")]
    time_instant(::time::UtcDateTime) Ord::cmp => values(micros().map(utc), instants().prop_map(utc));
    #[cfg(feature = "time")]
    time_offset(::time::OffsetDateTime) Ord::cmp => values(micros().map(|at| utc(at).into()), instants().prop_map(|at| utc(at).into()));
    label(Level) floats => values(LEVELS, (0..LEVELS.len()).prop_map(|place| LEVELS[place]));
    newtype(Points) floats => values([i32::MIN, i32::MAX, 0].map(Points), any::<i32>().prop_map(Points));
}

const LEVELS: [Level; 3] = [Level::AlmostHigh, Level::High, Level::Low];

/// Up to here every integer is a float as well.
const EXACT: i64 = 1 << 53;
/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;
/// 0001-01-01 and 9999-12-31, counted from the first day of the common era.
const FIRST: i32 = 1;
const LAST: i32 = 3_652_059;

/// Of what has no order for all its values, but for those that are compared.
fn floats<F: PartialOrd>(a: &F, b: &F) -> Ordering {
    a.partial_cmp(b).expect("no NaN")
}

fn finite_f32() -> impl Strategy<Value = f32> {
    any::<f32>().prop_filter("finite", |number| number.is_finite())
}

fn finite_f64() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |number| number.is_finite())
}

fn decimal_ends() -> Vec<Decimal> {
    vec![
        dec!(0),
        dec!(-0.0),
        dec!(999999999999999999.9999999999),
        dec!(-999999999999999999.9999999999),
        dec!(0.0000000001),
        dec!(1.50),
        dec!(1.5),
        dec!(100),
        dec!(99.5),
    ]
}

/// Decimals that fit `decimal(precision, scale)`, some with fewer digits than they may have, some with zeros at the end.
pub(super) fn decimals(precision: u32, scale: u32) -> impl Strategy<Value = Decimal> {
    let most = 10_i128.pow(precision) - 1;
    (-most..=most, 0..=precision, 0..=scale).prop_map(move |(mantissa, fewer, zeros)| {
        let mantissa = mantissa / 10_i128.pow(fewer);
        let number = Decimal::from_i128_with_scale(mantissa, scale);
        if zeros % 2 == 0 { number.normalize() } else { number }
    })
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "a",
        "a ",
        "a  ",
        "A",
        "ä",
        "Ä",
        "a\u{308}",
        "ß",
        "ss",
        "\u{1F600}",
        "\u{10FFFF}",
        "\u{FFFD}",
        "\u{5D0}\u{5D1}",
        "\u{202E}abc",
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "0",
        "00",
        "1e1",
        "\n",
        "\u{7f}",
        "\u{1}",
        "i",
        "I",
        "\u{130}",
        "\u{131}",
    ]
    .map(String::from)
    .into();
    texts.push("\u{1F980}".repeat(1 << 18));
    texts.push("x".repeat(1 << 20));
    // Alike for longer than a server may look when it sorts.
    texts.extend(["b", "a", "c"].map(|end| "x".repeat(5_000) + end));
    texts
}

fn text_values() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-cA-C ]{0,4}",
        "[\u{1}-\u{7f}]{0,20}",
        "[\u{e0}-\u{ff}\u{100}-\u{17f}]{0,8}",
        "[\u{590}-\u{5ff}\u{600}-\u{6ff}]{0,8}",
        "[\u{10000}-\u{10ffff}]{0,8}",
    ]
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= 255
}

/// UUIDs of version 7, which every database sorts by their bytes.
fn time_ordered((millis, random): (u64, [u8; 10])) -> Uuid {
    ::uuid::Builder::from_unix_timestamp_millis(millis & 0xffff_ffff_ffff, &random).into_uuid()
}

fn day(days: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(days).expect("a day")
}

fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

fn clock(micros: i64) -> NaiveTime {
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    NaiveTime::from_num_seconds_from_midnight_opt(seconds as u32, micros as u32 * 1_000).expect("a time")
}

#[cfg(feature = "time")]
fn time_day(days: i32) -> ::time::Date {
    ::time::Date::from_julian_day(days + 1_721_425).expect("a day")
}

#[cfg(feature = "time")]
fn time_clock(micros: i64) -> ::time::Time {
    let (hours, rest) = (micros / 3_600_000_000, micros % 3_600_000_000);
    let (minutes, rest) = (rest / 60_000_000, rest % 60_000_000);
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    ::time::Time::from_hms_micro(hours as u8, minutes as u8, seconds as u8, micros as u32).expect("a time")
}

#[cfg(feature = "time")]
fn utc(at: DateTime<Utc>) -> ::time::UtcDateTime {
    ::time::UtcDateTime::from_unix_timestamp_nanos(i128::from(at.timestamp_micros()) * 1_000).expect("an instant")
}

#[cfg(feature = "time")]
fn time_moment_of(at: DateTime<Utc>) -> ::time::PrimitiveDateTime {
    let at = utc(at);
    ::time::PrimitiveDateTime::new(at.date(), at.time())
}

fn at(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).expect("an instant")
}

fn first_and_last() -> (i64, i64) {
    let micros = |days: i32| i64::from(days - 719_163) * DAY;
    (micros(FIRST), micros(LAST) + DAY - 1)
}

fn micros() -> [DateTime<Utc>; 6] {
    let (first, last) = first_and_last();
    [first, last, 0, -1, 1, 951_782_400_000_000].map(at)
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let (first, last) = first_and_last();
    (first..=last).prop_map(at)
}
