//! Values of a long list, out of the digits that a document holds them as.

use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

use super::decimal::refused;
use super::scalar;

pub(super) fn install(db: &Connection) -> Result<()> {
    scalar(db, "creole_listed_float", 1, float)?;
    scalar(db, "creole_listed_bytes", 1, bytes)
}

/// `creole_listed_float('3ff0000000000000')`: the number with these bits.
fn float(context: &Context<'_>) -> Result<Value> {
    let bits = |digits: &[u8]| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    decoded(context, |digits| bits(digits).map(|bits| Value::Real(f64::from_bits(bits))))
}

/// `creole_listed_bytes('00ff')`: these bytes.
fn bytes(context: &Context<'_>) -> Result<Value> {
    decoded(context, |digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        let byte = |place: usize| u8::from_str_radix(digits.get(place..place + 2)?, 16).ok();
        (0..digits.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>().map(Value::Blob)
    })
}

/// What is no text is a value already.
fn decoded(context: &Context<'_>, read: impl FnOnce(&[u8]) -> Option<Value>) -> Result<Value> {
    match context.get_raw(0) {
        ValueRef::Text(digits) => read(digits).ok_or_else(|| refused("a text is not the digits of a value")),
        other => Value::try_from(other).map_err(|_| refused("a text is not UTF-8")),
    }
}
