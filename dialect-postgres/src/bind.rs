//! Values on their way to the server: each in the binary format of the type that its column has.

use std::fmt;

use creole_core::driver::{Bind, Compiled};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};
use rust_decimal::Decimal;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments, Type};

use crate::dialect::NAME;
use crate::types::{Scalar, wire, wire_oid};
use crate::{array, numeric};

/// The days from 1970-01-01, where creole counts from, to 2000-01-01, where PostgreSQL does.
pub(crate) const EPOCH_DAYS: i32 = 10_957;
/// The same in microseconds.
pub(crate) const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * creole_core::types::civil::DAY;

/// The protocol counts the values of a statement in sixteen bits.
pub(crate) const MOST_BINDS: usize = 65_535;

/// How many bytes the values of a statement take: the server allocates no more than 1 GiB at once, and ends the connection.
const MOST_BYTES: usize = (1 << 30) - (1 << 20);

/// How a `u64` that no `int8` holds is sent.
const LARGE: ColumnType = ColumnType::Decimal { precision: 20, scale: 0 };

/// Encodes the values of a statement.
///
/// # Errors
/// [`ErrorKind::InvalidValue`] where a value is not of the kind its type says, or out of its range; [`ErrorKind::Limit`]
/// where there are too many.
pub(crate) fn arguments(statement: &Compiled<'_>) -> Result<PgArguments> {
    arguments_within(statement, MOST_BYTES)
}

fn arguments_within(statement: &Compiled<'_>, room: usize) -> Result<PgArguments> {
    let binds = &statement.binds;
    if binds.len() > MOST_BINDS {
        let message = format!("the statement has {} values, PostgreSQL takes at most {MOST_BINDS}", binds.len());
        return Err(Error::new(ErrorKind::Limit, message).on(NAME));
    }
    let mut arguments = PgArguments::default();
    arguments.reserve(binds.len(), binds.len() * 16);
    for (position, bind) in binds.iter().enumerate() {
        // The texts of these errors are made below, of types and never of values.
        arguments.add(Argument { bind, room }).map_err(|reason| {
            if reason.is::<TooLarge>() {
                return statement.too_large(NAME, Some(position), MOST_BYTES, "the largest message of its protocol");
            }
            Error::new(ErrorKind::InvalidValue, format!("a value can't be sent: {reason}")).on(NAME)
        })?;
    }
    Ok(arguments)
}

/// Sends each `u64` that no `int8` holds as numeric, and says so in a comment after the text: the same text always means
/// the same types, because the server keeps them with the prepared statement.
pub(crate) fn mark_large(statement: &mut Compiled<'_>) {
    let mut comment = String::new();
    let is_large = |bind: Bind<'_>| bind.ty == ColumnType::U64 && holds_large(bind.value);
    for position in 0..statement.binds.len() {
        if statement.binds.get(position).is_some_and(is_large) {
            statement.binds.set_type(position, LARGE);
            comment.push_str(&format!(" ${} numeric", position + 1));
        }
    }
    if !comment.is_empty() {
        statement.sql = format!("{} /*{comment} */", statement.sql).into();
    }
}

/// Whether this is, or holds, a number that no `int8` does.
fn holds_large(value: ValueRef<'_>) -> bool {
    let mut found = false;
    match value {
        ValueRef::U64(number) => return i64::try_from(number).is_err(),
        ValueRef::List(list) => {
            // Looking has no error of its own.
            let _ = list.each(&mut |bind| {
                found |= holds_large(bind.value);
                Ok(())
            });
        }
        _ => {}
    }
    found
}

/// A number as `f32`.
///
/// # Errors
/// The reason, where `f32` would round it.
pub(crate) fn exact_f32(number: f64) -> Result<f32, String> {
    let short = number as f32;
    if number.is_nan() || f64::from(short) == number {
        Ok(short)
    } else {
        Err("the number is not exact as a floating point number of 32 bits".into())
    }
}

/// The name of the type a value is sent as.
pub(crate) fn type_name(bind: Bind<'_>) -> String {
    match bind.ty {
        ty if matches!(bind.value, ValueRef::List(_)) => format!("{ty}[]"),
        ColumnType::Other(name) => name.to_owned(),
        ColumnType::Array(element) => format!("{element}[]"),
        ty => wire(ty).map_or("text", Scalar::name).to_owned(),
    }
}

struct Argument<'b> {
    bind: Bind<'b>,
    /// How many bytes all values may take.
    room: usize,
}

/// That the values up to this one take more bytes than the server takes at once.
#[derive(Debug)]
struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values are too large")
    }
}

impl std::error::Error for TooLarge {}

impl Type<sqlx::Postgres> for Argument<'_> {
    /// Never asked for, since [`Encode::produces`] says the type of each value.
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(Scalar::Text.oid()))
    }
}

impl Encode<'_, sqlx::Postgres> for Argument<'_> {
    fn produces(&self) -> Option<PgTypeInfo> {
        if let (ValueRef::List(_), Some(element)) = (self.bind.value, wire(self.bind.ty)) {
            return Some(PgTypeInfo::with_oid(Oid(element.array_oid())));
        }
        Some(match (wire_oid(self.bind.ty), self.bind.ty) {
            (Some(oid), _) => PgTypeInfo::with_oid(Oid(oid)),
            (None, ColumnType::Other(name)) => PgTypeInfo::with_name(name),
            (None, _) => Self::type_info(),
        })
    }

    fn size_hint(&self) -> usize {
        16
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let (value, ty) = (self.bind.value, self.bind.ty);
        if value.is_null() {
            return Ok(IsNull::Yes);
        }
        let known = match (wire(ty), ty, value) {
            (Some(_), _, ValueRef::List(list)) => Some(array::write_list(list, ty, buffer)?),
            (Some(scalar), ..) => encode(value, scalar, buffer)?,
            (None, ColumnType::Array(element), ValueRef::Array(array)) => Some(array::write(array, *element, buffer)?),
            _ => encode_unknown(value, buffer),
        };
        match known {
            Some(()) if buffer.len() > self.room => Err(Box::new(TooLarge)),
            Some(()) => Ok(IsNull::No),
            None => Err(format!("it is of type {}, the column of type {ty}", value.kind()).into()),
        }
    }
}

/// Writes a value as `scalar`; `None` where it is of another kind.
pub(crate) fn encode(value: ValueRef<'_>, scalar: Scalar, buffer: &mut Vec<u8>) -> Result<Option<()>, String> {
    match (scalar, value) {
        (Scalar::Bool, ValueRef::Bool(value)) => buffer.push(value.into()),
        (Scalar::Int2, _) => match integer(value) {
            Some(number) => buffer.extend_from_slice(&fitting::<i16>(number)?.to_be_bytes()),
            None => return Ok(None),
        },
        (Scalar::Int4, _) => match integer(value) {
            Some(number) => buffer.extend_from_slice(&fitting::<i32>(number)?.to_be_bytes()),
            None => return Ok(None),
        },
        (Scalar::Int8, _) => match integer(value) {
            Some(number) => buffer.extend_from_slice(&fitting::<i64>(number)?.to_be_bytes()),
            None => return Ok(None),
        },
        (Scalar::Float4, ValueRef::F64(number)) => buffer.extend_from_slice(&exact_f32(number)?.to_be_bytes()),
        (Scalar::Float8, ValueRef::F64(number)) => buffer.extend_from_slice(&number.to_be_bytes()),
        (Scalar::Numeric, ValueRef::Decimal(number)) => numeric::encode(number, buffer),
        (Scalar::Numeric, ValueRef::I64(number)) => numeric::encode(Decimal::from(number), buffer),
        (Scalar::Numeric, ValueRef::U64(number)) => numeric::encode(Decimal::from(number), buffer),
        (Scalar::Text, ValueRef::Text(text)) => buffer.extend_from_slice(text.as_bytes()),
        (Scalar::Text, ValueRef::Display(text)) => buffer.extend_from_slice(text.to_string().as_bytes()),
        (Scalar::Bytea, ValueRef::Bytes(bytes)) => buffer.extend_from_slice(bytes),
        (Scalar::Uuid, ValueRef::Uuid(id)) => buffer.extend_from_slice(id.as_bytes()),
        (Scalar::Date, ValueRef::Date(date)) => {
            let days = date.0.checked_sub(EPOCH_DAYS).ok_or(OUT_OF_RANGE)?;
            buffer.extend_from_slice(&days.to_be_bytes());
        }
        (Scalar::Time, ValueRef::Time(time)) => buffer.extend_from_slice(&time.0.to_be_bytes()),
        (Scalar::Timestamp, ValueRef::DateTime(moment)) | (Scalar::Timestamptz, ValueRef::Instant(moment)) => {
            let micros = moment.0.checked_sub(EPOCH_MICROS).ok_or(OUT_OF_RANGE)?;
            buffer.extend_from_slice(&micros.to_be_bytes());
        }
        (Scalar::Jsonb, ValueRef::Json(document)) => {
            // The version of the format.
            buffer.push(1);
            document.write(buffer).map_err(|error| error.to_string())?;
        }
        (
            Scalar::Bool
            | Scalar::Bytea
            | Scalar::Text
            | Scalar::Oid
            | Scalar::Json
            | Scalar::Float4
            | Scalar::Float8
            | Scalar::Date
            | Scalar::Time
            | Scalar::Timestamp
            | Scalar::Timestamptz
            | Scalar::Numeric
            | Scalar::Uuid
            | Scalar::Jsonb,
            _,
        ) => return Ok(None),
    }
    Ok(Some(()))
}

/// Writes a value of a type creole does not know: its bytes, or its text.
fn encode_unknown(value: ValueRef<'_>, buffer: &mut Vec<u8>) -> Option<()> {
    match value {
        ValueRef::Other { bytes, .. } | ValueRef::Bytes(bytes) => buffer.extend_from_slice(bytes),
        ValueRef::Text(text) => buffer.extend_from_slice(text.as_bytes()),
        ValueRef::Display(text) => buffer.extend_from_slice(text.to_string().as_bytes()),
        ValueRef::Null
        | ValueRef::Bool(_)
        | ValueRef::I64(_)
        | ValueRef::U64(_)
        | ValueRef::F64(_)
        | ValueRef::Decimal(_)
        | ValueRef::Uuid(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Instant(_)
        | ValueRef::Cut(_)
        | ValueRef::Json(_)
        | ValueRef::Array(_)
        | ValueRef::List(_)
        | ValueRef::Invalid(_) => return None,
    }
    Some(())
}

const OUT_OF_RANGE: &str = "it is out of range";

fn integer(value: ValueRef<'_>) -> Option<i128> {
    match value {
        ValueRef::I64(number) => Some(number.into()),
        ValueRef::U64(number) => Some(number.into()),
        _ => None,
    }
}

fn fitting<T: TryFrom<i128>>(number: i128) -> Result<T, String> {
    T::try_from(number).map_err(|_| OUT_OF_RANGE.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(binds: &[Bind<'_>]) -> Result<PgArguments> {
        super::arguments(&Compiled::from_text("", binds.to_vec()))
    }

    #[test]
    fn what_is_larger_than_a_message_is_a_limit() {
        let bind = |text| Bind::new(ValueRef::Text(text), ColumnType::TEXT);
        let statement = |binds| Compiled::from_text("", binds);
        assert!(arguments_within(&statement(vec![bind("12345"), bind("1234")]), 32).is_ok());
        let error =
            arguments_within(&statement(vec![bind("12345"), bind("12345678901234567890123456")]), 32).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(!error.to_string().contains("12345"), "{error}");
    }

    #[test]
    fn a_value_of_another_kind_is_refused_without_showing_it() {
        let binds = [Bind::new(ValueRef::Text("canary"), ColumnType::I64)];
        let error = arguments(&binds).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
        assert_eq!(error.to_string(), "a value can't be sent: it is of type text, the column of type i64");
        let binds = [Bind::new(ValueRef::I64(40_000), ColumnType::I16)];
        assert_eq!(arguments(&binds).unwrap_err().to_string(), "a value can't be sent: it is out of range");
        let binds = [Bind::new(ValueRef::F64(0.1), ColumnType::F32)];
        assert!(arguments(&binds).is_err());
        let binds = [Bind::new(ValueRef::U64(u64::MAX), ColumnType::U64)];
        assert!(arguments(&binds).is_err(), "not marked as large");
    }

    #[test]
    fn a_large_u64_changes_the_text_with_its_type() {
        let bind = |number| Bind::new(ValueRef::U64(number), ColumnType::U64);
        let mut statement = Compiled::from_text("SELECT $1, $2, $3", vec![bind(1), bind(u64::MAX), bind(1 << 63)]);
        mark_large(&mut statement);
        assert_eq!(statement.sql.as_ref(), "SELECT $1, $2, $3 /* $2 numeric $3 numeric */");
        assert!(super::arguments(&statement).is_ok());
        let mut small = Compiled::from_text("SELECT $1", vec![bind(i64::MAX as u64)]);
        mark_large(&mut small);
        assert_eq!(small.sql.as_ref(), "SELECT $1");
    }
}
