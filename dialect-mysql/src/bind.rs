//! Values on their way to the server: each column type always travels as one type of the protocol, NULL included.

use std::fmt;

use creole_core::driver::{Bind, Compiled};
use creole_core::types::civil::{Date, Time};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::mysql::{MySql, MySqlArguments, MySqlTypeInfo};
use sqlx::{Arguments, Type};

use crate::dialect::Flavor;
use crate::server::Server;
use crate::types::mismatch;

/// The types of the protocol that values travel as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Signed,
    Unsigned,
    Double,
    Decimal,
    Text,
    Bytes,
    Date,
    Time,
    DateTime,
}

/// A value with the type it travels as.
struct Outgoing<'a> {
    bind: Bind<'a>,
    wire: Wire,
    flavor: Flavor,
    /// How many bytes all values may take.
    room: usize,
}

/// The setting that says how many bytes a server takes at once.
const SETTING: &str = "max_allowed_packet";

/// What the values do not take of a packet: its head, the statement's number and its like. Roomy, because servers count the bytes
/// in blocks.
const HEAD: usize = 1_024;

/// That the values up to this one take more bytes than the server takes at once.
#[derive(Debug)]
struct TooLarge;

/// Encodes the values of a statement.
///
/// # Errors
/// [`ErrorKind::InvalidValue`] where a value is not of the kind its type says, or out of its range; [`ErrorKind::Limit`] where the
/// statement is larger than what the server takes at once: it would end the connection.
pub(crate) fn arguments(statement: &Compiled<'_>, server: &Server) -> Result<MySqlArguments> {
    let (binds, flavor) = (&statement.binds, server.flavor);
    let too_large = |bind| statement.too_large(flavor.name(), bind, server.most_bytes, SETTING);
    if statement.sql.len() > server.most_bytes.saturating_sub(HEAD) {
        return Err(too_large(None));
    }
    // Beside the values stand their types, two bytes each, and which of them are NULL.
    let room = server.most_bytes.saturating_sub(HEAD + binds.len() * 3);
    let mut arguments = MySqlArguments::default();
    arguments.reserve(binds.len(), binds.len() * 10);
    for (position, bind) in binds.iter().enumerate() {
        let outgoing = Outgoing { bind, wire: flavor.wire_of(bind), flavor, room };
        arguments.add(outgoing).map_err(|error| match error.downcast::<Error>() {
            Ok(error) => *error,
            Err(error) if error.is::<TooLarge>() => too_large(Some(position)),
            Err(_) => mismatch(bind.value, bind.ty),
        })?;
    }
    Ok(arguments)
}

impl Flavor {
    /// The type of the protocol for a column type.
    pub(crate) fn wire(self, ty: ColumnType) -> Wire {
        match ty {
            ColumnType::Bool | ColumnType::I8 | ColumnType::I16 | ColumnType::I32 | ColumnType::I64 => Wire::Signed,
            ColumnType::U8 | ColumnType::U16 | ColumnType::U32 | ColumnType::U64 => Wire::Unsigned,
            ColumnType::F32 | ColumnType::F64 => Wire::Double,
            ColumnType::Decimal { .. } => Wire::Decimal,
            ColumnType::Bytes { .. } => Wire::Bytes,
            ColumnType::Uuid if self == Flavor::MySql => Wire::Bytes,
            ColumnType::Date => Wire::Date,
            ColumnType::Time => Wire::Time,
            ColumnType::DateTime | ColumnType::Instant => Wire::DateTime,
            // MariaDB reads its uuid, and both read JSON and types creole does not know, from text.
            ColumnType::Text { .. }
            | ColumnType::Uuid
            | ColumnType::Json
            | ColumnType::Enum(_)
            | ColumnType::Array(_)
            | ColumnType::Other(_) => Wire::Text,
        }
    }

    /// The type of the protocol for a value. A list goes as one document, of whatever type its values are.
    pub(crate) fn wire_of(self, bind: Bind<'_>) -> Wire {
        if let ValueRef::List(_) = bind.value { Wire::Text } else { self.wire(bind.ty) }
    }
}

impl Wire {
    /// The protocol's type, as sqlx has it: through a Rust type that has it.
    fn type_info(self) -> MySqlTypeInfo {
        match self {
            Wire::Signed => <i64 as Type<MySql>>::type_info(),
            Wire::Unsigned => <u64 as Type<MySql>>::type_info(),
            Wire::Double => <f64 as Type<MySql>>::type_info(),
            Wire::Decimal => <rust_decimal::Decimal as Type<MySql>>::type_info(),
            Wire::Text => <str as Type<MySql>>::type_info(),
            Wire::Bytes => <[u8] as Type<MySql>>::type_info(),
            Wire::Date => <sqlx::types::chrono::NaiveDate as Type<MySql>>::type_info(),
            Wire::Time => <sqlx::types::chrono::NaiveTime as Type<MySql>>::type_info(),
            Wire::DateTime => <sqlx::types::chrono::NaiveDateTime as Type<MySql>>::type_info(),
        }
    }
}

impl Type<MySql> for Outgoing<'_> {
    /// Never asked for: every value says its own type.
    fn type_info() -> MySqlTypeInfo {
        Wire::Text.type_info()
    }
}

impl Encode<'_, MySql> for Outgoing<'_> {
    fn produces(&self) -> Option<MySqlTypeInfo> {
        Some(self.wire.type_info())
    }

    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        if self.bind.value.is_null() {
            return Ok(IsNull::Yes);
        }
        self.write(buffer)?;
        if buffer.len() > self.room {
            return Err(Box::new(TooLarge));
        }
        Ok(IsNull::No)
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values are too large")
    }
}

impl std::error::Error for TooLarge {}

impl Outgoing<'_> {
    fn write(&self, buffer: &mut Vec<u8>) -> Result<()> {
        let wrong = || mismatch(self.bind.value, self.bind.ty);
        match (self.wire, self.bind.value) {
            (Wire::Signed, ValueRef::I64(number)) => buffer.extend(number.to_le_bytes()),
            (Wire::Signed, ValueRef::Bool(value)) => buffer.extend(i64::from(value).to_le_bytes()),
            (Wire::Signed, ValueRef::U64(number)) => {
                buffer.extend(i64::try_from(number).map_err(|_| out_of_range(self.bind.ty))?.to_le_bytes());
            }
            (Wire::Unsigned, ValueRef::U64(number)) => buffer.extend(number.to_le_bytes()),
            (Wire::Unsigned, ValueRef::I64(number)) => {
                buffer.extend(u64::try_from(number).map_err(|_| out_of_range(self.bind.ty))?.to_le_bytes());
            }
            (Wire::Double, ValueRef::F64(number)) if number.is_finite() => buffer.extend(number.to_le_bytes()),
            (Wire::Double, ValueRef::F64(_)) => {
                return Err(Error::new(ErrorKind::InvalidValue, "this database holds neither NaN nor infinity"));
            }
            (Wire::Decimal, ValueRef::Decimal(number)) => put_bytes(buffer, number.to_string().as_bytes()),
            (Wire::Decimal, ValueRef::I64(number)) => put_bytes(buffer, number.to_string().as_bytes()),
            (Wire::Decimal, ValueRef::U64(number)) => put_bytes(buffer, number.to_string().as_bytes()),
            (Wire::Text, ValueRef::Text(text)) => put_bytes(buffer, text.as_bytes()),
            (Wire::Text, ValueRef::Display(text)) => put_bytes(buffer, text.to_string().as_bytes()),
            (Wire::Text, ValueRef::List(values)) => {
                put_bytes(buffer, self.flavor.list_document(values)?.as_bytes());
            }
            (Wire::Text, ValueRef::Json(document)) => put_bytes(buffer, document.text()?.as_bytes()),
            (Wire::Text, ValueRef::Uuid(id)) => {
                put_bytes(buffer, id.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).as_bytes());
            }
            (Wire::Text, ValueRef::Other { bytes, .. }) => put_bytes(buffer, bytes),
            (Wire::Bytes, ValueRef::Bytes(bytes)) => put_bytes(buffer, bytes),
            (Wire::Bytes, ValueRef::Uuid(id)) => put_bytes(buffer, id.as_bytes()),
            (Wire::Date, ValueRef::Date(date)) => {
                buffer.push(4);
                put_date(buffer, date).ok_or_else(wrong)?;
            }
            (Wire::Time, ValueRef::Time(time)) => {
                // The length; then that it is not negative and has no days.
                buffer.extend([12, 0, 0, 0, 0, 0]);
                put_time(buffer, time);
            }
            (Wire::DateTime, ValueRef::DateTime(moment) | ValueRef::Instant(moment)) => {
                buffer.push(11);
                put_date(buffer, moment.date()).ok_or_else(wrong)?;
                put_time(buffer, moment.time());
            }
            (
                Wire::Signed
                | Wire::Unsigned
                | Wire::Double
                | Wire::Decimal
                | Wire::Text
                | Wire::Bytes
                | Wire::Date
                | Wire::Time
                | Wire::DateTime,
                _,
            ) => return Err(wrong()),
        }
        Ok(())
    }
}

fn put_date(buffer: &mut Vec<u8>, date: Date) -> Option<()> {
    let (year, month, day) = date.ymd();
    buffer.extend(u16::try_from(year).ok()?.to_le_bytes());
    buffer.extend([month, day]);
    Some(())
}

fn put_time(buffer: &mut Vec<u8>, time: Time) {
    let (hour, minute, second, micro) = time.hms_micro();
    buffer.extend([hour, minute, second]);
    buffer.extend(micro.to_le_bytes());
}

/// Bytes with their number before them, which takes one, three, four or nine bytes.
fn put_bytes(buffer: &mut Vec<u8>, bytes: &[u8]) {
    let length = bytes.len() as u64;
    let [a, b, c, ..] = length.to_le_bytes();
    match length {
        0..=0xfa => buffer.push(a),
        0xfb..=0xffff => buffer.extend([0xfc, a, b]),
        0x1_0000..=0xff_ffff => buffer.extend([0xfd, a, b, c]),
        _ => {
            buffer.push(0xfe);
            buffer.extend(length.to_le_bytes());
        }
    }
    buffer.extend_from_slice(bytes);
}

#[cold]
fn out_of_range(ty: ColumnType) -> Error {
    Error::new(ErrorKind::InvalidValue, format!("the number is out of range for {ty}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use creole_core::types::civil::DateTime;

    fn encoded(value: ValueRef<'_>, ty: ColumnType, flavor: Flavor) -> Result<Vec<u8>> {
        let mut buffer = Vec::new();
        Outgoing { bind: Bind::new(value, ty), wire: flavor.wire(ty), flavor, room: usize::MAX }.write(&mut buffer)?;
        Ok(buffer)
    }

    fn mysql(value: ValueRef<'_>, ty: ColumnType) -> Vec<u8> {
        encoded(value, ty, Flavor::MySql).unwrap()
    }

    #[test]
    fn values_have_the_bytes_the_protocol_asks_for() {
        assert_eq!(mysql(ValueRef::Bool(true), ColumnType::Bool), 1_i64.to_le_bytes());
        assert_eq!(mysql(ValueRef::U64(u64::MAX), ColumnType::U64), [0xff; 8]);
        assert_eq!(mysql(ValueRef::Date(Date(0)), ColumnType::Date), [4, 0xb2, 0x07, 1, 1]);
        let last = ValueRef::DateTime(DateTime(-1));
        assert_eq!(mysql(last, ColumnType::DateTime), [11, 0xb1, 0x07, 12, 31, 23, 59, 59, 0x3f, 0x42, 0x0f, 0x00]);
        assert_eq!(mysql(ValueRef::Time(Time(1)), ColumnType::Time), [12, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(mysql(ValueRef::Text("ä"), ColumnType::TEXT), [2, 0xc3, 0xa4]);
        let id = uuid::Uuid::from_u128(1);
        assert_eq!(mysql(ValueRef::Uuid(id), ColumnType::Uuid).len(), 17);
        assert_eq!(encoded(ValueRef::Uuid(id), ColumnType::Uuid, Flavor::MariaDb).unwrap().len(), 37);
        for (length, head) in [(250, 1), (251, 3), (65_535, 3), (65_536, 4), (16_777_215, 4), (16_777_216, 9)] {
            let bytes = vec![0; length];
            assert_eq!(mysql(ValueRef::Bytes(&bytes), ColumnType::BYTES).len(), length + head);
        }
    }

    #[test]
    fn what_does_not_fit_its_type_is_refused_without_being_shown() {
        let cases = [
            (ValueRef::U64(u64::MAX), ColumnType::I64),
            (ValueRef::I64(-1), ColumnType::U64),
            (ValueRef::F64(f64::NAN), ColumnType::F64),
            (ValueRef::Text("canary"), ColumnType::I64),
            (ValueRef::I64(42), ColumnType::TEXT),
            (ValueRef::Date(Date(i32::MAX)), ColumnType::Date),
        ];
        for (value, ty) in cases {
            let error = encoded(value, ty, Flavor::MySql).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue);
            assert!(!error.to_string().contains("canary") && !error.to_string().contains("42"));
        }
    }
}
