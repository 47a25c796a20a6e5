//! [`EnumType`]: what a column holds that has a fixed list of labels.

use super::ValueRef;
use crate::error::{Error, Result};

/// The labels of an enum, and how a database keeps them. `#[derive(DbEnum)]` writes one per enum.
///
/// ```
/// use creole::types::EnumType;
///
/// const MOOD: EnumType = EnumType::new("Mood", &["sad", "happy"]);
/// assert_eq!(MOOD.labels, ["sad", "happy"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// The enum's name in Rust, for messages.
    pub name: &'static str,
    /// The labels, in the order in which the enum declares them.
    pub labels: &'static [&'static str],
    /// The database's own type, where the enum asks for one; else its labels are text with a check.
    pub native: Option<NativeEnum>,
}

/// An enum type of the database's own. Its values are ordered as they are declared, and not as text.
///
/// ```
/// use creole::types::EnumType;
///
/// const MOOD: EnumType = EnumType::new("Mood", &["sad", "happy"]).native(Some("app"), "mood");
/// assert_eq!(MOOD.native.map(|native| native.name), Some("mood"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NativeEnum {
    /// The SQL namespace the type is in, where the enum names one.
    pub schema: Option<&'static str>,
    /// The type's name.
    pub name: &'static str,
}

impl EnumType {
    /// An enum that is kept as text.
    ///
    /// ```
    /// use creole::types::EnumType;
    ///
    /// assert_eq!(EnumType::new("Mood", &["sad"]).native, None);
    /// ```
    pub const fn new(name: &'static str, labels: &'static [&'static str]) -> EnumType {
        EnumType { name, labels, native: None }
    }

    /// The same, kept as a type of the database's own.
    ///
    /// ```
    /// use creole::types::EnumType;
    ///
    /// assert!(EnumType::new("Mood", &["sad"]).native(None, "mood").native.is_some());
    /// ```
    pub const fn native(mut self, schema: Option<&'static str>, name: &'static str) -> EnumType {
        self.native = Some(NativeEnum { schema, name });
        self
    }

    /// How many characters the longest label has.
    ///
    /// ```
    /// use creole::types::EnumType;
    ///
    /// assert_eq!(EnumType::new("Mood", &["sad", "happy"]).longest_label(), 5);
    /// ```
    pub fn longest_label(&self) -> usize {
        self.labels.iter().map(|label| label.chars().count()).max().unwrap_or_default()
    }

    /// The label that was read.
    ///
    /// ```
    /// use creole::types::{EnumType, ValueRef};
    ///
    /// let mood = EnumType::new("Mood", &["sad", "happy"]);
    /// assert_eq!(mood.label(ValueRef::Text("sad"))?, "sad");
    /// assert!(mood.label(ValueRef::I64(1)).is_err());
    /// # Ok::<(), creole::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the value is no text.
    #[inline]
    pub fn label<'v>(&self, value: ValueRef<'v>) -> Result<&'v str> {
        match value {
            ValueRef::Text(label) => Ok(label),
            other => Err(Error::decode(self.name, other.kind())),
        }
    }

    /// The error of a label that the enum lacks. It does not show the label.
    ///
    /// ```
    /// use creole::types::EnumType;
    ///
    /// let error = EnumType::new("Mood", &["sad", "happy"]).unknown_label();
    /// assert_eq!(error.to_string(), "can't read a label that is none of its 2 as Mood");
    /// ```
    #[cold]
    pub fn unknown_label(&self) -> Error {
        Error::decode(self.name, format_args!("a label that is none of its {}", self.labels.len()))
    }
}
