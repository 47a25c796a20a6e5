use creole_core::ErrorKind::{self, *};
use creole_core::dialect::{Dialect, RawError};
use creole_core::error::Effect;

use crate::{MariaDb, MySql};

/// What a message names: the table, the columns, the constraint.
type Names = (Option<&'static str>, &'static [&'static str], Option<&'static str>);

#[track_caller]
fn check(dialect: &dyn Dialect, code: &str, message: &str, kind: ErrorKind, names: Names) {
    let diagnosis = dialect.classify(&RawError::new(code, message));
    assert_eq!(diagnosis.kind, kind, "{message}");
    let found = (diagnosis.table.as_deref(), diagnosis.columns.as_slice(), diagnosis.constraint.as_deref());
    assert_eq!((found.0, found.2), (names.0, names.2), "{message}");
    assert_eq!(found.1, names.1, "{message}");
}

#[test]
fn messages_are_read_from_their_end() {
    let key = |name| (None, &[][..], Some(name));
    for value in ["1", "it's", "x' for key 't.other", "x' for key 'other'", "`a`.`b`", ""] {
        let duplicate = |key: &str| format!("Duplicate entry '{value}' for key '{key}'");
        check(&MySql, "1062", &duplicate("t.uq_t_email"), UniqueViolation, (Some("t"), &[], Some("uq_t_email")));
        check(&MySql, "1062", &duplicate("t.PRIMARY"), UniqueViolation, (Some("t"), &[], Some("PRIMARY")));
        check(&MariaDb, "1062", &duplicate("uq_t_email"), UniqueViolation, key("uq_t_email"));
        check(&MariaDb, "1062", &duplicate("uq.t.email"), UniqueViolation, key("uq.t.email"));
    }
    for value in ["x", "x' for column 'id' at row 1", "`t`.`id` for column `a`.`b`.`c` at row 2", "\\xC3"] {
        let plain = format!("Incorrect string value: '{value}' for column 'email' at row 1");
        let long = format!("Incorrect string value: '{value}' for column `db`.`t`.`em``ail` at row 1");
        check(&MySql, "1366", &plain, InvalidValue, (None, &["email"], None));
        check(&MariaDb, "1366", &long, InvalidValue, (None, &["em`ail"], None));
    }
}

#[test]
fn constraints_and_columns_are_named() {
    let fails =
        "fails (`lab`.`t`, CONSTRAINT `fk``x` FOREIGN KEY (`a`, `b`) REFERENCES `p` (`x`, `y`) ON DELETE CASCADE)";
    let named = (Some("t"), &["a", "b"][..], Some("fk`x"));
    for dialect in [&MySql as &dyn Dialect, &MariaDb] {
        let child = format!("Cannot add or update a child row: a foreign key constraint {fails}");
        let parent = format!("Cannot delete or update a parent row: a foreign key constraint {fails}");
        check(dialect, "1452", &child, ForeignKeyViolation, named);
        check(dialect, "1451", &parent, ForeignKeyViolation, named);
        check(dialect, "1048", "Column 'name' cannot be null", NotNullViolation, (None, &["name"], None));
        check(dialect, "1364", "Field 'name' doesn't have a default value", NotNullViolation, (None, &["name"], None));
        check(dialect, "1406", "Data too long for column 'name' at row 1", InvalidValue, (None, &["name"], None));
        check(dialect, "1264", "Out of range value for column 'n' at row 12", InvalidValue, (None, &["n"], None));
        check(dialect, "1265", "Data truncated for column 'n' at row 1", InvalidValue, (None, &["n"], None));
        check(dialect, "1146", "Table 'lab.nope' doesn't exist", UndefinedTable, (Some("nope"), &[], None));
        check(dialect, "1054", "Unknown column 'nope' in 'field list'", UndefinedColumn, (None, &["nope"], None));
        check(dialect, "1054", "Unknown column 't.nope' in 'SELECT'", UndefinedColumn, (None, &["t.nope"], None));
    }
    check(&MySql, "3819", "Check constraint 'it's' is violated.", CheckViolation, (None, &[], Some("it's")));
    let label = "Check constraint 'fits_type_t.my.n' is violated.";
    check(&MySql, "3819", label, InvalidValue, (Some("t.my"), &["n"], Some("fits_type_t.my.n")));
    let label = "CONSTRAINT `fits_type_t.n` failed for `db`.`t`";
    check(&MariaDb, "4025", label, InvalidValue, (Some("t"), &["n"], Some("fits_type_t.n")));
    // A name that was cut says no column, and a key of such a name is a key.
    let cut = "fits_type_tttttttttttttttttttttttttttttttttt_0123456789abcdef";
    let label = "Check constraint 'fits_type_tttttttttttttttttttttttttttttttttt_0123456789abcdef' is violated.";
    check(&MySql, "3819", label, InvalidValue, (None, &[], Some(cut)));
    let key = "Duplicate entry 'a' for key 'fits_type_t.n'";
    check(&MariaDb, "1062", key, UniqueViolation, (None, &[], Some("fits_type_t.n")));
    let check_failed = "CONSTRAINT `ck_t_n` failed for `lab`.`t`";
    check(&MariaDb, "4025", check_failed, CheckViolation, (Some("t"), &[], Some("ck_t_n")));
    let json = "Invalid JSON text: \"' for column 'x' at row 1\" at position 1 in value for column 't.prefs'.";
    check(&MySql, "3140", json, InvalidValue, (None, &["prefs"], None));
}

#[test]
fn a_statement_that_is_ended_may_miss_its_own_table() {
    let message = "Table '/var/lib/mysql/#sql1710_46f9_0' doesn't exist";
    check(&MySql, "1146", message, StatementTimeout, (None, &[], None));
    check(&MySql, "1146", "Table 'lab.t' doesn't exist", UndefinedTable, (Some("t"), &[], None));
}

#[test]
fn a_message_of_another_shape_names_nothing() {
    for code in ["1062", "1452", "1048", "3819", "4025", "1406", "1146", "1054", "x", ""] {
        for message in ["", "'", "`", " for key '", "fails (`", "CONSTRAINT `x", "Column '", " for column '", "ß"] {
            let raw = RawError::new(code, message);
            for dialect in [&MySql as &dyn Dialect, &MariaDb] {
                let diagnosis = dialect.classify(&raw);
                assert!(diagnosis.constraint.is_none_or(|name| name.is_empty()), "{code} {message}");
            }
        }
    }
}

#[test]
fn numbers_have_kinds_and_effects() {
    let cases = [
        ("1213", Deadlock, Effect::RolledBack),
        ("1205", LockTimeout, Effect::Statement),
        ("3572", LockTimeout, Effect::Statement),
        ("1020", SerializationFailure, Effect::RolledBack),
        ("3024", StatementTimeout, Effect::Statement),
        ("1969", StatementTimeout, Effect::Statement),
        ("1317", StatementTimeout, Effect::Statement),
        ("1064", Syntax, Effect::Statement),
        ("1045", Auth, Effect::Statement),
        ("1044", Auth, Effect::Statement),
        ("1142", Auth, Effect::Statement),
        ("1049", Config, Effect::Statement),
        ("1792", ReadOnly, Effect::Statement),
        ("1114", DiskFull, Effect::Statement),
        ("1021", DiskFull, Effect::Statement),
        ("1047", ConnectionLost, Effect::Disconnected),
        ("1053", ConnectionLost, Effect::Disconnected),
        ("1927", ConnectionLost, Effect::Disconnected),
        ("2006", ConnectionLost, Effect::Disconnected),
        ("2013", ConnectionLost, Effect::Disconnected),
        ("1461", Limit, Effect::Outdated),
        ("1615", Other, Effect::Outdated),
        ("4025", Other, Effect::Statement),
        ("1290", Other, Effect::Statement),
        ("9999", Other, Effect::Statement),
    ];
    for (code, kind, effect) in cases {
        for dialect in [&MySql as &dyn Dialect, &MariaDb] {
            let diagnosis = dialect.classify(&RawError::new(code, ""));
            assert_eq!((diagnosis.kind, diagnosis.effect), (kind, effect), "{code}");
        }
    }
    let message = "The MySQL server is running with the --read-only option so it cannot execute this statement";
    check(&MySql, "1290", message, ReadOnly, (None, &[], None));
}
