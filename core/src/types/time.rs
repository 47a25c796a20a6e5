//! The `time` crate's dates and times. What is finer than a microsecond is cut off, toward the past, alike on every backend.

use ::time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime};

use super::civil;
use super::sql_type::{mismatch, out_of_range};
use super::{ColumnType, CutTime, SqlValue, ValueRef};
use crate::error::Result;

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN: i32 = 2_440_588;

impl SqlValue for Date {
    const TYPE: ColumnType = ColumnType::Date;

    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Date(day(*self))
    }

    fn from_value(value: ValueRef<'_>) -> Result<Date> {
        match value {
            ValueRef::Date(date) => date
                .0
                .checked_add(EPOCH_JULIAN)
                .and_then(|julian| Date::from_julian_day(julian).ok())
                .ok_or_else(|| out_of_range::<Date>("date")),
            other => Err(mismatch::<Date>(other)),
        }
    }
}

impl SqlValue for Time {
    const TYPE: ColumnType = ColumnType::Time;

    fn bind(&self) -> ValueRef<'_> {
        cut(self.nanosecond(), CutTime::Time(clock(*self)))
    }

    fn from_value(value: ValueRef<'_>) -> Result<Time> {
        match value.kept() {
            ValueRef::Time(time) => {
                let (hour, minute, second, micro) = time.hms_micro();
                Time::from_hms_micro(hour, minute, second, micro).map_err(|_| out_of_range::<Time>("time"))
            }
            other => Err(mismatch::<Time>(other)),
        }
    }
}

impl SqlValue for PrimitiveDateTime {
    const TYPE: ColumnType = ColumnType::DateTime;

    fn bind(&self) -> ValueRef<'_> {
        let moment = civil::DateTime::new(day(self.date()), clock(self.time()));
        cut(self.nanosecond(), CutTime::DateTime(moment))
    }

    fn from_value(value: ValueRef<'_>) -> Result<PrimitiveDateTime> {
        match value.kept() {
            ValueRef::DateTime(moment) => {
                let instant = utc(moment).ok_or_else(|| out_of_range::<PrimitiveDateTime>("datetime"))?;
                Ok(PrimitiveDateTime::new(instant.date(), instant.time()))
            }
            other => Err(mismatch::<PrimitiveDateTime>(other)),
        }
    }
}

impl SqlValue for UtcDateTime {
    const TYPE: ColumnType = ColumnType::Instant;

    fn bind(&self) -> ValueRef<'_> {
        let instant = civil::DateTime::new(day(self.date()), clock(self.time()));
        cut(self.nanosecond(), CutTime::Instant(instant))
    }

    fn from_value(value: ValueRef<'_>) -> Result<UtcDateTime> {
        match value.kept() {
            ValueRef::Instant(instant) => utc(instant).ok_or_else(|| out_of_range::<UtcDateTime>("instant")),
            other => Err(mismatch::<UtcDateTime>(other)),
        }
    }
}

/// The instant is kept, the offset is not: what is read has the offset of UTC.
impl SqlValue for OffsetDateTime {
    const TYPE: ColumnType = ColumnType::Instant;

    fn bind(&self) -> ValueRef<'_> {
        let Some(utc) = self.checked_to_utc() else {
            return ValueRef::Invalid("the year must lie between 1 and 9999");
        };
        let instant = civil::DateTime::new(day(utc.date()), clock(utc.time()));
        cut(self.nanosecond(), CutTime::Instant(instant))
    }

    fn from_value(value: ValueRef<'_>) -> Result<OffsetDateTime> {
        <UtcDateTime as SqlValue>::from_value(value).map(OffsetDateTime::from)
    }
}

fn day(date: Date) -> civil::Date {
    civil::Date(date.to_julian_day() - EPOCH_JULIAN)
}

fn clock(time: Time) -> civil::Time {
    let (hour, minute, second, micro) = time.as_hms_micro();
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    civil::Time(seconds * 1_000_000 + i64::from(micro))
}

fn utc(moment: civil::DateTime) -> Option<UtcDateTime> {
    UtcDateTime::from_unix_timestamp_nanos(i128::from(moment.0) * 1_000).ok()
}

/// The time that is kept, with a note that it was finer where it was.
fn cut(nanosecond: u32, kept: CutTime) -> ValueRef<'static> {
    if nanosecond.is_multiple_of(1_000) { kept.kept() } else { ValueRef::Cut(kept) }
}
