//! [`Settings`]: what a URL says.

use std::path::PathBuf;
use std::time::Duration;

use creole_core::driver::{UrlOptions, decode};
use creole_core::{Error, ErrorKind, Result};

use crate::dialect::NAME;

/// The schemes of the URLs that this crate opens.
pub const SCHEMES: &[&str] = &["sqlite"];

/// The options after `?`.
const OPTIONS: &[&str] = &["mode", "synchronous", "busy_timeout", "connections"];

/// The longest that can be waited for another process, in milliseconds: an hour.
const LONGEST_WAIT: u64 = 3_600_000;

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
    /// In a file, by its absolute path, so that a later change of the working directory does not move it.
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
        let options = UrlOptions::parse(NAME, OPTIONS, query)?;
        if let Some(name) = ["mode", "synchronous"].into_iter().find(|name| options.text(name).is_some())
            && place == Place::Memory
        {
            return Err(config(format!("{name} does not apply to a database in memory; leave it off")));
        }
        let modes = [("ro", Mode::ReadOnly), ("rw", Mode::ReadWrite), ("rwc", Mode::Create)];
        let synchronous = [
            ("off", Synchronous::Off),
            ("normal", Synchronous::Normal),
            ("full", Synchronous::Full),
            ("extra", Synchronous::Extra),
        ];
        Ok(Settings {
            place,
            mode: options.word("mode", &modes)?.unwrap_or(Mode::Create),
            synchronous: options.word("synchronous", &synchronous)?.unwrap_or(Synchronous::Full),
            busy_timeout: Duration::from_millis(options.number("busy_timeout", 5_000, 0..=LONGEST_WAIT)?),
            connections: options.word("connections", &[("1", Connections::One)])?.unwrap_or(Connections::Several),
        })
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
    // SQLAlchemy and others write it so; it would be a file in the root folder, or one of an odd name.
    let plain = path.trim_matches(['/', ' ']).to_ascii_lowercase();
    if matches!(plain.as_str(), ":memory" | "memory:") || plain.starts_with(":memory:") {
        return Err(config(
            "a database in memory is written sqlite::memory:, and a file of such a name sqlite:./:memory:",
        ));
    }
    if plain.starts_with("file:") {
        return Err(config(
            "file: belongs to SQLite's own URIs: write the path after sqlite:, and a file of such a name as sqlite:./file:name",
        ));
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
    let decoded = decode(NAME, "the path", encoded)?;
    if decoded.is_empty() {
        return Err(config("the URL names no file; sqlite::memory: is a database in memory"));
    }
    let path = std::path::absolute(&decoded)
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
        assert_eq!(file("sqlite:./file:x"), here.join("file:x"));
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
            ("sqlite:a?cache=shared", "unknown option cache; the options are mode, synchronous"),
            ("sqlite:a?mode=memory", "mode is one of ro, rw, rwc; the options are"),
            ("sqlite:a?connections=2", "connections is one of 1"),
            ("sqlite:a?busy_timeout=1s", "busy_timeout is a number from 0 to 3600000"),
            ("sqlite:a?busy_timeout=3600001", "busy_timeout is a number from 0 to 3600000"),
            ("sqlite:a?busy_timeout", "busy_timeout is empty"),
            ("sqlite:a?mode=ro&MODE=rw", "mode is given twice"),
            ("sqlite:///:memory:", "is written sqlite::memory:"),
            ("sqlite:////:memory:", "is written sqlite::memory:"),
            ("sqlite://:memory:", "is written sqlite::memory:"),
            ("sqlite:/:memory:", "is written sqlite::memory:"),
            ("sqlite::memory", "is written sqlite::memory:"),
            ("sqlite:memory:", "is written sqlite::memory:"),
            ("sqlite::MEMORY:", "is written sqlite::memory:"),
            ("sqlite::memory: ", "is written sqlite::memory:"),
            ("sqlite::memory:#x", "is written sqlite::memory:"),
            ("sqlite:file:app.db", "write the path after sqlite:"),
            ("sqlite:file::memory:?cache=shared", "write the path after sqlite:"),
            ("sqlite::memory:?mode=ro", "does not apply to a database in memory"),
            ("sqlite::memory:?synchronous=full", "does not apply to a database in memory"),
        ];
        for (url, part) in cases {
            let error = Settings::parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(part), "{url}: {error}");
        }
    }
}
