//! [`Settings`]: what a URL says.

use std::path::PathBuf;
use std::time::Duration;

use creole_core::{Error, ErrorKind, Result};
use percent_encoding::percent_decode_str;

use crate::dialect::NAME;

/// The schemes of the URLs that this crate opens.
pub const SCHEMES: &[&str] = &["sqlite"];

const OPTIONS: &str = "the options are mode=ro|rw|rwc, synchronous=off|normal|full|extra, busy_timeout=<milliseconds>, \
                       connections=1";

/// What a URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) place: Place,
    pub(crate) mode: Mode,
    pub(crate) synchronous: Synchronous,
    pub(crate) busy_timeout: Duration,
    pub(crate) connections: Connections,
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a file, by its absolute path, so that a later change of the working directory changes nothing.
    File(PathBuf),
    /// In memory, private to the engine.
    Memory,
}

/// What may be done to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    ReadOnly,
    ReadWrite,
    /// Read, write, and create it where it is missing.
    Create,
}

/// How sure it is that what was committed survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Synchronous {
    Off,
    Normal,
    Full,
    Extra,
}

/// How many connections may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connections {
    /// One that writes and several that read.
    Several,
    One,
}

impl Settings {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], which says what is wrong and lists the options.
    pub(crate) fn parse(url: &str) -> Result<Settings> {
        let Some(rest) = url.strip_prefix("sqlite:") else {
            return Err(config("the URL does not begin with sqlite:"));
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let place = place(path)?;
        let mut settings = Settings {
            place,
            mode: Mode::Create,
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(5),
            connections: Connections::Several,
        };
        let mut seen = Vec::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            if seen.contains(&name) {
                return Err(config(format!("the option {name} stands twice")));
            }
            seen.push(name);
            settings.set(name, value)?;
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if self.place == Place::Memory && matches!(name, "mode" | "synchronous") {
            return Err(config(format!("{name} says nothing of a database in memory; leave it off")));
        }
        match (name, value) {
            ("mode", "ro") => self.mode = Mode::ReadOnly,
            ("mode", "rw") => self.mode = Mode::ReadWrite,
            ("mode", "rwc") => self.mode = Mode::Create,
            ("synchronous", "off") => self.synchronous = Synchronous::Off,
            ("synchronous", "normal") => self.synchronous = Synchronous::Normal,
            ("synchronous", "full") => self.synchronous = Synchronous::Full,
            ("synchronous", "extra") => self.synchronous = Synchronous::Extra,
            ("connections", "1") => self.connections = Connections::One,
            ("busy_timeout", milliseconds) => {
                let milliseconds: u32 =
                    milliseconds.parse().map_err(|_| config("busy_timeout takes a number of milliseconds"))?;
                self.busy_timeout = Duration::from_millis(milliseconds.into());
            }
            ("mode" | "synchronous" | "connections", _) => {
                return Err(config(format!("the option {name} does not take this value; {OPTIONS}")));
            }
            _ => return Err(config(format!("there is no option {name}; {OPTIONS}"))),
        }
        Ok(())
    }
}

impl Synchronous {
    /// The word of the pragma.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Synchronous::Off => "OFF",
            Synchronous::Normal => "NORMAL",
            Synchronous::Full => "FULL",
            Synchronous::Extra => "EXTRA",
        }
    }
}

/// `:memory:`, `app.db`, `./dir/app.db`, `///abs/path.db`
fn place(path: &str) -> Result<Place> {
    if path == ":memory:" {
        return Ok(Place::Memory);
    }
    let encoded = match path.strip_prefix("//") {
        Some(rest) if rest.starts_with('/') => rest,
        Some(_) => {
            return Err(config(
                "after sqlite:// stands a host, and SQLite has none: write sqlite:app.db for a file in the working \
                 directory, sqlite:///dir/app.db for an absolute path, sqlite::memory: for memory",
            ));
        }
        None => path,
    };
    let decoded = percent_decode_str(encoded).decode_utf8().map_err(|_| config("the path is not UTF-8"))?;
    if decoded.is_empty() {
        return Err(config("the URL names no file; sqlite::memory: is a database in memory"));
    }
    if decoded.contains('\0') {
        return Err(config("a path can't hold a NUL character"));
    }
    let path = std::path::absolute(decoded.as_ref())
        .map_err(|_| config("the working directory is not there, so the path can't be made absolute"))?;
    Ok(Place::File(path))
}

/// A setting that is wrong.
#[cold]
pub(crate) fn config(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Config, message).on(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str) -> PathBuf {
        match Settings::parse(url).unwrap().place {
            Place::File(path) => path,
            Place::Memory => panic!("not a file: {url}"),
        }
    }

    #[test]
    fn places() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(file("sqlite:app.db"), here.join("app.db"));
        assert_eq!(file("sqlite:./dir/app.db"), here.join("dir/app.db"));
        assert_eq!(file("sqlite:///abs/app.db"), PathBuf::from("/abs/app.db"));
        assert_eq!(file("sqlite:/abs/app.db"), PathBuf::from("/abs/app.db"));
        assert_eq!(file("sqlite:a%20%3F%25%C3%A4.db?mode=ro"), here.join("a ?%ä.db"));
        // What SQLite itself would take for something else than a file.
        assert_eq!(file("sqlite:file:x"), here.join("file:x"));
        assert_eq!(file("sqlite:./:memory:"), here.join(":memory:"));
        assert_eq!(Settings::parse("sqlite::memory:").unwrap().place, Place::Memory);
    }

    #[test]
    fn options() {
        let settings = Settings::parse("sqlite:a?mode=rw&synchronous=normal&busy_timeout=7&connections=1").unwrap();
        assert_eq!(settings.mode, Mode::ReadWrite);
        assert_eq!(settings.synchronous, Synchronous::Normal);
        assert_eq!(settings.busy_timeout, Duration::from_millis(7));
        assert_eq!(settings.connections, Connections::One);
        let settings = Settings::parse("sqlite:a").unwrap();
        assert_eq!((settings.mode, settings.synchronous), (Mode::Create, Synchronous::Full));
        assert_eq!((settings.busy_timeout, settings.connections), (Duration::from_secs(5), Connections::Several));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("postgres://x", "does not begin with sqlite:"),
            ("sqlite:", "names no file"),
            ("sqlite://app.db", "stands a host"),
            ("sqlite://", "stands a host"),
            ("sqlite:a%00", "NUL"),
            ("sqlite:a%ff", "not UTF-8"),
            ("sqlite:a?cache=shared", "there is no option cache; the options are mode="),
            ("sqlite:a?mode=memory", "does not take this value; the options are"),
            ("sqlite:a?connections=2", "does not take this value"),
            ("sqlite:a?busy_timeout=1s", "milliseconds"),
            ("sqlite:a?mode=ro&mode=rw", "stands twice"),
            ("sqlite::memory:?mode=ro", "says nothing of a database in memory"),
            ("sqlite::memory:?synchronous=full", "says nothing of a database in memory"),
        ];
        for (url, part) in cases {
            let error = Settings::parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(part), "{url}: {error}");
        }
    }
}
