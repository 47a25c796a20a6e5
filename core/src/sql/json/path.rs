//! [`JsonStep`]: the way to a value inside a document.

use std::fmt;

use crate::error::Result;
use crate::sql::render::{SqlWriter, Typing};
use crate::types::{ColumnType, ValueRef};

/// The longest key that stands in a statement's text.
const LONGEST_PLAIN_KEY: usize = 64;

/// A step from a document into one of its parts.
///
/// Keys are data, whatever characters they have. Their `Debug` shows none of them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum JsonStep {
    /// The value of a key in an object. In an array there is none.
    Key(String),
    /// An element of an array: from 0 on, or from the end, which is -1. In an object there is none.
    Index(i32),
}

impl JsonStep {
    /// The key, where it is a short word of ASCII letters, digits and `_`. Such keys stand in a statement's text, so that
    /// an index over them is found; all others are bound.
    pub fn plain_key(&self) -> Option<&str> {
        match self {
            JsonStep::Key(key) if is_plain_key(key) => Some(key),
            _ => None,
        }
    }

    /// Whether some databases would take a value that is no array for an array of that one element here.
    pub fn is_at_an_end(&self) -> bool {
        matches!(self, JsonStep::Index(0 | -1))
    }

    /// Writes a key as SQL text: a literal where it is a plain word, else a bound value. Nothing for an index.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) for a key that no database takes.
    pub fn write_key<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        match (self, self.plain_key()) {
            (JsonStep::Key(_), Some(plain)) => {
                w.text_literal(plain);
                Ok(())
            }
            (JsonStep::Key(key), None) => w.bind(ValueRef::Text(key), ColumnType::TEXT, Typing::Cast),
            (JsonStep::Index(_), _) => Ok(()),
        }
    }
}

/// Whether a key is a short word of ASCII letters, digits and `_`.
pub fn is_plain_key(key: &str) -> bool {
    let is_word = key.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    let begins = key.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    is_word && begins && key.len() <= LONGEST_PLAIN_KEY
}

/// Shows that there is a key and not which.
impl fmt::Debug for JsonStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonStep::Key(_) => f.write_str("Key(…)"),
            JsonStep::Index(index) => write!(f, "Index({index})"),
        }
    }
}
