//! The URL: checked here, word by word, because sqlx puts some options into SQL as they are and ignores those it does not
//! know.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use creole_core::driver::UrlOptions;
use creole_core::{Error, ErrorKind, Result};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::SCHEMES;

/// What can stand behind the `?`.
const OPTIONS: &[&str] =
    &["ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "connect_timeout", "statement_cache", "isolation"];

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
}

/// Which isolation transactions have where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultIsolation {
    ReadCommitted,
    /// Whatever the server is configured for.
    Server,
}

/// Reads a URL.
pub(crate) fn parse(url: &str) -> Result<Settings> {
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("the URL has no scheme"))?;
    if !SCHEMES.contains(&scheme) {
        return Err(wrong("the URL's scheme is not `mysql` or `mariadb`"));
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (user_info, address) = authority.rsplit_once('@').unwrap_or(("", authority));
    let mut settings = Settings {
        options: base(),
        connect_timeout: Duration::from_secs(10),
        statement_cache: 0,
        isolation: DefaultIsolation::ReadCommitted,
    };
    settings.user(user_info)?;
    settings.address(address)?;
    if !database.is_empty() {
        let database = decode(database, "the name of the database")?;
        if database.contains('/') {
            return Err(wrong("the name of the database holds a slash"));
        }
        settings.with(|options| options.database(&database));
    }
    settings.read(&UrlOptions::parse(NAME, OPTIONS, query)?)?;
    let capacity = settings.statement_cache;
    settings.with(|options| options.statement_cache_capacity(capacity));
    Ok(settings)
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

impl Settings {
    fn with(&mut self, change: impl FnOnce(MySqlConnectOptions) -> MySqlConnectOptions) {
        self.options = change(std::mem::take(&mut self.options));
    }

    /// The server's address, as messages name it.
    pub(crate) fn place(&self) -> String {
        match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }

    fn user(&mut self, user_info: &str) -> Result<()> {
        let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
        if user.is_empty() {
            return Err(wrong("the URL names no user"));
        }
        let user = decode(user, "the user")?;
        self.with(|options| options.username(&user));
        if !password.is_empty() {
            let password = decode(password, "the password")?;
            self.with(|options| options.password(&password));
        }
        Ok(())
    }

    fn address(&mut self, address: &str) -> Result<()> {
        let (host, port) = match address.strip_prefix('[') {
            Some(bracketed) => {
                let (host, rest) = bracketed.split_once(']').ok_or_else(|| wrong("the URL's host lacks a `]`"))?;
                (host, rest.strip_prefix(':').filter(|_| !rest.is_empty()))
            }
            None => match address.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (address, None),
            },
        };
        if !host.is_empty() {
            let host = decode(host, "the host")?;
            self.with(|options| options.host(&host));
        }
        if let Some(port) = port {
            let port: u16 = port.parse().map_err(|_| wrong("the URL's port is not a number from 1 to 65535"))?;
            self.with(|options| options.port(port));
        }
        Ok(())
    }

    fn read(&mut self, given: &UrlOptions) -> Result<()> {
        let modes = [
            ("disabled", MySqlSslMode::Disabled),
            ("preferred", MySqlSslMode::Preferred),
            ("required", MySqlSslMode::Required),
            ("verify_ca", MySqlSslMode::VerifyCa),
            ("verify_identity", MySqlSslMode::VerifyIdentity),
        ];
        if let Some(mode) = given.word("ssl-mode", &modes)? {
            self.with(|options| options.ssl_mode(mode));
        }
        if let Some(path) = file(given, "ssl-ca")? {
            self.with(|options| options.ssl_ca(path));
        }
        if let Some(path) = file(given, "ssl-cert")? {
            self.with(|options| options.ssl_client_cert(path));
        }
        if let Some(path) = file(given, "ssl-key")? {
            self.with(|options| options.ssl_client_key(path));
        }
        if let Some(path) = given.text("socket") {
            self.with(|options| options.socket(path));
        }
        self.connect_timeout = Duration::from_secs(given.number("connect_timeout", 10, 1..=3_600)?);
        let cache = given.number("statement_cache", STATEMENT_CACHE, 1..=LARGEST_CACHE)?;
        self.statement_cache = usize::try_from(cache).unwrap_or(usize::MAX);
        let isolation = given.word("isolation", &[("server", DefaultIsolation::Server)])?;
        self.isolation = isolation.unwrap_or(DefaultIsolation::ReadCommitted);
        Ok(())
    }
}

/// The value of an option that names a file.
fn file<'g>(given: &'g UrlOptions, name: &str) -> Result<Option<&'g str>> {
    match given.text(name) {
        Some(path) if !Path::new(path).is_file() => Err(given.wrong(&format!("{name} names no file"))),
        path => Ok(path),
    }
}

/// Shows where it leads and never the password, which sqlx's own would.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("host", &self.options.get_host())
            .field("port", &self.options.get_port())
            .field("socket", &self.options.get_socket())
            .field("database", &self.options.get_database())
            .finish_non_exhaustive()
    }
}

fn decode(text: &str, what: &str) -> Result<String> {
    creole_core::driver::decode(NAME, what, text).map_err(|error| wrong(&error.to_string()))
}

#[cold]
fn wrong(what: &str) -> Error {
    let options = OPTIONS.join(", ");
    let message = format!(
        "{what}; a URL looks like mysql://user:password@host:3306/database?option=value, with `%`, `/`, `?`, `#` and `@` \
         written as %25, %2F, %3F, %23 and %40 within its parts, and the options are {options}"
    );
    Error::new(ErrorKind::Config, message).on(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded() {
        let settings = parse(
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

        let settings = parse("mysql://root@localhost?socket=%2Frun%2Fmysqld.sock&statement-cache=7").unwrap();
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
            let error = parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{url}");
            assert!(error.to_string().contains("statement_cache"), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{url}: {error}");
        }
    }
}
