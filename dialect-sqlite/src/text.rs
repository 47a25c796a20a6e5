//! [`TextForm`]: the one form in which SQLite's text columns hold decimals, dates and times; and the others that are read.
//!
//! Dates and times always have all their digits, so that order as text is order in time. Decimals have as many digits
//! after the point as their column, so that one value has one text.

use std::fmt::{self, Write as _};

use creole_core::types::civil::{Date, DateTime, Time};
use creole_core::types::{ColumnType, ValueRef};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::decimal_text::Number;

/// A short text, kept without an allocation.
pub(crate) struct TextForm {
    bytes: [u8; ROOM],
    length: usize,
}

/// More than the longest text: a sign, 29 digits, a point and 28 more digits.
const ROOM: usize = 64;

/// The most digits a decimal can have after the point.
const MOST_DIGITS: u32 = 28;

impl TextForm {
    /// The text of a decimal, a date or a time; `None` for values of other kinds.
    pub(crate) fn of(value: ValueRef<'_>, ty: ColumnType) -> Option<TextForm> {
        let mut form = TextForm { bytes: [0; ROOM], length: 0 };
        match value {
            ValueRef::Decimal(number) => form.decimal(number, ty),
            ValueRef::Date(date) => write!(form, "{date}"),
            ValueRef::Time(time) => write!(form, "{time}"),
            ValueRef::DateTime(moment) => write!(form, "{}T{}", moment.date(), moment.time()),
            ValueRef::Instant(moment) => write!(form, "{}T{}Z", moment.date(), moment.time()),
            ValueRef::Null
            | ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::F64(_)
            | ValueRef::Text(_)
            | ValueRef::Display(_)
            | ValueRef::Bytes(_)
            | ValueRef::Uuid(_)
            | ValueRef::Cut(_)
            | ValueRef::Json(_)
            | ValueRef::Array(_)
            | ValueRef::List(_)
            | ValueRef::Invalid(_)
            | ValueRef::Other { .. } => return None,
        }
        .ok()?;
        Some(form)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        // Only whole strings were written, so this can't fail.
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn decimal(&mut self, number: Decimal, ty: ColumnType) -> fmt::Result {
        // This also takes the sign off a negative zero.
        let number = number.normalize();
        write!(self, "{number}")?;
        let ColumnType::Decimal { scale, .. } = ty else { return Ok(()) };
        let scale = u32::from(scale).min(MOST_DIGITS);
        if number.scale() == 0 && scale > 0 {
            self.write_str(".")?;
        }
        for _ in number.scale()..scale {
            self.write_str("0")?;
        }
        Ok(())
    }
}

impl fmt::Write for TextForm {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        let room = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// What a column's text says, where its type keeps text in one of these forms; `None` where the text is not in the form.
pub(crate) fn parse(text: &str, expected: ColumnType) -> Option<ValueRef<'_>> {
    match expected {
        ColumnType::Decimal { .. } => Number::parse(text)?.to_decimal().map(ValueRef::Decimal),
        ColumnType::Uuid => uuid(text).map(ValueRef::Uuid),
        ColumnType::Date => Date::parse(text).map(ValueRef::Date),
        ColumnType::Time => time(text).map(ValueRef::Time),
        ColumnType::DateTime => moment(text.strip_suffix(['Z', 'z']).unwrap_or(text)).map(ValueRef::DateTime),
        ColumnType::Instant => instant(text).map(ValueRef::Instant),
        ColumnType::Bool
        | ColumnType::I8
        | ColumnType::I16
        | ColumnType::I32
        | ColumnType::I64
        | ColumnType::U8
        | ColumnType::U16
        | ColumnType::U32
        | ColumnType::U64
        | ColumnType::F32
        | ColumnType::F64
        | ColumnType::Text { .. }
        | ColumnType::Bytes { .. }
        | ColumnType::Json
        | ColumnType::Enum(_)
        | ColumnType::Array(_)
        | ColumnType::Other(_) => None,
    }
}

/// Whether a text of a column of times is in the one form that creole writes.
pub(crate) fn is_kept_form(text: &str, ty: ColumnType) -> bool {
    let Some(value) = parse(text, ty) else { return false };
    TextForm::of(value, ty).is_some_and(|form| form.as_str() == text)
}

/// `67e55044-10b1-426f-9247-bb680e5fe0c8`. Another spelling would compare as another text.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (text == id.hyphenated().encode_lower(&mut Uuid::encode_buffer())).then_some(id)
}

/// `HH:MM:SS.ffffff`, which is what creole writes; and what other programs do: `HH:MM`, `HH:MM:SS`, and fewer or more digits
/// after the point. What is finer than a microsecond is cut off, as everywhere.
fn time(text: &str) -> Option<Time> {
    if text.len() == 15 {
        return Time::parse(text);
    }
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let &[h1, h2, b':', m1, m2, ref rest @ ..] = clock.as_bytes() else { return None };
    let second = match *rest {
        [] if clock.len() == text.len() => 0,
        [b':', s1, s2] => two(s1, s2)?,
        _ => return None,
    };
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.get(..6).unwrap_or(fraction);
    let micros = digits.parse::<u32>().ok()? * 10_u32.pow(6_u32.saturating_sub(u32::try_from(digits.len()).ok()?));
    Time::from_hms_micro(two(h1, h2)?, two(m1, m2)?, second, micros)
}

/// `YYYY-MM-DDTHH:MM:SS.ffffff`, or with a blank in the middle. A date alone says no time.
fn moment(text: &str) -> Option<DateTime> {
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    Some(DateTime::new(Date::parse(date)?, time(clock)?))
}

/// A moment in UTC: with `Z`, without a zone, which SQLite's own functions take for UTC, or with an offset from it.
fn instant(text: &str) -> Option<DateTime> {
    if let Some(utc) = text.strip_suffix(['Z', 'z']) {
        return moment(utc);
    }
    let Some(sign) = text.rfind(['+', '-']).filter(|index| *index > 10) else { return moment(text) };
    let (local, offset) = text.split_at_checked(sign)?;
    let (hours, minutes) = match *offset.as_bytes() {
        [_, h1, h2] => (two(h1, h2)?, 0),
        [_, h1, h2, b':', m1, m2] | [_, h1, h2, m1, m2] => (two(h1, h2)?, two(m1, m2)?),
        _ => return None,
    };
    let Time(ahead) = Time::from_hms_micro(hours, minutes, 0, 0)?;
    let DateTime(local) = moment(local.strip_suffix(' ').unwrap_or(local))?;
    let moment = DateTime(if offset.starts_with('+') { local - ahead } else { local + ahead });
    moment.is_storable().then_some(moment)
}

/// The number of two digits.
fn two(tens: u8, ones: u8) -> Option<u8> {
    let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
    are_digits.then(|| (tens - b'0') * 10 + (ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, ty: ColumnType) -> Option<String> {
        let value = parse(text, ty)?;
        TextForm::of(value, ty).map(|form| form.as_str().to_owned())
    }

    #[test]
    fn the_usual_spellings_of_times_are_read() {
        for (text, expected) in [
            ("23:59:58.123456", "23:59:58.123456"),
            ("23:59:58", "23:59:58.000000"),
            ("23:59", "23:59:00.000000"),
            ("23:59:58.5", "23:59:58.500000"),
            ("23:59:58.123456999", "23:59:58.123456"),
        ] {
            assert_eq!(read(text, ColumnType::Time).as_deref(), Some(expected), "{text}");
            for (before, after) in [("2024-02-29 ", ""), ("2024-02-29T", ""), ("2024-02-29 ", "Z")] {
                let moment = format!("{before}{text}{after}");
                let expected = format!("2024-02-29T{expected}");
                assert_eq!(read(&moment, ColumnType::DateTime), Some(expected.clone()), "{moment}");
                assert_eq!(read(&moment, ColumnType::Instant), Some(expected + "Z"), "{moment}");
            }
        }
    }

    #[test]
    fn offsets_lead_to_utc() {
        for (text, expected) in [
            ("2024-03-01 01:30:00+02:00", "2024-02-29T23:30:00.000000Z"),
            ("2024-02-29T18:30:00.5-0500", "2024-02-29T23:30:00.500000Z"),
            ("2024-02-29 23:30:00+00", "2024-02-29T23:30:00.000000Z"),
            ("2024-02-29 23:30:00.000000 +0000", "2024-02-29T23:30:00.000000Z"),
        ] {
            assert_eq!(read(text, ColumnType::Instant).as_deref(), Some(expected), "{text}");
            assert_eq!(read(text, ColumnType::DateTime), None, "which clock is meant is not known: {text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "now",
            "2024-02-29",
            "2024-02-30 00:00:00",
            "2024-02-29 24:00:00",
            "2024-02-29  12:00:00",
            "2024-02-29 1:00:00",
            "2024-02-29 12:00:00.",
            "2024-02-29 12:00:00.123456x",
            "2024-02-29 12:00:00.1234567x",
            "2024-02-29 12:00:00+24:00",
            "2024-02-29 12:00:00+1",
            "2024-02-29 12:00:00+01:60",
            "2024-02-29 12:00:00ZZ",
            "0001-01-01 00:00:00+01:00",
            "2460370.5",
            "1709251200",
            "2024-02-29_12:00:00",
            "2024-02-29 12.5",
            "2024-02-29 12:00.5",
        ] {
            assert_eq!(read(text, ColumnType::Instant), None, "{text}");
        }
        for text in ["24:00", "1:00", "12:60", "12:00:60", "12:00Z", "12-00", "12:00:00.", "é:00:", "12:0é"] {
            assert_eq!(read(text, ColumnType::Time), None, "{text}");
        }
        assert_eq!(read("2024-02-29 12:00:00", ColumnType::Date), None);
    }

    #[test]
    fn one_form_is_creoles() {
        assert!(is_kept_form("2024-02-29T12:00:00.000000Z", ColumnType::Instant));
        for other in ["2024-02-29 12:00:00.000000Z", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000000", "now"] {
            assert!(!is_kept_form(other, ColumnType::Instant), "{other}");
        }
        assert!(is_kept_form("2024-02-29", ColumnType::Date));
    }
}
