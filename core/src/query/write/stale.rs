//! The error of a row that is not as it was read.

use crate::error::{Error, ErrorKind};
use crate::schema::Table;

/// The error of a row to write that was not found. Where the table has a version, it may have been changed.
pub(crate) fn stale(table: &'static Table) -> Error {
    let message = match table.version {
        Some(_) => "the row to write is not as it was read: it was changed or deleted since, or its key was",
        None => "the row to write is not there any more: it was deleted, or its key was changed, since it was read",
    };
    let error = Error::new(ErrorKind::StaleVersion, message).with_table(table.name);
    match table.version {
        Some(_) => error.with_columns(table.column_names(table.primary_key)),
        None => error,
    }
}

/// The error of a statement that writes a version itself.
pub(super) fn sets_version(table: &'static Table, column: u16) -> Error {
    let message = "every update counts the version of its rows up, so it can't be set: leave the column out";
    let name = table.column(column).map(|column| column.name);
    Error::new(ErrorKind::Syntax, message).with_table(table.name).with_columns(name)
}
