//! The end of a table's numbers, which SQLite reports as a full disk.

use creole_core::error::OUT_OF_NUMBERS;
use creole_core::schema::Table;
use creole_core::{Error, ErrorKind};
use rusqlite::Connection;

/// SQLITE_FULL
const FULL: &str = "13";

/// Tells the two apart, by looking at the largest number that was given out. Nothing else says it, and the statement has failed.
#[cold]
pub(crate) fn told_from_full_disk(db: &Connection, table: Option<&'static Table>, error: Error) -> Error {
    let Some(table) = table.filter(|_| error.code() == Some(FULL)) else { return error };
    let last = "SELECT 1 FROM sqlite_sequence WHERE name = ?1 AND seq = 9223372036854775807";
    if !db.prepare(last).and_then(|mut last| last.exists([table.name])).unwrap_or(false) {
        return error;
    }
    error.into_kind(ErrorKind::Limit, OUT_OF_NUMBERS).with_table(table.name)
}
