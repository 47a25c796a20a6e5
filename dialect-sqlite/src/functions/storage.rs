//! Between the usual form of a value and the one in which a column keeps it.

use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use uuid::Uuid;

use super::decimal::{fitted, refused, small};
use super::scalar;
use crate::text;

pub(super) fn install(db: &Connection) -> Result<()> {
    scalar(db, "creole_scaled", 3, scaled)?;
    scalar(db, "creole_unscaled", 2, unscaled)?;
    scalar(db, "creole_uuid", 1, uuid)?;
    scalar(db, "creole_uuid_text", 1, uuid_text)
}

/// `creole_scaled(x, precision, scale)`: as a `decimal(precision, scale)` column keeps it, rounded half away from zero, in units
/// of its last digit.
fn scaled(context: &Context<'_>) -> Result<Option<i64>> {
    let Some(number) = fitted(context)? else { return Ok(None) };
    let (digits, _) = number.into_bigint_and_exponent();
    i64::try_from(digits).map(Some).map_err(|_| refused("a scaled integer has 64 bits"))
}

/// `creole_unscaled(n, scale)`: the decimal, with all its digits.
fn unscaled(context: &Context<'_>) -> Result<Option<String>> {
    let scale = usize::try_from(small(context, 1)?).unwrap_or_default();
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) => Ok(Some(with_point(number, scale))),
        _ => Err(refused("a value is not a scaled integer")),
    }
}

fn with_point(number: i64, scale: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    match digits.split_at(digits.len() - scale) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

/// `creole_uuid(text)`: its 16 bytes.
fn uuid(context: &Context<'_>) -> Result<Option<Vec<u8>>> {
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => {
            let id = std::str::from_utf8(bytes).ok().and_then(text::uuid);
            id.map(|id| Some(id.into_bytes().into())).ok_or_else(|| refused("a text is not a UUID in lower case"))
        }
        _ => Err(refused("a value is not a UUID kept as text")),
    }
}

/// `creole_uuid_text(bytes)`: the text, in lower case with hyphens.
fn uuid_text(context: &Context<'_>) -> Result<Option<String>> {
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(bytes) => {
            let id = Uuid::from_slice(bytes).map_err(|_| refused("a value is not the 16 bytes of a UUID"))?;
            Ok(Some(id.hyphenated().to_string()))
        }
        _ => Err(refused("a value is not the 16 bytes of a UUID")),
    }
}
