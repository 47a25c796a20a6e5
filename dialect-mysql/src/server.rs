//! Reaching a server: connecting, and the one round trip that sets a connection up and learns what the server is.

use creole_core::driver::connected;
use creole_core::error::Effect;
use creole_core::{Error, ErrorKind, Result};
use futures_util::TryStreamExt;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection as _, Either, Executor as _, Row as _};

use crate::dialect::Flavor;
use crate::url::{DefaultIsolation, Settings};

/// Settings that both servers have. Text is UTF-8 and compared by code point, times are UTC, values that do not fit are
/// errors, an explicit 0 is a 0 in an automatic column too, a difference of unsigned numbers may be negative, and neither
/// recursion nor group_concat() ends early with only a warning. The dialect counts on the digits of a division. Text is sorted by its first megabyte
/// and not by its first 1,024 bytes, for which there must be room: servers take that room only as they need it. A comment that begins with `!` is a statement's text for MySQL from that version on, one that
/// begins with `M!` for MariaDB; each ignores the other's.
///
/// MariaDB's partial matches are off: a prepared statement that is executed again would take NULL to be unknown among the rows
/// of a subquery that has none, as it was among those of the time before. From 11.6.2 on, it would refuse to change what another
/// transaction has committed since the statement began, which the servers before it and MySQL see and change.
const SET_UP: &str = "SET NAMES utf8mb4 COLLATE /*!80400 utf8mb4_0900_bin *//*M! utf8mb4_nopad_bin */, \
    time_zone = '+00:00', \
    sql_mode = /*!80400 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,\
NO_UNSIGNED_SUBTRACTION,ONLY_FULL_GROUP_BY' *//*M! 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,\
NO_AUTO_VALUE_ON_ZERO,NO_UNSIGNED_SUBTRACTION,SIMULTANEOUS_ASSIGNMENT' */, \
    /*!80400 cte_max_recursion_depth *//*M! max_recursive_iterations */ = 4294967295, \
    group_concat_max_len = 4294967295, \
    div_precision_increment = 4, \
    max_sort_length = 1048576, \
    optimizer_switch = /*!80400 DEFAULT *//*M! 'partial_match_table_scan=off,partial_match_rowid_merge=off' */, \
    sort_buffer_size = 33554432, \
    /*M!110602 innodb_snapshot_isolation = 0, */ \
    autocommit = 1; ";

/// The isolation of transactions that name none.
const READ_COMMITTED: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; ";

/// What a server must be asked. The version comes last, because it may hold blanks.
const ASK: &str = "SELECT CONCAT_WS(' ', @@auto_increment_increment, @@innodb_rollback_on_timeout, CONNECTION_ID(), \
    @@max_allowed_packet, CONCAT_WS('/', REPLACE(@@hostname, ' ', '-'), @@port, @@server_id), VERSION())";

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) flavor: Flavor,
    /// By how much the automatic keys of one INSERT go up from row to row.
    pub(crate) id_step: i64,
    /// What a lock that was not to be had in time does to the transaction.
    pub(crate) lock_timeout: Effect,
    /// How many bytes it takes at once.
    pub(crate) most_bytes: usize,
    pub(crate) whereabouts: Whereabouts,
}

/// What identifies the server's end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whereabouts {
    /// The number of the connection.
    pub(crate) thread: u64,
    /// Which server it is: the next connection may lead to another one, where the number is somebody else's.
    pub(crate) node: String,
}

/// Connects and sets the connection up.
pub(crate) async fn reach(settings: &Settings) -> Result<(MySqlConnection, Server)> {
    connected(settings.connect_timeout, &settings.address, connect(settings)).await
}

async fn connect(settings: &Settings) -> Result<(MySqlConnection, Server)> {
    let refused = |error| located(refused(error), settings);
    let mut connection = MySqlConnection::connect_with(&settings.options).await.map_err(refused)?;
    let isolation = match settings.isolation {
        DefaultIsolation::ReadCommitted => READ_COMMITTED,
        DefaultIsolation::Server => "",
    };
    let answer = ask(&mut connection, format!("{SET_UP}{isolation}{ASK}")).await;
    let server = match answer {
        Ok(answer) => Server::of(&answer)?,
        // A server too old for the settings says so in its own way: which version it is tells more.
        Err(error) => match ask(&mut connection, "SELECT CONCAT_WS(' ', 1, 0, 0, 0, '-', VERSION())".into()).await {
            Ok(answer) => return Err(Server::of(&answer).err().unwrap_or_else(|| refused(error))),
            Err(_) => return Err(refused(error)),
        },
    };
    Ok((connection, server))
}

/// Runs statements and reads the one text that the last of them answers.
async fn ask(connection: &mut MySqlConnection, sql: String) -> Result<String, sqlx::Error> {
    let mut results = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql)));
    let mut answer = None;
    while let Some(result) = results.try_next().await? {
        if let Either::Right(row) = result {
            answer = Some(row.try_get(0)?);
        }
    }
    answer.ok_or(sqlx::Error::RowNotFound)
}

impl Server {
    /// Reads the answer to [`ASK`].
    fn of(answer: &str) -> Result<Server> {
        let mut words = answer.splitn(6, ' ');
        let (step, rollback) = (words.next(), words.next());
        let (thread, most_bytes) = (words.next(), words.next());
        let node = words.next().unwrap_or_default();
        let version = words.next().unwrap_or_default();
        let flavor = flavor(version)?;
        Ok(Server {
            flavor,
            id_step: step.and_then(|step| step.parse().ok()).unwrap_or(0),
            lock_timeout: if matches!(rollback, Some("0" | "OFF")) { Effect::Statement } else { Effect::RolledBack },
            most_bytes: most_bytes.and_then(|bytes| bytes.parse().ok()).unwrap_or(usize::MAX),
            whereabouts: Whereabouts {
                thread: thread.and_then(|thread| thread.parse().ok()).unwrap_or(0),
                node: node.to_owned(),
            },
        })
    }
}

/// Which server a version string names.
fn flavor(version: &str) -> Result<Flavor> {
    let (flavor, oldest) = if version.to_ascii_lowercase().contains("mariadb") {
        (Flavor::MariaDb, (10, 11))
    } else {
        (Flavor::MySql, (8, 4))
    };
    let mut numbers = version.split(|character: char| !character.is_ascii_digit()).map_while(|word| word.parse().ok());
    let number: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if number >= oldest {
        return Ok(flavor);
    }
    let ((major, minor), name) = (oldest, flavor.name());
    Err(Error::unsupported(
        name,
        &format!("version {}.{} of the server", number.0, number.1),
        &format!("creole needs {name} {major}.{minor} or newer"),
    ))
}

/// Says which server, database or user an error of connecting is about.
fn located(error: Error, settings: &Settings) -> Error {
    let message = match (error.kind(), error.code()) {
        (ErrorKind::ConnectionLost, _) => format!("no connection to {} came about", settings.address),
        (ErrorKind::Config, Some("1049")) => {
            format!("there is no database {:?}", settings.options.get_database().unwrap_or_default())
        }
        (ErrorKind::Auth, Some("1045")) => {
            format!("the server refused the user {:?} or the password", settings.options.get_username())
        }
        _ => return error,
    };
    let kind = error.kind();
    error.into_kind(kind, message)
}

/// Says why a connection was refused. Which server it is, is not known yet, but a refusal means the same on both.
#[cold]
fn refused(error: sqlx::Error) -> Error {
    // sqlx hands on what its TLS library says as an I/O error about the data.
    let is_tls = matches!(&error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData);
    let error = Flavor::MySql.error(error);
    if is_tls {
        return error.into_kind(ErrorKind::Tls, ErrorKind::Tls.description());
    }
    // sqlx comes without RSA here: a password that the server wants encrypted needs TLS around it.
    if error.kind() == ErrorKind::Config && error.server_message().is_some_and(|text| text.contains("RSA")) {
        return error.into_kind(
            ErrorKind::Auth,
            "the server takes this user's password only over an encrypted connection: use ssl-mode=preferred or stricter",
        );
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_tells_the_server() {
        assert_eq!(flavor("9.7.4-2").unwrap(), Flavor::MySql);
        assert_eq!(flavor("8.4.0").unwrap(), Flavor::MySql);
        assert_eq!(flavor("10.11.19-MariaDB-0+deb12u1").unwrap(), Flavor::MariaDb);
        assert_eq!(flavor("12.0.2-mariadb-log").unwrap(), Flavor::MariaDb);
        for old in ["8.0.40", "5.7.44-log", "8.0.11-TiDB-v7.5.0", "10.6.18-MariaDB", "", "x"] {
            assert_eq!(flavor(old).unwrap_err().kind(), ErrorKind::Unsupported, "{old}");
        }
    }

    #[test]
    fn the_answer_is_read() {
        let server = Server::of("2 1 77 16777216 host/3306/1 10.11.19-MariaDB on a box").unwrap();
        let whereabouts = Whereabouts { thread: 77, node: "host/3306/1".into() };
        let expected = Server {
            flavor: Flavor::MariaDb,
            id_step: 2,
            lock_timeout: Effect::RolledBack,
            most_bytes: 1 << 24,
            whereabouts,
        };
        assert_eq!(server, expected);
        assert_eq!(Server::of("1 0 1 0 - 9.7.4").unwrap().lock_timeout, Effect::Statement);
    }
}
