//! [`TextForm`]: the one form in which SQLite's text columns hold decimals, dates and times.
//!
//! Dates and times always have all their digits, so that order as text is order in time. Decimals have as many digits
//! behind the point as their column, so that one value has one text.

use std::fmt::{self, Write as _};

use creole_core::types::civil::{Date, DateTime, Time};
use creole_core::types::{ColumnType, ValueRef};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::number::Number;

/// A short text, kept without an allocation.
pub(crate) struct TextForm {
    bytes: [u8; ROOM],
    length: usize,
}

/// More than the longest text: a sign, 29 digits, a point and 28 more digits.
const ROOM: usize = 64;

/// The most digits a decimal can have behind the point.
const MOST_DIGITS: u32 = 28;

impl TextForm {
    /// The text of a decimal, a date or a time; nothing for values of other kinds.
    pub(crate) fn of(value: ValueRef<'_>, ty: ColumnType) -> Option<TextForm> {
        let mut form = TextForm { bytes: [0; ROOM], length: 0 };
        match value {
            ValueRef::Decimal(number) => form.decimal(number, ty),
            ValueRef::Date(date) => write!(form, "{date}"),
            ValueRef::Time(time) => write!(form, "{time}"),
            ValueRef::DateTime(moment) => write!(form, "{}T{}", moment.date(), moment.time()),
            ValueRef::Instant(moment) => write!(form, "{}T{}Z", moment.date(), moment.time()),
            _ => return None,
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

/// What a column's text says, where its type keeps text in one of these forms; nothing where the text is not in the form.
pub(crate) fn parse(text: &str, expected: ColumnType) -> Option<ValueRef<'_>> {
    match expected {
        ColumnType::Decimal { .. } => Number::parse(text)?.to_decimal().map(ValueRef::Decimal),
        ColumnType::Uuid => uuid(text).map(ValueRef::Uuid),
        ColumnType::Date => Date::parse(text).map(ValueRef::Date),
        ColumnType::Time => time(text).map(ValueRef::Time),
        ColumnType::DateTime => moment(text).map(ValueRef::DateTime),
        ColumnType::Instant => moment(text.strip_suffix('Z')?).map(ValueRef::Instant),
        _ => None,
    }
}

/// `67e55044-10b1-426f-9247-bb680e5fe0c8`. Another spelling would compare as another text.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (text == id.hyphenated().encode_lower(&mut Uuid::encode_buffer())).then_some(id)
}

/// `HH:MM:SS.ffffff`. Fewer digits would compare as another text than the one that is written for the same time.
fn time(text: &str) -> Option<Time> {
    if text.len() == 15 { Time::parse(text) } else { None }
}

/// `YYYY-MM-DDTHH:MM:SS.ffffff`
fn moment(text: &str) -> Option<DateTime> {
    if text.len() == 26 { DateTime::parse(text, b'T') } else { None }
}
