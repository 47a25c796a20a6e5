//! Rows: the server's bytes, read by the type the server says they have.

use std::ops::ControlFlow;

use creole_core::driver::{Row, RowSink};
use creole_core::types::civil::{Date, DateTime, Time};
use creole_core::types::{ColumnType, JsonRef, ValueRef};
use creole_core::{Error, Result};
use rust_decimal::Decimal;
use sqlx::mysql::{MySql, MySqlQueryResult, MySqlRow, MySqlTypeInfo};
use sqlx::{Column as _, Decode, Either, Row as _, Type, TypeInfo};
use uuid::Uuid;

use crate::dialect::Flavor;

/// The columns of a result: what the server says they are, worked out at its first row.
pub(crate) struct Columns {
    kinds: Vec<Kind>,
    flavor: Flavor,
}

/// A row, as a sink reads it.
struct IncomingRow<'r> {
    row: &'r MySqlRow,
    kinds: &'r [Kind],
}

/// How the bytes of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Decimal,
    Text,
    /// Text on MariaDB, whose json is longtext, and whose uuid travels as text.
    TextOrMore,
    Bytes,
    Json,
    Date,
    Time,
    DateTime,
    /// MySQL's TIMESTAMP, which the session's time zone makes UTC.
    Instant,
    Other,
}

impl Columns {
    pub(crate) fn new(flavor: Flavor) -> Columns {
        Columns { kinds: Vec::new(), flavor }
    }

    /// Hands a row to `sink`. Where a result ends, another with other columns may follow.
    ///
    /// # Errors
    /// What the sink returns.
    #[inline]
    pub(crate) fn push(
        &mut self,
        item: Either<MySqlQueryResult, MySqlRow>,
        sink: &mut dyn RowSink,
    ) -> Result<Option<ControlFlow<()>>> {
        let Either::Right(row) = item else {
            self.kinds.clear();
            return Ok(None);
        };
        if self.kinds.is_empty() {
            self.kinds = row.columns().iter().map(|column| self.flavor.kind(column.type_info())).collect();
        }
        sink.row(&IncomingRow { row: &row, kinds: &self.kinds }).map(Some)
    }
}

impl Row for IncomingRow<'_> {
    fn len(&self) -> usize {
        self.kinds.len()
    }

    fn name(&self, index: usize) -> &str {
        self.row.columns().get(index).map_or("", |column| column.name())
    }

    #[inline]
    fn value(&self, index: usize, expected: ColumnType) -> Result<ValueRef<'_>> {
        let (Some(kind), Ok(raw)) = (self.kinds.get(index), self.row.try_get_raw(index)) else {
            return Err(Error::decode(expected, "a row that has no such column"));
        };
        // Whether it is NULL is told by the bytes being there: sqlx's own `is_null` takes zero dates for NULL.
        let Ok(bytes) = <&[u8] as Decode<'_, MySql>>::decode(raw) else { return Ok(ValueRef::Null) };
        if *kind == Kind::Other {
            let type_name = self.row.columns().get(index).map_or("", |column| column.type_info().name());
            return Ok(ValueRef::Other { type_name, bytes });
        }
        match kind.read(bytes, expected) {
            Some(value) => Ok(value),
            None => Err(kind.unreadable(expected)),
        }
    }
}

impl Flavor {
    /// How a column is read. sqlx's names for the types tell text from bytes by a flag that binary collations
    /// set as well; whether sqlx would read them as text tells by the collation.
    fn kind(self, info: &MySqlTypeInfo) -> Kind {
        let text = match self {
            Flavor::MySql => Kind::Text,
            Flavor::MariaDb => Kind::TextOrMore,
        };
        let is_unsigned = <u64 as Type<MySql>>::compatible(info);
        let is_text = <str as Type<MySql>>::compatible(info);
        match info.name() {
            "BOOLEAN" | "TINYINT" | "TINYINT UNSIGNED" if is_unsigned => Kind::U8,
            "BOOLEAN" | "TINYINT" => Kind::I8,
            "SMALLINT" => Kind::I16,
            "SMALLINT UNSIGNED" | "YEAR" => Kind::U16,
            "INT" | "MEDIUMINT" => Kind::I32,
            "INT UNSIGNED" | "MEDIUMINT UNSIGNED" => Kind::U32,
            "BIGINT" => Kind::I64,
            "BIGINT UNSIGNED" => Kind::U64,
            "FLOAT" => Kind::F32,
            "DOUBLE" => Kind::F64,
            "DECIMAL" => Kind::Decimal,
            "DATE" => Kind::Date,
            "TIME" => Kind::Time,
            "DATETIME" => Kind::DateTime,
            "TIMESTAMP" => Kind::Instant,
            "JSON" => Kind::Json,
            "SET" => text,
            "BIT" | "GEOMETRY" | "NULL" => Kind::Other,
            _ if is_text => text,
            "BINARY" | "CHAR" | "VARBINARY" | "VARCHAR" | "BLOB" | "TEXT" | "TINYBLOB" | "TINYTEXT" | "MEDIUMBLOB"
            | "MEDIUMTEXT" | "LONGBLOB" | "LONGTEXT" => Kind::Bytes,
            _ => Kind::Other,
        }
    }
}

impl Kind {
    /// Reads the bytes of the binary protocol; `None` where they are not what the type says.
    #[inline]
    fn read(self, bytes: &[u8], expected: ColumnType) -> Option<ValueRef<'_>> {
        Some(match self {
            Kind::I8 => ValueRef::I64(i8::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::I16 => ValueRef::I64(i16::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::I32 => ValueRef::I64(i32::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::I64 => ValueRef::I64(i64::from_le_bytes(bytes.try_into().ok()?)),
            Kind::U8 => ValueRef::I64(u8::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::U16 => ValueRef::I64(u16::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::U32 => ValueRef::I64(u32::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::U64 => ValueRef::U64(u64::from_le_bytes(bytes.try_into().ok()?)),
            Kind::F32 => ValueRef::F64(f32::from_le_bytes(bytes.try_into().ok()?).into()),
            Kind::F64 => ValueRef::F64(f64::from_le_bytes(bytes.try_into().ok()?)),
            Kind::Decimal => ValueRef::Decimal(decimal(std::str::from_utf8(bytes).ok()?)?),
            Kind::Text => ValueRef::Text(std::str::from_utf8(bytes).ok()?),
            Kind::TextOrMore => {
                let text = std::str::from_utf8(bytes).ok()?;
                match expected {
                    ColumnType::Json => ValueRef::Json(JsonRef::Text(text)),
                    ColumnType::Uuid => ValueRef::Uuid(hyphenated(text)?),
                    _ => ValueRef::Text(text),
                }
            }
            Kind::Bytes if expected == ColumnType::Uuid => ValueRef::Uuid(Uuid::from_slice(bytes).ok()?),
            Kind::Bytes => ValueRef::Bytes(bytes),
            Kind::Json => ValueRef::Json(JsonRef::Text(std::str::from_utf8(bytes).ok()?)),
            Kind::Date => ValueRef::Date(moment(bytes)?.date()),
            Kind::Time => ValueRef::Time(time_of_day(bytes)?),
            Kind::DateTime if expected == ColumnType::Instant => ValueRef::Instant(moment(bytes)?),
            Kind::DateTime => ValueRef::DateTime(moment(bytes)?),
            Kind::Instant => ValueRef::Instant(moment(bytes)?),
            Kind::Other => return None,
        })
    }

    /// The error of bytes that could not be read.
    #[cold]
    fn unreadable(self, expected: ColumnType) -> Error {
        let found = match self {
            Kind::Decimal => return Error::decode_too_large(expected, "a decimal of more than 28 digits"),
            Kind::Date | Kind::DateTime | Kind::Instant => "a date with zeros in it, like 0000-00-00,",
            Kind::Time => "a time that is negative or beyond 24 hours",
            Kind::TextOrMore if expected == ColumnType::Uuid => "text that is no UUID",
            Kind::Text | Kind::TextOrMore | Kind::Json => "text that is not UTF-8",
            Kind::Bytes => "bytes that are not 16 in number",
            _ => "bytes that are not what the column's type says",
        };
        Error::decode(expected, found)
    }
}

/// The number the text says, exactly.
fn decimal(text: &str) -> Option<Decimal> {
    if let Ok(number) = Decimal::from_str_exact(text) {
        return Some(number);
    }
    // Zeros at the end of a fraction add digits but no value.
    let (whole, fraction) = text.split_once('.')?;
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        return Decimal::from_str_exact(whole).ok();
    }
    Decimal::from_str_exact(text.get(..=whole.len() + fraction.len())?).ok()
}

/// The UUID that text in the one usual form says.
fn hyphenated(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// A date, perhaps with a time: its length, then as much as is not zero.
fn moment(bytes: &[u8]) -> Option<DateTime> {
    let (&length, fields) = bytes.split_first()?;
    if usize::from(length) != fields.len() {
        return None;
    }
    let (&[y1, y2, month, day], rest) = fields.split_first_chunk::<4>()?;
    let date = Date::from_ymd(u16::from_le_bytes([y1, y2]).into(), month, day)?;
    Some(DateTime::new(date, clock(rest)?))
}

/// A time of day: its length, its sign and its days, which must be none, then as much as is not zero.
fn time_of_day(bytes: &[u8]) -> Option<Time> {
    match bytes {
        [0] => Some(Time(0)),
        [8 | 12, 0, 0, 0, 0, 0, rest @ ..] => clock(rest),
        _ => None,
    }
}

/// Hour, minute and second, perhaps with microseconds; no bytes at all are midnight.
fn clock(bytes: &[u8]) -> Option<Time> {
    match *bytes {
        [] => Some(Time(0)),
        [hour, minute, second] => Time::from_hms_micro(hour, minute, second, 0),
        [hour, minute, second, a, b, c, d] => {
            Time::from_hms_micro(hour, minute, second, u32::from_le_bytes([a, b, c, d]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        let cases = [
            ("0.10", Some("0.10")),
            ("-79228162514264337593543950335", Some("-79228162514264337593543950335")),
            ("1.500000000000000000000000000000000000", Some("1.5")),
            ("3.000000000000000000000000000000000000", Some("3")),
            ("100000000000000000000000000000000", None),
            ("0.00000000000000000000000000000000001", None),
        ];
        for (text, expected) in cases {
            assert_eq!(decimal(text).map(|number| number.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn dates_with_zeros_and_times_beyond_a_day_are_refused() {
        assert_eq!(moment(&[4, 0xb2, 0x07, 1, 1]), Some(DateTime(0)));
        assert_eq!(moment(&[7, 0xb2, 0x07, 1, 1, 0, 0, 1]), Some(DateTime(1_000_000)));
        assert_eq!(moment(&[11, 0xb2, 0x07, 1, 1, 0, 0, 0, 1, 0, 0, 0]), Some(DateTime(1)));
        for wrong in [&[0_u8][..], &[], &[4, 0, 0, 0, 0], &[4, 0xb2, 0x07, 1, 0], &[5, 0xb2, 0x07, 1, 1]] {
            assert_eq!(moment(wrong), None, "{wrong:?}");
        }
        assert_eq!(time_of_day(&[0]), Some(Time(0)));
        assert_eq!(time_of_day(&[8, 0, 0, 0, 0, 0, 0, 0, 1]), Some(Time(1_000_000)));
        for wrong in [&[8_u8, 1, 0, 0, 0, 0, 0, 0, 1][..], &[8, 0, 1, 0, 0, 0, 0, 0, 1], &[]] {
            assert_eq!(time_of_day(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_expected_type_tells_apart_what_the_server_keeps_alike() {
        let id = Uuid::from_u128(7);
        let read = |kind: Kind, bytes| kind.read(bytes, ColumnType::Uuid).map(ValueRef::to_owned);
        assert_eq!(read(Kind::Bytes, id.as_bytes()), Some(ValueRef::Uuid(id).to_owned()));
        assert_eq!(read(Kind::Bytes, b"short"), None);
        let text = id.to_string();
        assert_eq!(read(Kind::TextOrMore, text.as_bytes()), Some(ValueRef::Uuid(id).to_owned()));
        // MySQL has no uuid of its own: text is text there.
        assert_eq!(read(Kind::Text, text.as_bytes()), Some(ValueRef::Text(&text).to_owned()));
        assert_eq!(read(Kind::TextOrMore, b"no uuid"), None);
    }
}
