//! Connection URLs, read by our own rules: nothing is guessed, nothing is ignored, and no message quotes a URL.

use std::fmt;
use std::time::Duration;

use creole_core::Result;
use creole_core::driver::{UrlOptions, address};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::SCHEMES;
use crate::dialect::NAME;

/// The options after `?`, as messages list them.
const OPTIONS: &[&str] = &[
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "connect_timeout",
    "statement_cache",
    "search_path",
];

/// The variables of the environment that sqlx applies whatever it is told.
const UNAVOIDABLE: &[&str] = &["PGOPTIONS", "PGSSLCERT", "PGSSLKEY"];

/// What a URL says. Its `Debug` leaves the password out.
pub(crate) struct Settings {
    pub(crate) options: PgConnectOptions,
    pub(crate) connect_timeout: Duration,
    pub(crate) statement_cache: usize,
    /// The schemas to search, as SQL; `None` leaves the server's own setting.
    pub(crate) search_path: Option<String>,
    /// Where the server is, for messages.
    pub(crate) address: String,
}

impl Settings {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], saying what is wrong without quoting the URL.
    pub(crate) fn parse(url: &str) -> Result<Settings> {
        settings(&UrlOptions::parse_server(NAME, SCHEMES, OPTIONS, url)?)
    }
}

/// The names of the variables that are set and can't be kept from the connection.
pub(crate) fn unavoidable_variables() -> impl Iterator<Item = &'static str> {
    UNAVOIDABLE.iter().copied().filter(|name| std::env::var_os(name).is_some())
}

fn settings(parts: &UrlOptions) -> Result<Settings> {
    let user = parts.user()?;
    let host = parts.text("host").ok_or_else(|| {
        parts.wrong("it names no host, as in postgres://user@host/database, or host=/directory for a Unix socket")
    })?;
    let port = parts.port(5432)?;
    let connect_timeout = parts.number("connect_timeout", 10, 1..=3_600)?;
    let statement_cache = parts.number("statement_cache", 256, 0..=10_000)? as usize;
    let mode = ssl_mode(parts, host.starts_with('/'))?;

    // Everything that sqlx reads from the environment and lets us overwrite is overwritten.
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(host)
        .port(port)
        .username(user)
        .password(parts.text("password").unwrap_or_default())
        .database(parts.text("dbname").unwrap_or(user))
        .application_name(parts.text("application_name").unwrap_or("creole"))
        .statement_cache_capacity(statement_cache)
        .ssl_mode(mode)
        // Floats travel in binary, where they have all their digits.
        .extra_float_digits(None)
        .disable_statement_logging();
    options = match parts.file("sslrootcert")? {
        Some(path) => options.ssl_root_cert(path),
        None => options.ssl_root_cert_from_pem(Vec::new()),
    };
    match (parts.file("sslcert")?, parts.file("sslkey")?) {
        (Some(cert), Some(key)) => options = options.ssl_client_cert(cert).ssl_client_key(key),
        (None, None) => {}
        _ => return Err(parts.wrong("sslcert and sslkey are given together or not at all")),
    }
    Ok(Settings {
        options,
        connect_timeout: Duration::from_secs(connect_timeout),
        statement_cache,
        search_path: search_path(parts)?,
        address: address(host, port),
    })
}

/// What `sslmode` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

const MODES: &[(&str, Mode)] = &[
    ("disable", Mode::Disable),
    ("prefer", Mode::Prefer),
    ("require", Mode::Require),
    ("verify-ca", Mode::VerifyCa),
    ("verify-full", Mode::VerifyFull),
];

/// The mode that is asked for, which is never weakened.
fn ssl_mode(parts: &UrlOptions, is_socket: bool) -> Result<PgSslMode> {
    let has_root = parts.text("sslrootcert").is_some();
    let mode = match parts.word("sslmode", MODES)? {
        None if has_root => PgSslMode::VerifyCa,
        None if is_socket => PgSslMode::Disable,
        None | Some(Mode::Prefer) => PgSslMode::Prefer,
        Some(Mode::Disable) => PgSslMode::Disable,
        // As in libpq, naming whom to trust means wanting it checked.
        Some(Mode::Require) if has_root => PgSslMode::VerifyCa,
        Some(Mode::Require) => PgSslMode::Require,
        Some(Mode::VerifyCa) => PgSslMode::VerifyCa,
        Some(Mode::VerifyFull) => PgSslMode::VerifyFull,
    };
    if has_root && matches!(mode, PgSslMode::Disable | PgSslMode::Prefer) {
        return Err(parts.wrong("sslrootcert has no effect with this sslmode: use verify-full or verify-ca"));
    }
    Ok(mode)
}

/// `a,b` as `"a", "b"`.
fn search_path(parts: &UrlOptions) -> Result<Option<String>> {
    let Some(names) = parts.text("search_path") else { return Ok(None) };
    let quoted: Vec<String> =
        names.split(',').map(|name| format!("\"{}\"", name.trim().replace('"', "\"\""))).collect();
    if quoted.iter().any(|name| name == "\"\"") {
        return Err(parts.wrong("search_path holds an empty name"));
    }
    Ok(Some(quoted.join(", ")))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("address", &self.address)
            .field("user", &self.options.get_username())
            .field("database", &self.options.get_database())
            .field("sslmode", &self.options.get_ssl_mode())
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_cache", &self.statement_cache)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use creole_core::ErrorKind;

    use super::*;

    fn settings(url: &str) -> Settings {
        Settings::parse(url).unwrap()
    }

    #[test]
    fn every_part_is_read_and_decoded() {
        let found = settings(
            "postgres://us%40er:p%2F%3a@db.example:6543/sh%20op?application_name=a%26b&connect_timeout=3&statement_cache=0\
             &sslmode=require&search_path=app,p%22ublic",
        );
        assert_eq!(found.options.get_username(), "us@er");
        assert_eq!(found.options.get_host(), "db.example");
        assert_eq!(found.options.get_port(), 6543);
        assert_eq!(found.options.get_database(), Some("sh op"));
        assert_eq!(found.options.get_application_name(), Some("a&b"));
        assert!(matches!(found.options.get_ssl_mode(), PgSslMode::Require));
        assert_eq!(found.connect_timeout, Duration::from_secs(3));
        assert_eq!(found.statement_cache, 0);
        assert_eq!(found.search_path.as_deref(), Some("\"app\", \"p\"\"ublic\""));
        assert!(
            format!("{:?}", found.options).contains("p/:"),
            "sqlx shows the password, which is why Settings does not"
        );
        assert!(!format!("{found:?}").contains("p/:"));
    }

    #[test]
    fn what_is_not_said_has_a_fixed_meaning() {
        let found = settings("postgresql://me@localhost");
        assert_eq!(found.options.get_database(), Some("me"));
        assert_eq!(found.options.get_port(), 5432);
        assert_eq!(found.options.get_application_name(), Some("creole"));
        assert!(matches!(found.options.get_ssl_mode(), PgSslMode::Prefer));
        assert_eq!((found.connect_timeout, found.statement_cache), (Duration::from_secs(10), 256));
        let socket = settings("postgres://me@/db?host=/var/run/postgresql");
        assert_eq!(socket.address, "/var/run/postgresql");
        assert!(matches!(socket.options.get_ssl_mode(), PgSslMode::Disable));
        let socket = settings("postgres:///db?host=/tmp&user=me&password=&port=5433&sslmode=require");
        assert!(matches!(socket.options.get_ssl_mode(), PgSslMode::Require));
        let six = settings("postgres://me@[::1]:5433/db");
        assert_eq!((six.options.get_host(), six.options.get_port()), ("::1", 5433));
        assert_eq!(six.address, "[::1]:5433");
    }

    #[test]
    fn what_is_wrong_is_a_config_error_that_quotes_nothing_secret() {
        for url in [
            "mysql://me@host/db",
            "postgres:me@host",
            "",
            "postgres://me@host/db?hunter2",
            "postgres://me@host/db?sslmode=allow",
            "postgres://me@host/db?sslmode=",
            "postgres://me@host/db?connect_timeout=0",
            "postgres://me@host/db?statement_cache=-1",
            "postgres://me@host/db?user=you",
            "postgres://me@host/db?sslcert=/nowhere",
            "postgres://me@host/db?sslmode=verify-full&sslrootcert=/nowhere/hunter2",
            "postgres://me@host/db?search_path=a,,b",
            "postgres://me@host:/db",
            "postgres://me@host:99999/db",
            "postgres://me@[::1/db",
            "postgres://me@[::1]x/db",
            "postgres://me@host/a/b",
            "postgres://host/db",
            "postgres://me@/db",
            "postgres://me:%ff@host/db",
            "postgres://me:%00@host/db",
            "postgres://me:hunter2/hunter2@host/db",
            "postgres://me:1/hunter2@host/db",
            "postgres://me:hunter2?hunter2@host/db",
            "postgres://me:1?hunter2@host/db",
            "postgres://me:1?hunter2@host/db?sslmode=disable",
        ] {
            let error = Settings::parse(url).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{url}");
            let shown = format!("{error} {error:?} {:?}", error.server_message());
            assert!(!shown.contains("hunter2"), "{url}: {shown}");
        }
        let error = Settings::parse("postgres://me@host/db?ssl_mode=require").unwrap_err();
        assert!(error.to_string().contains("unknown option ssl_mode; the options are host, port"), "{error}");
        let settings = settings("postgres://me@host/db?SSLMODE=Verify_Full&connect-timeout=3600");
        assert!(matches!(settings.options.get_ssl_mode(), PgSslMode::VerifyFull));
        let error = Settings::parse("postgres://me@host/db?connect_timeout=3601").unwrap_err();
        assert!(error.to_string().contains("connect_timeout is a number from 1 to 3600"), "{error}");
    }

    #[test]
    fn naming_whom_to_trust_is_never_without_effect() {
        let mode = |query| ssl_mode(&UrlOptions::parse(NAME, OPTIONS, query).unwrap(), false);
        assert!(matches!(mode("sslrootcert=a&sslmode=require"), Ok(PgSslMode::VerifyCa)));
        assert!(matches!(mode("sslrootcert=a"), Ok(PgSslMode::VerifyCa)));
        assert!(mode("sslrootcert=a&sslmode=prefer").is_err());
        assert!(mode("sslrootcert=a&sslmode=disable").is_err());
    }
}
