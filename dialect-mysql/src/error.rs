//! What the servers' errors mean, by their numbers: the SQLSTATE is HY000 for too many of them.

use creole_core::dialect::{Diagnosis, RawError};
use creole_core::error::{BrokenReference, Effect, Names};
use creole_core::{Error, ErrorKind};
use sqlx::mysql::MySqlDatabaseError;

use crate::dialect::Flavor;
use crate::message::{after, between, column_before_row, idents, key};
use crate::types;

impl Flavor {
    /// Says what an error of the server means.
    pub(crate) fn diagnosis(self, raw: &RawError<'_>) -> Diagnosis {
        let message = raw.message;
        let number: u32 = raw.code.parse().unwrap_or_default();
        let of_kind = match number {
            // MariaDB's handler says the first of the two of a number that it would give out.
            167 | 1467 => Diagnosis::out_of_numbers(),
            _ => Diagnosis::new(kind(number, message)),
        };
        let mut diagnosis = of_kind.with_effect(effect(number)).with_words_about_text(message);
        diagnosis.reference = reference(number);
        match number {
            1062 | 1586 => self.name_key(&mut diagnosis, message),
            1451 | 1452 => name_foreign_key(&mut diagnosis, message),
            1048 => name_column(&mut diagnosis, between(message, "Column '", "' cannot be null")),
            1364 => name_column(&mut diagnosis, between(message, "Field '", "' doesn't have a default value")),
            3819 => {
                diagnosis.constraint = between(message, "Check constraint '", "' is violated.").map(str::to_owned);
            }
            4025 => name_check(&mut diagnosis, message),
            1264 | 1265 | 1406 => diagnosis.columns.extend(column_before_row(message)),
            // The value stands before the column, and in some of these messages at the end.
            1292 | 1366 | 3140 | 3156 => {
                diagnosis.names = Names::Guessed;
                diagnosis.columns.extend(column_before_row(message));
            }
            3105 | 1906 => {
                let rest = message.split_once('\'').and_then(|(_, rest)| rest.split_once('\''));
                name_column(&mut diagnosis, rest.map(|(name, _)| name));
            }
            1146 if diagnosis.kind == ErrorKind::UndefinedTable => {
                let name = between(message, "Table '", "' doesn't exist");
                diagnosis.names = Names::Guessed;
                // The database stands before the table, whose name may have points.
                diagnosis.table = name.map(|name| name.split_once('.').map_or(name, |(_, table)| table).to_owned());
            }
            1054 => {
                let name = message.strip_prefix("Unknown column '").and_then(|rest| rest.split_once("' in '"));
                // The table may stand before the column, whose name may have points.
                diagnosis.names = Names::Guessed;
                name_column(&mut diagnosis, name.map(|(name, _)| name));
            }
            _ => {}
        }
        let is_check = diagnosis.kind == ErrorKind::CheckViolation;
        if let Some(check) = diagnosis.constraint.as_deref().filter(|name| is_check && types::is_value_check(name)) {
            // Such a check is about the value and not about a rule of the model.
            let checked = types::checked_column(check).map(|(table, column)| (table.to_owned(), column.to_owned()));
            diagnosis.kind = ErrorKind::InvalidValue;
            if let Some((table, column)) = checked {
                diagnosis.table = Some(table);
                diagnosis.columns = vec![column];
            }
        }
        diagnosis
    }

    /// Turns an error of sqlx into creole's. Its text may hold values that were bound, so none of it is shown.
    #[cold]
    pub(crate) fn error(self, error: sqlx::Error) -> Error {
        let backend = self.name();
        let told =
            |kind: ErrorKind, text: String| Error::new(kind, kind.description()).on(backend).with_server_message(text);
        match error {
            sqlx::Error::Database(error) => {
                let code = error
                    .try_downcast_ref::<MySqlDatabaseError>()
                    .map(|error| error.number().to_string())
                    .unwrap_or_default();
                let raw = RawError::new(&code, error.message());
                Error::from_server(self.dialect(), &raw)
            }
            sqlx::Error::Tls(error) => told(ErrorKind::Tls, error.to_string()),
            sqlx::Error::Configuration(error) => told(ErrorKind::Config, error.to_string()),
            sqlx::Error::Io(error) => {
                let kind = ErrorKind::ConnectionLost;
                Error::new(kind, kind.description()).on(backend).with_io(error)
            }
            // The driver and the server no longer understand each other: what comes next can't be relied upon.
            other => told(ErrorKind::Other, other.to_string()).with_effect(Effect::Disconnected),
        }
    }

    /// MySQL puts the table before the key's name; MariaDB names the key alone.
    fn name_key(self, diagnosis: &mut Diagnosis, message: &str) {
        let Some(name) = key(message) else { return };
        match (self, name.rsplit_once('.')) {
            (Flavor::MySql, Some((table, key))) => {
                diagnosis.names = Names::Guessed;
                diagnosis.table = Some(table.to_owned());
                diagnosis.constraint = Some(key.to_owned());
            }
            _ => diagnosis.constraint = Some(name.to_owned()),
        }
    }
}

fn kind(number: u32, message: &str) -> ErrorKind {
    match number {
        1022 | 1062 | 1169 | 1586 | 1761 | 1762 | 1859 => ErrorKind::UniqueViolation,
        // 3730 is DROP TABLE while another table refers to it.
        1216 | 1217 | 1451 | 1452 | 3730 => ErrorKind::ForeignKeyViolation,
        1048 | 1263 | 1364 => ErrorKind::NotNullViolation,
        3819 => ErrorKind::CheckViolation,
        // A value of the program's own for a generated column.
        1906 | 3105 => ErrorKind::InvalidValue,
        // MySQL has another error of this number.
        4025 if message.starts_with("CONSTRAINT ") => ErrorKind::CheckViolation,
        // Out of range, cut off, unreadable or wrongly encoded, also within expressions; text that is not JSON.
        1264 | 1265 | 1292 | 1300 | 1366 | 1367 | 1406 | 1411 | 1416 | 1441 | 1525 | 1690 | 3140 | 3141 | 3144
        | 3156 | 3157 => ErrorKind::InvalidValue,
        1213 | 1614 => ErrorKind::Deadlock,
        // MariaDB: the row has changed since the snapshot; the definition of a table has; a group's members disagree.
        1020 | 1412 | 3101 => ErrorKind::SerializationFailure,
        1205 | 3572 => ErrorKind::LockTimeout,
        1317 | 1969 | 3024 => ErrorKind::StatementTimeout,
        // MySQL ended the statement while it made a temporary table for itself, whose name no program gives to one.
        1146 if message.contains("/#sql") => ErrorKind::StatementTimeout,
        // 1047 is what a node of a Galera cluster says that is not part of it: another connection may lead to one that is.
        1047 | 1053 | 1077 | 1079 | 1152 | 1158..=1161 | 1184 | 1927 | 2006 | 2013 | 3169 | 4031 => {
            ErrorKind::ConnectionLost
        }
        1792 | 1836 => ErrorKind::ReadOnly,
        1290 if message.contains("read-only") || message.contains("read_only") => ErrorKind::ReadOnly,
        1021 | 1114 => ErrorKind::DiskFull,
        1034 | 1035 | 1194 | 1195 | 1712 => ErrorKind::Corrupt,
        1051 | 1109 | 1146 => ErrorKind::UndefinedTable,
        1054 => ErrorKind::UndefinedColumn,
        1052 | 1055 | 1056 | 1064 | 1065 | 1066 | 1111 | 1136 | 1140 | 1149 | 1222 | 1241 | 1305 | 1318 => {
            ErrorKind::Syntax
        }
        1044 | 1045 | 1130 | 1142 | 1143 | 1227 | 1370 | 1410 | 1698 | 1820 | 1862 | 3118 | 3955 | 4151 => {
            ErrorKind::Auth
        }
        1046 | 1049 => ErrorKind::Config,
        1170 | 1235 | 1295 => ErrorKind::Unsupported,
        1037 | 1038 | 1040 | 1041 | 1071 | 1118 | 1153 | 1203 | 1226 | 1301 | 1390 | 1436 | 1461 | 1473 | 3636 => {
            ErrorKind::Limit
        }
        _ => ErrorKind::Other,
    }
}

fn reference(number: u32) -> Option<BrokenReference> {
    match number {
        1216 | 1452 => Some(BrokenReference::Missing),
        1217 | 1451 | 3730 => Some(BrokenReference::StillReferredTo),
        _ => None,
    }
}

fn effect(number: u32) -> Effect {
    match number {
        1020 | 1213 | 1614 | 3101 => Effect::RolledBack,
        1412 => Effect::Aborted,
        // The server has no room for another prepared statement; the connection makes some by forgetting its own.
        1243 | 1461 | 1615 => Effect::Outdated,
        // The packet was too large: the server has left.
        1040
        | 1047
        | 1053
        | 1077
        | 1079
        | 1152
        | 1153
        | 1158..=1161
        | 1184
        | 1203
        | 1927
        | 2006
        | 2013
        | 3169
        | 4031 => Effect::Disconnected,
        _ => Effect::Statement,
    }
}

/// ``… fails (`db`.`t`, CONSTRAINT `fk` FOREIGN KEY (`c`) REFERENCES …)``: names only, no values.
fn name_foreign_key(diagnosis: &mut Diagnosis, message: &str) {
    let Some(names) = after(message, " fails (") else { return };
    diagnosis.table = idents(names).into_iter().nth(1);
    let Some(rest) = after(names, "CONSTRAINT ") else { return };
    diagnosis.constraint = idents(rest).into_iter().next();
    if let Some(columns) = after(rest, "FOREIGN KEY (") {
        diagnosis.columns = idents(columns);
    }
}

/// ``CONSTRAINT `ck` failed for `db`.`t` ``
fn name_check(diagnosis: &mut Diagnosis, message: &str) {
    let Some(rest) = message.strip_prefix("CONSTRAINT ") else { return };
    diagnosis.constraint = idents(rest).into_iter().next();
    if let Some((_, table)) = rest.rsplit_once(" failed for ") {
        diagnosis.table = idents(table).pop();
    }
}

fn name_column(diagnosis: &mut Diagnosis, name: Option<&str>) {
    diagnosis.columns.extend(name.map(str::to_owned));
}
