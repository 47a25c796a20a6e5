//! What SQLite's errors mean.

use creole_core::dialect::{Diagnosis, RawError};
use creole_core::error::Effect;
use creole_core::schema::Table;
use creole_core::{Error, ErrorKind};

use crate::dialect::{NAME, Sqlite};
use crate::types::VALUE_CHECK;

/// What an error means, by its extended result code and, where SQLite says it nowhere else, by its message.
pub(crate) fn classify(raw: &RawError<'_>) -> Diagnosis {
    let code: i32 = raw.code.parse().unwrap_or_default();
    match code {
        // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _ROWID.
        1555 | 2067 | 2579 => unique(raw),
        275 => check(raw.message),
        787 => Diagnosis::new(ErrorKind::ForeignKeyViolation),
        1299 => named(Diagnosis::new(ErrorKind::NotNullViolation), "NOT NULL constraint failed: ", raw),
        // SQLITE_CONSTRAINT_DATATYPE: a STRICT table was given a value of another type.
        3091 => Diagnosis::new(ErrorKind::InvalidValue),
        // SQLITE_BUSY_SNAPSHOT: what this transaction has read is no longer so, and waiting does not change that.
        517 => Diagnosis::new(ErrorKind::SerializationFailure).with_effect(Effect::Aborted),
        // SQLITE_ABORT_ROLLBACK
        516 => Diagnosis::new(ErrorKind::TransactionAborted).with_effect(Effect::RolledBack),
        // SQLITE_READONLY_DBMOVED: the file at this path is another one now.
        1032 => Diagnosis::new(ErrorKind::ConnectionLost).with_effect(Effect::Disconnected),
        _ => classify_primary(code & 0xff, raw.message),
    }
}

/// The error that rusqlite reported.
#[cold]
pub(crate) fn from_rusqlite(error: rusqlite::Error, table: Option<&'static Table>) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            from_sqlite(failure.extended_code, message.as_deref().unwrap_or_default(), table)
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => from_sqlite(error.extended_code, &msg, table),
        rusqlite::Error::MultipleStatement => {
            Error::new(ErrorKind::Syntax, "the text holds more than one statement").on(NAME)
        }
        rusqlite::Error::NulError(_) => Error::new(ErrorKind::Syntax, "SQL text can't hold a NUL character").on(NAME),
        other => {
            Error::new(ErrorKind::Other, ErrorKind::Other.description()).on(NAME).with_server_message(other.to_string())
        }
    }
}

fn from_sqlite(code: i32, message: &str, table: Option<&'static Table>) -> Error {
    let code = code.to_string();
    let raw = RawError { code: &code, message, table: table.map(|table| table.name), ..RawError::default() };
    Error::from_server(&Sqlite, &raw)
}

/// By the primary code, the lowest byte.
fn classify_primary(code: i32, message: &str) -> Diagnosis {
    use ErrorKind::*;
    let kind = match code {
        1 => return classify_message(message),
        // SQLITE_PERM, SQLITE_AUTH
        3 | 23 => Auth,
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: the last is a lock that was lost too often in a race.
        5 | 6 | 15 => LockTimeout,
        8 => ReadOnly,
        9 => StatementTimeout,
        // SQLITE_IOERR: what has reached the disk is unknown, and with it whether a COMMIT did.
        10 => return Diagnosis::new(Other).with_effect(Effect::Disconnected),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        11 | 26 => Corrupt,
        // SQLITE_FULL: SQLite rolls the transaction back by itself.
        13 => return Diagnosis::new(DiskFull).with_effect(Effect::RolledBack),
        // SQLITE_CANTOPEN
        14 => return Diagnosis::new(ConnectionLost).with_effect(Effect::Disconnected),
        17 => return Diagnosis::new(Other).with_effect(Effect::Outdated),
        // SQLITE_NOMEM, SQLITE_TOOBIG, SQLITE_NOLFS
        7 | 18 | 22 => Limit,
        // SQLITE_MISMATCH
        20 => InvalidValue,
        _ => Other,
    };
    Diagnosis::new(kind)
}

/// SQLITE_ERROR stands for all that has no code of its own.
fn classify_message(message: &str) -> Diagnosis {
    if let Some(name) = message.strip_prefix("no such table: ") {
        let name = name.strip_prefix("main.").unwrap_or(name);
        return Diagnosis { table: Some(name.into()), ..Diagnosis::new(ErrorKind::UndefinedTable) };
    }
    if let Some(name) = message.strip_prefix("no such column: ") {
        return undefined_column(name);
    }
    if let Some((table, column)) =
        message.strip_prefix("table ").and_then(|rest| rest.split_once(" has no column named "))
    {
        return Diagnosis {
            table: Some(table.into()),
            columns: vec![column.into()],
            ..Diagnosis::new(ErrorKind::UndefinedColumn)
        };
    }
    Diagnosis::new(kind_of_message(message))
}

fn kind_of_message(message: &str) -> ErrorKind {
    const LIMITS: &[&str] = &[
        "too many ",
        "at most ",
        "Expression tree is too large",
        "LIKE or GLOB pattern too complex",
        "parser stack overflow",
        "sqlite_master table is full",
    ];
    const SYNTAX: &[&str] =
        &["near \"", "incomplete input", "unrecognized token", "no such function", "wrong number of arg"];
    const VALUES: &[&str] = &["integer overflow", "malformed JSON"];
    let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| message.starts_with(beginning));
    if starts(LIMITS) || message.contains("too many columns") {
        return ErrorKind::Limit;
    }
    if starts(SYNTAX) {
        return ErrorKind::Syntax;
    }
    if starts(VALUES) {
        return ErrorKind::InvalidValue;
    }
    ErrorKind::Other
}

/// `users.emial`, or `"emial" - should this be a string literal in single-quotes?`
fn undefined_column(name: &str) -> Diagnosis {
    let name = name.split(" - should this be").next().unwrap_or(name).trim_matches('"');
    let (table, column) = match name.rsplit_once('.') {
        Some((table, column)) => (Some(table.to_owned()), column),
        None => (None, name),
    };
    Diagnosis { table, columns: vec![column.into()], ..Diagnosis::new(ErrorKind::UndefinedColumn) }
}

/// `UNIQUE constraint failed: users.email`, or `…: index 'name'` for an index on expressions.
fn unique(raw: &RawError<'_>) -> Diagnosis {
    let diagnosis = Diagnosis::new(ErrorKind::UniqueViolation);
    let index = raw.message.split_once("failed: index '").and_then(|(_, rest)| rest.strip_suffix('\''));
    match index {
        Some(index) => Diagnosis { constraint: Some(index.into()), ..diagnosis },
        None => named(diagnosis, "UNIQUE constraint failed: ", raw),
    }
}

/// A check's name. Those that belong to a column's type are about the value and not about a rule of the model.
fn check(message: &str) -> Diagnosis {
    let name = message.strip_prefix("CHECK constraint failed: ").unwrap_or_default();
    let (kind, columns) = match name.strip_prefix(VALUE_CHECK) {
        Some(column) => (ErrorKind::InvalidValue, vec![column.into()]),
        None => (ErrorKind::CheckViolation, Vec::new()),
    };
    let constraint = if name.is_empty() { None } else { Some(name.into()) };
    Diagnosis { columns, constraint, ..Diagnosis::new(kind) }
}

/// Reads `t.a, t.b`. Names may hold points: the statement's own table is taken off as a whole where it fits.
fn named(diagnosis: Diagnosis, prefix: &str, raw: &RawError<'_>) -> Diagnosis {
    let Some(list) = raw.message.strip_prefix(prefix) else { return diagnosis };
    let is_own = |table: &&str| list.strip_prefix(*table).is_some_and(|rest| rest.starts_with('.'));
    let table = raw.table.filter(is_own).or_else(|| list.split_once('.').map(|(table, _)| table));
    let Some(table) = table else { return diagnosis };
    let columns = list.split(", ").filter_map(|name| name.strip_prefix(table)?.strip_prefix('.')).map(Into::into);
    Diagnosis { columns: columns.collect(), table: Some(table.into()), ..diagnosis }
}
