//! What PostgreSQL's errors mean, by SQLSTATE.

use creole_core::dialect::{Diagnosis, RawError};
use creole_core::error::{BrokenReference, Effect, Names};
use creole_core::{Error, ErrorKind};
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::dialect::{NAME, Postgres};
use crate::types;

/// The server's words for a prepared statement whose result has other columns than before.
const OUTDATED_PLAN: &str = "cached plan must not change result type";
/// The function of the server that says so, in whatever language.
const OUTDATED_ROUTINE: &str = "RevalidateCachedQuery";

/// Says what an error of the server means.
///
/// Any error ends the transaction it happens in, so the effect is [`Effect::Aborted`] or worse; outside a
/// transaction there is none to abort.
pub(crate) fn classify(raw: &RawError<'_>) -> Diagnosis {
    let (kind, effect) = meaning(raw.code, raw.message);
    // Such a check is about the value and not about a rule of the model.
    let check = raw.constraint.filter(|name| raw.code == "23514" && types::is_value_check(name));
    let checked = check.and_then(types::checked_column);
    let generated = (raw.code == "428C9").then(|| quoted(raw.message)).flatten();
    // The table may stand before the column, whose name may have points.
    let unknown = (raw.code == "42703").then(|| unknown_column(raw.message)).flatten();
    let mut diagnosis = match raw.code {
        "2200H" => Diagnosis::out_of_numbers(),
        _ => Diagnosis::new(if check.is_some() { ErrorKind::InvalidValue } else { kind }),
    };
    diagnosis.effect = effect;
    diagnosis.names = if unknown.is_some() { Names::Guessed } else { Names::Sure };
    diagnosis.table = raw.table.map(str::to_owned);
    diagnosis.columns = raw.column.or(checked).or(generated).or(unknown).map(str::to_owned).into_iter().collect();
    diagnosis.constraint = raw.constraint.map(str::to_owned);
    diagnosis.reference = reference(raw);
    if let (true, Some((columns, values))) = (raw.code.starts_with("23"), key(raw.message)) {
        diagnosis = diagnosis.with_key(columns.split(", ").map(unquoted), values);
    }
    // Within a function the text may have been put together from values.
    if raw.context.is_some() { diagnosis } else { diagnosis.with_words_about_text(raw.message) }
}

/// How a foreign key was violated. Only the English message says it; in other languages the statement does.
fn reference(raw: &RawError<'_>) -> Option<BrokenReference> {
    match raw.code {
        "23001" | "2BP01" => Some(BrokenReference::StillReferredTo),
        "23503" if raw.message.starts_with("insert or update on table ") => Some(BrokenReference::Missing),
        "23503" if raw.message.starts_with("update or delete on table ") => Some(BrokenReference::StillReferredTo),
        _ => None,
    }
}

/// `column "a" does not exist`, `column t.a does not exist`, `column "a" of relation "t" does not exist`
fn unknown_column(message: &str) -> Option<&str> {
    let named = message.lines().next()?.strip_prefix("column ")?.strip_suffix(" does not exist")?;
    let named = named.split_once(" of relation ").map_or(named, |(column, _)| column);
    Some(named.strip_prefix('"').and_then(|named| named.strip_suffix('"')).unwrap_or(named))
}

/// The columns and values of `Key (a, b)=(1, 2) already exists.`, which stands below the message. The words are the server's
/// language, the rest is the same in all.
fn key(message: &str) -> Option<(&str, &str)> {
    let (_, detail) = message.split_once('\n')?;
    let (before, values) = detail.split_once(")=(")?;
    let (_, columns) = before.split_once('(')?;
    let (values, _) = values.rsplit_once(')')?;
    Some((columns, values))
}

fn unquoted(name: &str) -> String {
    let within = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    within.map_or_else(|| name.to_owned(), |name| name.replace("\"\"", "\""))
}

/// The first name between quotes.
fn quoted(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once('"')?;
    rest.split_once('"').map(|(name, _)| name)
}

fn meaning(code: &str, message: &str) -> (ErrorKind, Effect) {
    use Effect::{Aborted, Disconnected, Outdated};
    use ErrorKind::*;
    match code {
        "23505" => (UniqueViolation, Aborted),
        // 23001 is what ON DELETE RESTRICT says from PostgreSQL 18 on.
        // 2BP01 is DROP TABLE while another table refers to it.
        "23503" | "23001" | "2BP01" => (ForeignKeyViolation, Aborted),
        "23502" => (NotNullViolation, Aborted),
        // A check of a table; a check option of a view.
        "23514" | "44000" => (CheckViolation, Aborted),
        "23P01" => (ExclusionViolation, Aborted),

        "40001" => (SerializationFailure, Aborted),
        "40P01" => (Deadlock, Aborted),
        "40003" | "08007" => (CommitUnknown, Disconnected),
        "55P03" => (LockTimeout, Aborted),
        // Ended by statement_timeout or by pg_cancel_backend.
        "57014" => (StatementTimeout, Aborted),
        // transaction_timeout, which ends the connection too.
        "25P04" => (StatementTimeout, Disconnected),
        "25P02" => (TransactionAborted, Aborted),
        "25006" => (ReadOnly, Aborted),

        // Shut down, crashed, starting up, database dropped, idle for too long.
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" | "25P03" => (ConnectionLost, Disconnected),
        "53100" => (DiskFull, Aborted),
        // Too many connections.
        "53300" => (Limit, Disconnected),
        // The number of values is not that of the placeholders, among others.
        "08P01" => (Syntax, Aborted),
        "53400" | "42622" => (Limit, Aborted),
        "XX001" | "XX002" => (Corrupt, Aborted),

        "42P01" | "3F000" => (UndefinedTable, Aborted),
        "42703" => (UndefinedColumn, Aborted),
        "42501" => (Auth, Aborted),
        // Something is there already, or is not as a definition needs it: these are no errors of grammar.
        "42701" | "42710" | "42712" | "42723" | "42P03" | "42P04" | "42P05" | "42P06" | "42P07" | "42809" | "42830"
        | "42939" | "42P16" | "42P17" | "42704" => (Other, Aborted),
        // A value of the program's own for a column that is always generated.
        "428C9" => (InvalidValue, Aborted),
        "3D000" => (Config, Disconnected),

        // The plan is of another age, or the statement is gone: DISCARD ALL, a connection proxy.
        "0A000" if message.contains(OUTDATED_PLAN) => (Other, Outdated),
        "26000" => (Other, Outdated),
        "0A000" => (Unsupported, Aborted),
        _ => by_class(code),
    }
}

/// The first two characters of an SQLSTATE are its class.
fn by_class(code: &str) -> (ErrorKind, Effect) {
    use Effect::{Aborted, Disconnected};
    use ErrorKind::*;
    match code.get(..2) {
        Some("08") => (ConnectionLost, Disconnected),
        Some("22") => (InvalidValue, Aborted),
        Some("28") => (Auth, Disconnected),
        Some("42") => (Syntax, Aborted),
        Some("54") => (Limit, Aborted),
        Some("F0") => (Config, Aborted),
        _ => (Other, Aborted),
    }
}

/// An error of sqlx as creole's. What sqlx says itself may quote values and is kept apart.
#[cold]
pub(crate) fn from_sqlx(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
            Some(error) => from_server(error),
            None => unexpected(ErrorKind::Other, Effect::Aborted, &error),
        },
        sqlx::Error::Io(error) => {
            let message = format!("the connection to the database is lost: {}", error.kind());
            lost(message).with_io(error)
        }
        sqlx::Error::Tls(error) => unexpected(ErrorKind::Tls, Effect::Disconnected, &error),
        sqlx::Error::Configuration(error) => unexpected(ErrorKind::Config, Effect::Disconnected, &error),
        sqlx::Error::Protocol(text) => {
            lost("the server's answer was not understood, and the connection is given up").with_server_message(text)
        }
        sqlx::Error::TypeNotFound { type_name } => {
            Error::new(ErrorKind::Other, format!("the database has no type {type_name}")).on(NAME)
        }
        other => unexpected(ErrorKind::Other, Effect::Disconnected, &other),
    }
}

/// A connection that broke or did not come about.
#[cold]
pub(crate) fn lost(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::ConnectionLost, message).on(NAME)
}

fn from_server(error: &PgDatabaseError) -> Error {
    let message = match error.detail() {
        Some(detail) => format!("{}\n{detail}", error.message()),
        None => error.message().to_owned(),
    };
    let mut raw = RawError::new(error.code(), &message);
    raw.table = error.table();
    raw.column = error.column();
    raw.constraint = error.constraint();
    raw.context = error.r#where();
    let created = Error::from_server(&Postgres, &raw);
    if error.code() == "0A000" && error.routine() == Some(OUTDATED_ROUTINE) {
        let kind = ErrorKind::Other;
        return created.into_kind(kind, kind.description()).with_effect(Effect::Outdated);
    }
    match error.severity() {
        // The server closes the connection after such an error, whatever its code.
        PgSeverity::Fatal | PgSeverity::Panic => created.with_effect(Effect::Disconnected),
        _ => created,
    }
}

fn unexpected(kind: ErrorKind, effect: Effect, error: &dyn std::fmt::Display) -> Error {
    Error::new(kind, kind.description()).on(NAME).with_effect(effect).with_server_message(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_row_is_read_and_not_shown() {
        let said = "duplicate key value violates unique constraint \"uq\"\nKey (a, \"B\"\"b\")=(1, canary (2)) already exists.";
        let diagnosis = classify(&RawError::new("23505", said));
        assert_eq!(key(said), Some(("a, \"B\"\"b\"", "1, canary (2)")));
        assert_eq!(unquoted("\"B\"\"b\""), "B\"b");
        let shown = format!("{diagnosis:?}");
        assert!(shown.contains("B\\\"b") && !shown.contains("canary"), "{shown}");
        assert_eq!(key("duplicate key value violates unique constraint"), None);
    }

    #[test]
    fn every_code_has_its_kind_and_effect() {
        use Effect::{Aborted, Disconnected, Outdated};
        use ErrorKind::*;
        for (code, message, kind, effect) in [
            ("23505", "", UniqueViolation, Aborted),
            ("23503", "", ForeignKeyViolation, Aborted),
            ("2BP01", "", ForeignKeyViolation, Aborted),
            ("23001", "", ForeignKeyViolation, Aborted),
            ("23502", "", NotNullViolation, Aborted),
            ("23514", "", CheckViolation, Aborted),
            ("23P01", "", ExclusionViolation, Aborted),
            ("22001", "", InvalidValue, Aborted),
            ("22003", "", InvalidValue, Aborted),
            ("22007", "", InvalidValue, Aborted),
            ("22008", "", InvalidValue, Aborted),
            ("22021", "", InvalidValue, Aborted),
            ("22P02", "", InvalidValue, Aborted),
            ("22P05", "", InvalidValue, Aborted),
            ("40001", "", SerializationFailure, Aborted),
            ("40P01", "", Deadlock, Aborted),
            ("40003", "", CommitUnknown, Disconnected),
            ("08007", "", CommitUnknown, Disconnected),
            ("55P03", "", LockTimeout, Aborted),
            ("57014", "", StatementTimeout, Aborted),
            ("25P04", "", StatementTimeout, Disconnected),
            ("57P01", "", ConnectionLost, Disconnected),
            ("57P02", "", ConnectionLost, Disconnected),
            ("57P03", "", ConnectionLost, Disconnected),
            ("57P05", "", ConnectionLost, Disconnected),
            ("25P03", "", ConnectionLost, Disconnected),
            ("08000", "", ConnectionLost, Disconnected),
            ("08003", "", ConnectionLost, Disconnected),
            ("08006", "", ConnectionLost, Disconnected),
            ("08P01", "", Syntax, Aborted),
            ("25P02", "", TransactionAborted, Aborted),
            ("25006", "", ReadOnly, Aborted),
            ("53100", "", DiskFull, Aborted),
            ("53300", "", Limit, Disconnected),
            ("54000", "", Limit, Aborted),
            ("54001", "", Limit, Aborted),
            ("XX001", "", Corrupt, Aborted),
            ("XX002", "", Corrupt, Aborted),
            ("XX000", "", Other, Aborted),
            ("42P01", "", UndefinedTable, Aborted),
            ("3F000", "", UndefinedTable, Aborted),
            ("42703", "", UndefinedColumn, Aborted),
            ("42601", "", Syntax, Aborted),
            ("42883", "", Syntax, Aborted),
            ("42804", "", Syntax, Aborted),
            ("42P18", "", Syntax, Aborted),
            ("42P07", "", Other, Aborted),
            ("42501", "", Auth, Aborted),
            ("28000", "", Auth, Disconnected),
            ("28P01", "", Auth, Disconnected),
            ("3D000", "", Config, Disconnected),
            ("0A000", "cached plan must not change result type", Other, Outdated),
            ("0A000", "something else", Unsupported, Aborted),
            ("26000", "", Other, Outdated),
            ("P0001", "", Other, Aborted),
            ("", "", Other, Aborted),
            ("ä", "", Other, Aborted),
        ] {
            let raw = RawError::new(code, message);
            let diagnosis = classify(&raw);
            assert_eq!((diagnosis.kind, diagnosis.effect), (kind, effect), "{code}");
        }
    }

    #[test]
    fn names_are_taken_from_the_fields() {
        let mut raw = RawError::new("23502", "canary");
        raw.table = Some("users");
        raw.column = Some("email");
        raw.constraint = Some("c");
        let error = Error::from_server(&Postgres, &raw);
        assert_eq!(error.table(), Some("users"));
        assert_eq!(error.columns().collect::<Vec<_>>(), ["email"]);
        assert_eq!(error.constraint(), Some("c"));
        assert!(!error.to_string().contains("canary") && !format!("{error:?}").contains("canary"));
        assert_eq!(error.server_message(), Some("canary"));
    }

    #[test]
    fn a_check_of_a_type_is_about_the_value() {
        let diagnose = |constraint| {
            let mut raw = RawError::new("23514", "");
            raw.table = Some("t");
            raw.constraint = Some(constraint);
            let diagnosis = classify(&raw);
            (diagnosis.kind, diagnosis.columns)
        };
        assert_eq!(diagnose("fits_type_age"), (ErrorKind::InvalidValue, vec!["age".to_owned()]));
        assert_eq!(diagnose("ck_t_age"), (ErrorKind::CheckViolation, Vec::new()));
    }

    #[test]
    fn errors_of_the_transport_end_the_connection() {
        let io = from_sqlx(sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()));
        assert_eq!((io.kind(), io.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
        let tls = from_sqlx(sqlx::Error::Tls("canary".into()));
        assert_eq!((tls.kind(), tls.effect()), (ErrorKind::Tls, Effect::Disconnected));
        let protocol = from_sqlx(sqlx::Error::Protocol("canary".into()));
        assert_eq!((protocol.kind(), protocol.effect()), (ErrorKind::ConnectionLost, Effect::Disconnected));
        for error in [io, tls, protocol] {
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }
}
