//! `chrono`'s dates and times. What is finer than a microsecond is cut off, toward the past, alike on every backend.

use ::chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::civil;
use super::sql_type::{mismatch, out_of_range};
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

/// The days from 0001-01-01, which chrono counts as 1, to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

/// The present instant, to the microsecond: what is written is equal to what is read back.
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

    /// A leap second, which chrono counts as a 60th, has no place in a day and is refused when it is sent.
    fn bind(&self) -> ValueRef<'_> {
        let micros = i64::from(self.num_seconds_from_midnight()) * 1_000_000 + i64::from(self.nanosecond() / 1_000);
        ValueRef::Time(civil::Time(micros))
    }

    fn from_value(value: ValueRef<'_>) -> Result<NaiveTime> {
        match value {
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
        ValueRef::DateTime(civil::DateTime(self.and_utc().timestamp_micros()))
    }

    fn from_value(value: ValueRef<'_>) -> Result<NaiveDateTime> {
        match value {
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
        ValueRef::Instant(civil::DateTime(self.timestamp_micros()))
    }

    fn from_value(value: ValueRef<'_>) -> Result<DateTime<Utc>> {
        match value {
            ValueRef::Instant(instant) => {
                DateTime::from_timestamp_micros(instant.0).ok_or_else(|| out_of_range::<DateTime<Utc>>("instant"))
            }
            other => Err(mismatch::<DateTime<Utc>>(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut_toward_the_past() {
        let before_the_epoch = DateTime::from_timestamp_nanos(-1);
        let ValueRef::Instant(bound) = SqlValue::bind(&before_the_epoch) else { panic!("not an instant") };
        assert_eq!(bound, civil::DateTime(-1));
        let read = <DateTime<Utc> as SqlValue>::from_value(ValueRef::Instant(bound)).unwrap();
        assert_eq!(read, DateTime::from_timestamp_micros(-1).unwrap());
        assert_eq!(now().timestamp_subsec_nanos() % 1_000, 0);
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
