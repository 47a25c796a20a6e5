//! The URL: checked here, word by word, because sqlx puts some options into SQL as they are and ignores those it does not
//! know.

use std::fmt;
use std::time::Duration;

use creole_core::Result;
use creole_core::driver::{UrlOptions, address};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::SCHEMES;

/// The options after `?`, as messages list them.
const OPTIONS: &[&str] = &[
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "ssl-mode",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "socket",
    "connect_timeout",
    "statement_cache",
    "isolation",
];

/// What errors in a URL name, since which of the two servers it is, is not known yet.
const NAME: &str = "mysql";

/// How many prepared statements a connection keeps. The server keeps 16,382 for all of them together.
const STATEMENT_CACHE: u64 = 256;
/// The largest number of them that can be asked for.
const LARGEST_CACHE: u64 = 16_382;

/// What the URL says.
#[derive(Clone)]
pub(crate) struct Settings {
    /// How to reach the server, for sqlx.
    pub(crate) options: MySqlConnectOptions,
    /// How long connecting and setting up may take.
    pub(crate) connect_timeout: Duration,
    /// How many prepared statements a connection keeps.
    pub(crate) statement_cache: usize,
    /// Which isolation transactions have where none is named.
    pub(crate) isolation: DefaultIsolation,
    /// Where the server is, for messages.
    pub(crate) address: String,
}

/// Which isolation transactions have where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultIsolation {
    ReadCommitted,
    /// Whatever the server is configured for.
    Server,
}

impl Settings {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](creole_core::ErrorKind::Config), saying what is wrong without quoting the URL.
    pub(crate) fn parse(url: &str) -> Result<Settings> {
        settings(&UrlOptions::parse_server(NAME, SCHEMES, OPTIONS, url)?)
    }
}

fn settings(parts: &UrlOptions) -> Result<Settings> {
    let cache = parts.number("statement_cache", STATEMENT_CACHE, 1..=LARGEST_CACHE)?;
    let isolation = parts.word("isolation", &[("server", DefaultIsolation::Server)])?;
    let options = encryption(options(parts, cache)?, parts)?;
    Ok(Settings {
        connect_timeout: Duration::from_secs(parts.number("connect_timeout", 10, 1..=3_600)?),
        statement_cache: usize::try_from(cache).unwrap_or(usize::MAX),
        isolation: isolation.unwrap_or(DefaultIsolation::ReadCommitted),
        address: match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => address(options.get_host(), options.get_port()),
        },
        options,
    })
}

/// Where the server is, and who connects.
fn options(parts: &UrlOptions, cache: u64) -> Result<MySqlConnectOptions> {
    let mut options = base()
        .username(parts.user()?)
        .port(parts.port(3306)?)
        .statement_cache_capacity(usize::try_from(cache).unwrap_or(usize::MAX));
    if let Some(host) = parts.text("host") {
        options = options.host(host);
    }
    if let Some(password) = parts.text("password").filter(|password| !password.is_empty()) {
        options = options.password(password);
    }
    if let Some(database) = parts.text("dbname") {
        if database.contains('/') {
            return Err(parts.wrong("the name of the database holds a slash"));
        }
        options = options.database(database);
    }
    Ok(match parts.text("socket") {
        Some(path) => options.socket(path),
        None => options,
    })
}

fn encryption(mut options: MySqlConnectOptions, parts: &UrlOptions) -> Result<MySqlConnectOptions> {
    let modes = [
        ("disabled", MySqlSslMode::Disabled),
        ("preferred", MySqlSslMode::Preferred),
        ("required", MySqlSslMode::Required),
        ("verify_ca", MySqlSslMode::VerifyCa),
        ("verify_identity", MySqlSslMode::VerifyIdentity),
    ];
    if let Some(mode) = parts.word("ssl-mode", &modes)? {
        options = options.ssl_mode(mode);
    }
    if let Some(path) = parts.file("ssl-ca")? {
        options = options.ssl_ca(path);
    }
    if let Some(path) = parts.file("ssl-cert")? {
        options = options.ssl_client_cert(path);
    }
    if let Some(path) = parts.file("ssl-key")? {
        options = options.ssl_client_key(path);
    }
    Ok(options)
}

/// sqlx's options with all that it would do on its own left out.
fn base() -> MySqlConnectOptions {
    use sqlx::ConnectOptions as _;
    MySqlConnectOptions::new()
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        .enable_cleartext_plugin(false)
        .disable_statement_logging()
}

/// Shows where it leads and never the password, which sqlx's own would.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("address", &self.address)
            .field("user", &self.options.get_username())
            .field("database", &self.options.get_database())
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_cache", &self.statement_cache)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use creole_core::ErrorKind;

    use super::*;

    #[test]
    fn parts_are_decoded() {
        let settings = Settings::parse(
            "mariadb://us%40er:c%3Anary%2F@[::1]:3307/d%C3%A4ta?ssl_mode=required&connect_timeout=3&isolation=server",
        )
        .unwrap();
        let options = &settings.options;
        assert_eq!(options.get_username(), "us@er");
        assert_eq!((options.get_host(), options.get_port()), ("::1", 3307));
        assert_eq!(options.get_database(), Some("däta"));
        assert!(matches!(options.get_ssl_mode(), MySqlSslMode::Required));
        assert_eq!(settings.connect_timeout, Duration::from_secs(3));
        assert_eq!(settings.isolation, DefaultIsolation::Server);
        assert!(!format!("{settings:?}").contains("nary"));
        assert!(format!("{:?}", settings.options).contains("c:nary/"), "the password did arrive");

        let settings = Settings::parse("mysql://root@localhost?socket=%2Frun%2Fmysqld.sock&statement-cache=7").unwrap();
        assert_eq!(settings.options.get_socket().map(|path| path.as_path()), Some("/run/mysqld.sock".as_ref()));
        assert_eq!((settings.options.get_database(), settings.statement_cache), (None, 7));
        assert!(matches!(settings.options.get_ssl_mode(), MySqlSslMode::Preferred));
    }

    #[test]
    fn what_is_wrong_is_refused_without_the_password() {
        let wrong_ones = [
            "canary",
            "postgres://root:canary@localhost/x",
            "mysql://localhost/x",
            "mysql://:canary@localhost/x",
            "mysql://root:canary@localhost:x/x",
            "mysql://root:canary@localhost:99999/x",
            "mysql://root:canary@[::1/x",
            "mysql://root:canary@localhost/x?nonsense=1",
            "mysql://root:canary@localhost/x?ssl-mode=canary",
            "mysql://root:canary@localhost/x?connect_timeout=0",
            "mysql://root:canary@localhost/x?statement_cache=0",
            "mysql://root:canary@localhost/x?ssl-ca=/no/such/canary",
            "mysql://root:canary@localhost/x?isolation=serializable",
            "mysql://root:canary@localhost/x/canary",
            "mysql://root:canary%ff@localhost/x",
            "mysql://root:canary?canary@localhost/x",
            "mysql://root:canary?canary=1@localhost/x",
            "mysql://root:canary@localhost/x?ssl-mode=required&SSL_MODE=disabled",
            "mysql://root:canary@localhost/x?statement_cache=16383",
            "mysql://root:canary@localhost/x?connect_timeout=3601",
            "mysql://root:canary@localhost/x?socket=",
        ];
        for url in wrong_ones {
            let error = Settings::parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{url}");
            assert!(error.to_string().contains("statement_cache"), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{url}: {error}");
        }
    }
}
