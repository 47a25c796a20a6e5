//! SQL functions that SQLite lacks, registered on each connection.
//!
//! Those of decimal numbers have the names and the meaning of SQLite's own decimal extension, which its command-line shell
//! has: so the shell can read, sort and add up what a program has stored. What is creole's alone is called `creole_…`, and
//! no built-in function is replaced: an index that one program builds with it and another reads without it would be wrong.

mod integer;
mod decimal;
mod decimal_aggregates;
mod storage;
mod list;
mod json;
mod json_tree;
mod text;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ToSql;
use rusqlite::{Connection, Result};

use crate::decimal_text;

/// The same arguments always give the same value, without side effects: so indexes and checks may use them.
const PURE: FunctionFlags =
    FunctionFlags::SQLITE_DETERMINISTIC.union(FunctionFlags::SQLITE_INNOCUOUS).union(FunctionFlags::SQLITE_UTF8);

/// Registers the functions and the collation `decimal`.
pub(crate) fn install(db: &Connection) -> Result<()> {
    db.create_collation("decimal", decimal_text::compare)?;
    integer::install(db)?;
    decimal::install(db)?;
    decimal_aggregates::install(db)?;
    storage::install(db)?;
    list::install(db)?;
    json::install(db)?;
    text::install(db)
}

/// Registers a function with a number of arguments.
fn scalar<T: ToSql + 'static>(
    db: &Connection,
    name: &str,
    arguments: i32,
    body: fn(&Context<'_>) -> Result<T>,
) -> Result<()> {
    db.create_scalar_function(name, arguments, PURE, body)
}

#[cfg(test)]
mod tests;
