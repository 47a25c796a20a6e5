//! Integers that stay integers.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, Result};

use super::scalar;

pub(super) fn install(db: &Connection) -> Result<()> {
    scalar(db, "creole_integer", 1, |context| match context.get_raw(0) {
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Null => Ok(Value::Null),
        // In the words of SQLite's own `sum` and `abs`.
        _ => Err(Error::UserFunctionError("integer overflow".into())),
    })
}
