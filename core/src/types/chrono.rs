//! `chrono`'s dates and times. What is finer than a microsecond is cut off, toward the past, alike on every backend.

use ::chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::civil;
use super::sql_type::{mismatch, out_of_range};
use super::{ColumnType, CutTime, SqlValue, ValueRef};
use crate::error::Result;

/// chrono has a leap second as a time of its own, which no database keeps.
const LEAP_SECOND: ValueRef<'static> =
    ValueRef::Invalid("a leap second has no place in a column: use the second after it");

/// The days from 0001-01-01, which chrono counts as 1, to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

/// The present instant, to the microsecond.
///
/// Columns keep microseconds and clocks have nanoseconds, so what is read back differs from `Utc::now()`; it equals what this
/// returns. As a column's default: `#[model(default = creole::now())]`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(table = "visits")]
/// struct Visit {
///     #[model(primary_key)]
///     id: i64,
///     at: DateTime<Utc>,
/// }
///
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Visit]).await?;
/// let visit = Visit { id: 1, at: creole::types::now() };
/// insert(&visit).exec(&engine).await?;
/// assert_eq!(Visit::find(1, &engine).await?, Some(visit));
/// # Ok(())
/// # }
/// ```
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
}

impl SqlValue for NaiveDate {
    const TYPE: ColumnType = ColumnType::Date;

    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Date(civil::Date(self.num_days_from_ce().saturating_sub(EPOCH_FROM_CE)))
    }

    fn from_value(value: ValueRef<'_>) -> Result<NaiveDate> {
        match value {
            ValueRef::Date(date) => date
                .0
                .checked_add(EPOCH_FROM_CE)
                .and_then(NaiveDate::from_num_days_from_ce_opt)
                .ok_or_else(|| out_of_range::<NaiveDate>("date")),
            other => Err(mismatch::<NaiveDate>(other)),
        }
    }
}

impl SqlValue for NaiveTime {
    const TYPE: ColumnType = ColumnType::Time;

    fn bind(&self) -> ValueRef<'_> {
        let micros = i64::from(self.num_seconds_from_midnight()) * 1_000_000 + i64::from(self.nanosecond() / 1_000);
        cut(self.nanosecond(), CutTime::Time(civil::Time(micros)))
    }

    fn from_value(value: ValueRef<'_>) -> Result<NaiveTime> {
        match value.kept() {
            ValueRef::Time(time) => {
                let (hour, minute, second, micro) = time.hms_micro();
                NaiveTime::from_hms_micro_opt(hour.into(), minute.into(), second.into(), micro)
                    .ok_or_else(|| out_of_range::<NaiveTime>("time"))
            }
            other => Err(mismatch::<NaiveTime>(other)),
        }
    }
}

impl SqlValue for NaiveDateTime {
    const TYPE: ColumnType = ColumnType::DateTime;

    fn bind(&self) -> ValueRef<'_> {
        let instant = self.and_utc();
        cut(instant.nanosecond(), CutTime::DateTime(civil::DateTime(instant.timestamp_micros())))
    }

    fn from_value(value: ValueRef<'_>) -> Result<NaiveDateTime> {
        match value.kept() {
            ValueRef::DateTime(moment) => DateTime::from_timestamp_micros(moment.0)
                .map(|instant| instant.naive_utc())
                .ok_or_else(|| out_of_range::<NaiveDateTime>("datetime")),
            other => Err(mismatch::<NaiveDateTime>(other)),
        }
    }
}

impl SqlValue for DateTime<Utc> {
    const TYPE: ColumnType = ColumnType::Instant;

    fn bind(&self) -> ValueRef<'_> {
        cut(self.nanosecond(), CutTime::Instant(civil::DateTime(self.timestamp_micros())))
    }

    fn from_value(value: ValueRef<'_>) -> Result<DateTime<Utc>> {
        match value.kept() {
            ValueRef::Instant(instant) => {
                DateTime::from_timestamp_micros(instant.0).ok_or_else(|| out_of_range::<DateTime<Utc>>("instant"))
            }
            other => Err(mismatch::<DateTime<Utc>>(other)),
        }
    }
}

/// The time that is kept, with a note that it was finer where it was. chrono counts on beyond a second of nanoseconds in a
/// leap second.
fn cut(nanosecond: u32, kept: CutTime) -> ValueRef<'static> {
    match nanosecond {
        1_000_000_000.. => LEAP_SECOND,
        nanosecond if nanosecond.is_multiple_of(1_000) => kept.kept(),
        _ => ValueRef::Cut(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut_toward_the_past() {
        let before_the_epoch = DateTime::from_timestamp_nanos(-1);
        let ValueRef::Cut(CutTime::Instant(bound)) = SqlValue::bind(&before_the_epoch) else { panic!("not cut") };
        assert_eq!(bound, civil::DateTime(-1));
        let read = <DateTime<Utc> as SqlValue>::from_value(ValueRef::Instant(bound)).unwrap();
        assert_eq!(read, DateTime::from_timestamp_micros(-1).unwrap());
        assert_eq!(now().timestamp_subsec_nanos() % 1_000, 0);
    }

    #[test]
    fn a_leap_second_is_refused_and_never_another_second() {
        let last = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
        let moment = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap().and_time(last);
        for bound in [SqlValue::bind(&last), SqlValue::bind(&moment), SqlValue::bind(&moment.and_utc())] {
            assert!(matches!(bound, ValueRef::Invalid(_)));
        }
    }

    #[test]
    fn dates_and_times_survive_the_way_there_and_back() {
        let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(SqlValue::bind(&date), ValueRef::Date(civil::Date::from_ymd(2024, 2, 29).unwrap()));
        assert_eq!(<NaiveDate as SqlValue>::from_value(SqlValue::bind(&date)).unwrap(), date);
        let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
        assert_eq!(<NaiveTime as SqlValue>::from_value(SqlValue::bind(&time)).unwrap(), time);
        let moment = date.and_time(time);
        assert_eq!(<NaiveDateTime as SqlValue>::from_value(SqlValue::bind(&moment)).unwrap(), moment);
    }
}
