//! [`UrlOptions`]: what follows the `?` of a URL, by one set of rules for every database.
//!
//! Nothing is guessed and nothing ignored: an option that is unknown, given twice or empty is an error that lists the known ones.
//! Names and words are told apart neither by case nor by `-` and `_`. What stands in a URL may be a piece of a password that
//! was not encoded, so a message shows nothing of it but a name that looks like one.

use std::fmt;
use std::ops::RangeInclusive;

use percent_encoding::percent_decode_str;

use crate::error::{Error, ErrorKind, Result};

/// The options of a URL, decoded.
pub struct UrlOptions {
    backend: &'static str,
    known: &'static [&'static str],
    given: Vec<(&'static str, String)>,
}

impl UrlOptions {
    /// Reads `name=value&name=value`.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config).
    pub fn parse(backend: &'static str, known: &'static [&'static str], query: &str) -> Result<UrlOptions> {
        let mut options = UrlOptions::none(backend, known);
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let Some(name) = known.iter().copied().find(|known| is_same(known, name)) else {
                return Err(options.unknown(name, query));
            };
            options.set(name, value)?;
        }
        Ok(options)
    }

    pub(super) fn none(backend: &'static str, known: &'static [&'static str]) -> UrlOptions {
        UrlOptions { backend, known, given: Vec::new() }
    }

    /// Gives a value to an option that a part of the URL before the `?` stands for.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) where it has one, or the value is empty or not UTF-8.
    pub fn set(&mut self, name: &'static str, encoded: &str) -> Result<()> {
        if self.given.iter().any(|(given, _)| *given == name) {
            return Err(self.wrong(&format!("{name} is given twice")));
        }
        let value = decoded(encoded).map_err(|why| self.wrong(&format!("{name} {why}")))?;
        if value.is_empty() && name != "password" {
            return Err(self.wrong(&format!("{name} is empty; leave it off, or write {name}=value")));
        }
        self.given.push((name, value));
        Ok(())
    }

    /// The value of an option.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
    }

    /// The value of an option that is a whole number.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config), which says the smallest and the largest, where it is none of these.
    pub fn number(&self, name: &str, default: u64, range: RangeInclusive<u64>) -> Result<u64> {
        let Some(text) = self.text(name) else { return Ok(default) };
        text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            self.wrong(&format!("{name} is a number from {least} to {most}"))
        })
    }

    /// What the word means that is the value of an option.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config), which lists the words, where it is none of these.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match words.iter().find(|(word, _)| is_same(word, text)) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(self.wrong(&format!("{name} is one of {}", words.join(", "))))
            }
        }
    }

    /// A mistake in the URL, with the list of the options.
    #[cold]
    pub fn wrong(&self, reason: &str) -> Error {
        let known = self.known.join(", ");
        let message = format!("the URL of the database is wrong: {reason}; the options are {known}");
        Error::new(ErrorKind::Config, message).on(self.backend)
    }

    #[cold]
    fn unknown(&self, name: &str, query: &str) -> Error {
        let is_name = name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        // Only a password that was not encoded has such a sign after the question mark.
        let shown = if is_name && !query.contains('@') { format!(" {name}") } else { String::new() };
        self.wrong(&format!("unknown option{shown}"))
    }
}

/// A part of a URL without its percent-encoding; `what` it is, is said where it is wrong.
///
/// # Errors
/// [`Config`](ErrorKind::Config) where it is not UTF-8, or holds a NUL character.
pub fn decode(backend: &'static str, what: &str, encoded: &str) -> Result<String> {
    decoded(encoded).map_err(|why| {
        Error::new(ErrorKind::Config, format!("the URL of the database is wrong: {what} {why}")).on(backend)
    })
}

fn decoded(encoded: &str) -> Result<String, &'static str> {
    let value = percent_decode_str(encoded).decode_utf8().map_err(|_| "is not UTF-8 once decoded")?;
    if value.contains('\0') {
        return Err("holds a NUL character");
    }
    Ok(value.into_owned())
}

fn is_same(one: &str, other: &str) -> bool {
    let plain = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    one.bytes().map(plain).eq(other.bytes().map(plain))
}

/// The values may be passwords.
impl fmt::Debug for UrlOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = self.given.iter().map(|(name, _)| name);
        f.debug_struct("UrlOptions").field("backend", &self.backend).field("given", &given.collect::<Vec<_>>()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["mode", "connect_timeout", "password"];

    fn parse(query: &str) -> Result<UrlOptions> {
        UrlOptions::parse("test", KNOWN, query)
    }

    #[test]
    fn options_are_found_by_any_spelling_of_their_names() {
        let options = parse("Mode=Read-Only&connect-timeout=%33&password=&").unwrap();
        assert_eq!(options.word("mode", &[("read_only", 1), ("full", 2)]).unwrap(), Some(1));
        assert_eq!(options.number("connect_timeout", 10, 1..=3_600).unwrap(), 3);
        assert_eq!((options.text("password"), options.text("other")), (Some(""), None));
        assert_eq!(parse("").unwrap().number("connect_timeout", 10, 1..=3_600).unwrap(), 10);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |query| parse(query).map(drop).unwrap_err().to_string();
        assert!(said("modus=a").contains("unknown option modus; the options are mode, connect_timeout"));
        assert!(said("mode=a&MODE=b").contains("mode is given twice"));
        assert!(said("mode").contains("mode is empty"));
        assert!(said("mode=%ff").contains("mode is not UTF-8"));
        assert!(said("mode=%00").contains("mode holds a NUL"));
        let options = parse("mode=canary&connect_timeout=3601").unwrap();
        let words = options.word("mode", &[("full", 2)]).unwrap_err().to_string();
        assert!(words.contains("mode is one of full") && !words.contains("canary"), "{words}");
        let number = options.number("connect_timeout", 10, 1..=3_600).unwrap_err().to_string();
        assert!(number.contains("connect_timeout is a number from 1 to 3600"), "{number}");
    }

    #[test]
    fn a_piece_of_a_password_is_not_shown() {
        for query in ["canary@host/db", "canary", "canary=1@host/db", "x&canary7=2"] {
            let said = parse(query).map(drop).unwrap_err().to_string();
            assert!(query == "canary" || !said.contains("canary"), "{query}: {said}");
        }
    }
}
