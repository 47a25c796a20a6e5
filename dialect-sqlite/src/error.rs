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
    let mut raw = RawError::new(&code, message);
    raw.table = table.map(|table| table.name);
    Error::from_server(&Sqlite, &raw)
}

/// How the error of one of creole's own functions begins that was given what it can't take. SQLite lets a function choose
/// the message or the code of its errors, and rusqlite the message.
pub(crate) const REFUSED: &str = "creole: ";

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
        return Diagnosis::new(ErrorKind::UndefinedTable).with_table(name).with_words_about_text(message);
    }
    if let Some(name) = message.strip_prefix("no such column: ") {
        // A full-text search says the same of a word in its pattern, which is a value.
        return undefined_column(name).with_guessed_names().with_words_about_text(message);
    }
    if let Some((table, column)) =
        message.strip_prefix("table ").and_then(|rest| rest.split_once(" has no column named "))
    {
        return Diagnosis::new(ErrorKind::UndefinedColumn).with_table(table).with_columns([column]);
    }
    if let Some(name) = message.strip_prefix('\'').and_then(|rest| rest.strip_suffix("' is not a function")) {
        // SQLite looks for a table of this name first, and creole for the function.
        let words = format!("'{name}' is not a function: a table or view of this name hides that of SQLite; rename it");
        let mut diagnosis = Diagnosis::new(ErrorKind::Unsupported);
        diagnosis.words = Some(words);
        return diagnosis;
    }
    Diagnosis::new(kind_of_message(message)).with_words_about_text(message)
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
    const VALUES: &[&str] = &[
        "cannot INSERT into generated column",
        "cannot UPDATE generated column",
        "integer overflow",
        "malformed JSON",
        REFUSED,
    ];
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
    let diagnosis = Diagnosis::new(ErrorKind::UndefinedColumn);
    match name.rsplit_once('.') {
        Some((table, column)) => diagnosis.with_table(table).with_columns([column]),
        None => diagnosis.with_columns([name]),
    }
}

/// `UNIQUE constraint failed: users.email`, or `…: index 'name'` for an index on expressions.
fn unique(raw: &RawError<'_>) -> Diagnosis {
    let diagnosis = Diagnosis::new(ErrorKind::UniqueViolation);
    let index = raw.message.split_once("failed: index '").and_then(|(_, rest)| rest.strip_suffix('\''));
    match index {
        Some(index) => diagnosis.with_constraint(index),
        None => named(diagnosis, "UNIQUE constraint failed: ", raw),
    }
}

/// A check's name. Those that belong to a column's type are about the value and not about a rule of the model.
fn check(message: &str) -> Diagnosis {
    let name = message.strip_prefix("CHECK constraint failed: ").unwrap_or_default();
    let diagnosis = match name.strip_prefix(VALUE_CHECK) {
        Some(column) => Diagnosis::new(ErrorKind::InvalidValue).with_columns([column]),
        None => Diagnosis::new(ErrorKind::CheckViolation),
    };
    if name.is_empty() { diagnosis } else { diagnosis.with_constraint(name) }
}

/// Reads `t.a, t.b`. Names may hold points: the statement's own table is taken off as a whole where it fits.
fn named(diagnosis: Diagnosis, prefix: &str, raw: &RawError<'_>) -> Diagnosis {
    let Some(list) = raw.message.strip_prefix(prefix) else { return diagnosis };
    let is_own = |table: &&str| list.strip_prefix(*table).is_some_and(|rest| rest.starts_with('.'));
    let table = raw.table.filter(is_own).or_else(|| list.split_once('.').map(|(table, _)| table));
    let Some(table) = table else { return diagnosis };
    let columns = list.split(", ").filter_map(|name| name.strip_prefix(table)?.strip_prefix('.'));
    diagnosis.with_table(table).with_columns(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code and a message, and the kind, table, columns and constraint that they name.
    type Case<'a> = (i32, &'a str, ErrorKind, Option<&'a str>, &'a [&'a str], Option<&'a str>);

    fn diagnose(code: i32, message: &str) -> Diagnosis {
        let code = code.to_string();
        classify(&RawError::new(&code, message))
    }

    #[test]
    fn codes() {
        use ErrorKind::*;
        let cases = [
            (2, Other, Effect::Statement),
            (3, Auth, Effect::Statement),
            (4, Other, Effect::Statement),
            (516, TransactionAborted, Effect::RolledBack),
            (5, LockTimeout, Effect::Statement),
            (261, LockTimeout, Effect::Statement),
            (517, SerializationFailure, Effect::Aborted),
            (773, LockTimeout, Effect::Statement),
            (6, LockTimeout, Effect::Statement),
            (262, LockTimeout, Effect::Statement),
            (7, Limit, Effect::Statement),
            (8, ReadOnly, Effect::Statement),
            (776, ReadOnly, Effect::Statement),
            (1032, ConnectionLost, Effect::Disconnected),
            (9, StatementTimeout, Effect::Statement),
            (10, Other, Effect::Disconnected),
            (1034, Other, Effect::Disconnected),
            (11, Corrupt, Effect::Statement),
            (779, Corrupt, Effect::Statement),
            (13, DiskFull, Effect::RolledBack),
            (14, ConnectionLost, Effect::Disconnected),
            (15, LockTimeout, Effect::Statement),
            (17, Other, Effect::Outdated),
            (18, Limit, Effect::Statement),
            (20, InvalidValue, Effect::Statement),
            (21, Other, Effect::Statement),
            (23, Auth, Effect::Statement),
            (26, Corrupt, Effect::Statement),
            (275, CheckViolation, Effect::Statement),
            (787, ForeignKeyViolation, Effect::Statement),
            (1299, NotNullViolation, Effect::Statement),
            (1555, UniqueViolation, Effect::Statement),
            (1811, Other, Effect::Statement),
            (2067, UniqueViolation, Effect::Statement),
            (2579, UniqueViolation, Effect::Statement),
            (3091, InvalidValue, Effect::Statement),
            (101, Other, Effect::Statement),
        ];
        for (code, kind, effect) in cases {
            let diagnosis = diagnose(code, "");
            assert_eq!((diagnosis.kind, diagnosis.effect), (kind, effect), "{code}");
        }
    }

    #[test]
    fn messages() {
        use ErrorKind::*;
        let cases: [Case<'_>; 20] = [
            (2067, "UNIQUE constraint failed: t.a", UniqueViolation, Some("t"), &["a"], None),
            (1555, "UNIQUE constraint failed: t.a, t.b c", UniqueViolation, Some("t"), &["a", "b c"], None),
            (2067, "UNIQUE constraint failed: index 'i'", UniqueViolation, None, &[], Some("i")),
            (1299, "NOT NULL constraint failed: t.a.b", NotNullViolation, Some("t"), &["a.b"], None),
            (275, "CHECK constraint failed: ck_t_x", CheckViolation, None, &[], Some("ck_t_x")),
            (275, "CHECK constraint failed: fits_type_a", InvalidValue, None, &["a"], Some("fits_type_a")),
            (787, "FOREIGN KEY constraint failed", ForeignKeyViolation, None, &[], None),
            (1, "no such table: main.t", UndefinedTable, Some("t"), &[], None),
            (1, "no such column: t.a", UndefinedColumn, Some("t"), &["a"], None),
            (
                1,
                "no such column: \"a\" - should this be a string literal in single-quotes?",
                UndefinedColumn,
                None,
                &["a"],
                None,
            ),
            (1, "table t has no column named a", UndefinedColumn, Some("t"), &["a"], None),
            (1, "near \"SELEC\": syntax error", Syntax, None, &[], None),
            (1, "incomplete input", Syntax, None, &[], None),
            (1, "unrecognized token: \"#\"", Syntax, None, &[], None),
            (1, "no such function: f", Syntax, None, &[], None),
            (1, "too many SQL variables", Limit, None, &[], None),
            (1, "Expression tree is too large (maximum depth 1000)", Limit, None, &[], None),
            (1, "integer overflow", InvalidValue, None, &[], None),
            (1, "malformed JSON", InvalidValue, None, &[], None),
            (1, "cannot commit - no transaction is active", Other, None, &[], None),
        ];
        for (code, message, kind, table, columns, constraint) in cases {
            let diagnosis = diagnose(code, message);
            assert_eq!(diagnosis.kind, kind, "{message}");
            assert_eq!(diagnosis.table.as_deref(), table, "{message}");
            assert_eq!(diagnosis.columns, columns, "{message}");
            assert_eq!(diagnosis.constraint.as_deref(), constraint, "{message}");
        }
    }

    #[test]
    fn a_table_whose_name_holds_a_point_is_known_from_the_statement() {
        let message = "UNIQUE constraint failed: a.b.c, a.b.d";
        let mut raw = RawError::new("2067", message);
        raw.table = Some("a.b");
        let diagnosis = classify(&raw);
        assert_eq!(diagnosis.table.as_deref(), Some("a.b"));
        assert_eq!(diagnosis.columns, ["c", "d"]);
    }

    #[test]
    fn an_error_shows_the_code_and_not_the_message() {
        let error = from_sqlite(2067, "UNIQUE constraint failed: t.a", None);
        let expected = "a unique key already holds this value (table t, column a, sqlite 2067)";
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.server_message(), Some("UNIQUE constraint failed: t.a"));
    }
}
