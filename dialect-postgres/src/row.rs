//! Rows on their way in: the types of the columns are looked up once per result, the values decoded where they lie.

use std::ops::ControlFlow;

use creole_core::driver::{Row, RowSink};
use creole_core::types::civil::{Date, DateTime, Time};
use creole_core::types::{ArrayRef, ColumnType, JsonRef, ValueRef};
use creole_core::{Error, Result};
use sqlx::postgres::{PgColumn, PgQueryResult, PgRow, PgTypeInfo, PgTypeKind, PgValueFormat};
use sqlx::{Column as _, Either, Row as _, TypeInfo as _, ValueRef as _};
use uuid::Uuid;

use crate::bind::{EPOCH_DAYS, EPOCH_MICROS};
use crate::dialect::NAME;
use crate::types::Scalar;
use crate::{array, numeric};

/// The columns of a result: how their bytes are read, worked out at its first row.
#[derive(Default)]
pub(crate) struct Columns {
    kinds: Vec<Kind>,
}

/// How a column's bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalar(Scalar),
    /// An array of one of them; which one, its bytes say.
    Array,
    /// A type that only the database knows.
    Other,
}

impl Columns {
    /// Hands what sqlx yields to `sink`, if it is a row.
    ///
    /// # Errors
    /// What the sink returns.
    #[inline]
    pub(crate) fn push(
        &mut self,
        item: Either<PgQueryResult, PgRow>,
        sink: &mut dyn RowSink,
    ) -> Result<Option<ControlFlow<()>>> {
        match item {
            Either::Right(row) => self.push_row(&row, sink).map(Some),
            Either::Left(_) => Ok(None),
        }
    }

    /// Hands a row to `sink`.
    ///
    /// # Errors
    /// What the sink returns.
    #[inline]
    pub(crate) fn push_row(&mut self, row: &PgRow, sink: &mut dyn RowSink) -> Result<ControlFlow<()>> {
        if self.kinds.is_empty() {
            self.kinds = row.columns().iter().map(|column| kind(column.type_info())).collect();
        }
        sink.row(&IncomingRow { row, kinds: &self.kinds })
    }
}

/// A row, as a sink reads it.
struct IncomingRow<'r> {
    row: &'r PgRow,
    kinds: &'r [Kind],
}

impl IncomingRow<'_> {
    fn column(&self, index: usize) -> Option<&PgColumn> {
        self.row.columns().get(index)
    }
}

impl Row for IncomingRow<'_> {
    fn len(&self) -> usize {
        self.kinds.len()
    }

    fn name(&self, index: usize) -> &str {
        self.column(index).map_or("", |column| column.name())
    }

    #[inline]
    fn value(&self, index: usize, expected: ColumnType) -> Result<ValueRef<'_>> {
        let Some(&kind) = self.kinds.get(index) else {
            return Err(Error::decode(expected, "a column that is not there").on(NAME));
        };
        let raw = self.row.try_get_raw(index).map_err(|_| refused(expected, "a column that is not there"))?;
        if raw.is_null() {
            return Ok(ValueRef::Null);
        }
        // Results of prepared statements are binary, and all statements with results are prepared.
        if raw.format() != PgValueFormat::Binary {
            return Err(refused(expected, "a value in text format"));
        }
        let bytes = raw.as_bytes().map_err(|_| refused(expected, "NULL"))?;
        match kind {
            Kind::Scalar(scalar) => decode(scalar, bytes).map_err(|found| refused(expected, found)),
            Kind::Array => Ok(ValueRef::Array(ArrayRef::Encoded { bytes, read: array::read })),
            Kind::Other => {
                let type_name = self.column(index).map_or("?", |column| column.type_info().name());
                Ok(ValueRef::Other { type_name, bytes })
            }
        }
    }
}

#[cold]
fn refused(expected: ColumnType, found: &str) -> Error {
    if found == numeric::TOO_LONG {
        return Error::decode_too_large(expected, found).on(NAME);
    }
    Error::decode(expected, found).on(NAME)
}

/// How a column is decoded. The server has looked through domains already; enums and citext travel as text.
fn kind(info: &PgTypeInfo) -> Kind {
    if let Some(oid) = info.oid() {
        if let Some(scalar) = Scalar::from_oid(oid.0) {
            return Kind::Scalar(scalar);
        }
        if Scalar::is_array(oid.0) {
            return Kind::Array;
        }
    }
    // sqlx calls a type so whose name it could not look up, and panics when asked for its kind.
    if info.name() == "?" {
        return Kind::Other;
    }
    match info.kind() {
        PgTypeKind::Enum(_) => Kind::Scalar(Scalar::Text),
        // The extension may have been created in any schema.
        _ if info.name().rsplit('.').next() == Some("citext") => Kind::Scalar(Scalar::Text),
        _ => Kind::Other,
    }
}

/// Reads a value in binary format; or says what was found instead.
#[inline]
pub(crate) fn decode(scalar: Scalar, bytes: &[u8]) -> Result<ValueRef<'_>, &'static str> {
    Ok(match scalar {
        Scalar::Bool => match bytes {
            [0] => ValueRef::Bool(false),
            [1] => ValueRef::Bool(true),
            _ => return Err("a malformed bool"),
        },
        Scalar::Int2 => ValueRef::I64(i16::from_be_bytes(fixed(bytes)?).into()),
        Scalar::Int4 => ValueRef::I64(i32::from_be_bytes(fixed(bytes)?).into()),
        Scalar::Int8 => ValueRef::I64(i64::from_be_bytes(fixed(bytes)?)),
        Scalar::Oid => ValueRef::I64(u32::from_be_bytes(fixed(bytes)?).into()),
        Scalar::Float4 => ValueRef::F64(f32::from_be_bytes(fixed(bytes)?).into()),
        Scalar::Float8 => ValueRef::F64(f64::from_be_bytes(fixed(bytes)?)),
        Scalar::Text => ValueRef::Text(text(bytes)?),
        Scalar::Bytea => ValueRef::Bytes(bytes),
        Scalar::Numeric => ValueRef::Decimal(numeric::decode(bytes)?),
        Scalar::Uuid => ValueRef::Uuid(Uuid::from_bytes(fixed(bytes)?)),
        Scalar::Date => ValueRef::Date(date(i32::from_be_bytes(fixed(bytes)?))?),
        Scalar::Time => ValueRef::Time(Time(i64::from_be_bytes(fixed(bytes)?))),
        Scalar::Timestamp => ValueRef::DateTime(moment(i64::from_be_bytes(fixed(bytes)?))?),
        Scalar::Timestamptz => ValueRef::Instant(moment(i64::from_be_bytes(fixed(bytes)?))?),
        Scalar::Json => ValueRef::Json(JsonRef::Text(text(bytes)?)),
        Scalar::Jsonb => match bytes {
            [1, document @ ..] => ValueRef::Json(JsonRef::Text(text(document)?)),
            _ => return Err("jsonb of an unknown version"),
        },
    })
}

#[inline]
fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], &'static str> {
    bytes.try_into().map_err(|_| "a value of a wrong length")
}

#[inline]
fn text(bytes: &[u8]) -> Result<&str, &'static str> {
    std::str::from_utf8(bytes).map_err(|_| "text that is not UTF-8")
}

/// The ends of the range stand for infinity.
fn date(days: i32) -> Result<Date, &'static str> {
    if days == i32::MAX || days == i32::MIN {
        return Err("an infinite date");
    }
    days.checked_add(EPOCH_DAYS).map(Date).ok_or("a date out of range")
}

/// The ends of the range stand for infinity.
fn moment(micros: i64) -> Result<DateTime, &'static str> {
    if micros == i64::MAX || micros == i64::MIN {
        return Err("an infinite timestamp");
    }
    micros.checked_add(EPOCH_MICROS).map(DateTime).ok_or("a timestamp out of range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinities_and_malformed_bytes_are_errors() {
        for days in [i32::MAX, i32::MIN] {
            assert!(decode(Scalar::Date, &days.to_be_bytes()).is_err());
        }
        for micros in [i64::MAX, i64::MIN] {
            assert!(decode(Scalar::Timestamp, &micros.to_be_bytes()).is_err());
            assert!(decode(Scalar::Timestamptz, &micros.to_be_bytes()).is_err());
        }
        assert!(decode(Scalar::Int4, &[0; 8]).is_err());
        assert!(decode(Scalar::Bool, &[2]).is_err());
        assert!(decode(Scalar::Text, &[0xff]).is_err());
        assert!(decode(Scalar::Jsonb, b"\x02{}").is_err());
        assert!(decode(Scalar::Uuid, &[0; 15]).is_err());
    }

    #[test]
    fn the_epochs_are_thirty_years_apart() {
        assert_eq!(date(0).unwrap(), Date::from_ymd(2000, 1, 1).unwrap());
        assert_eq!(moment(0).unwrap().to_string(), "2000-01-01 00:00:00.000000");
    }
}
