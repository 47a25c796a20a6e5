//! [`Misuse`].

use crate::error::{Error, ErrorKind};

/// What is wrong with a statement, found while it was built; it is said when the statement is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misuse {
    kind: ErrorKind,
    how: String,
}

impl Misuse {
    /// A misuse of this kind.
    pub fn new(kind: ErrorKind, how: String) -> Misuse {
        Misuse { kind, how }
    }

    /// A mistake in what the program says.
    pub fn syntax(how: String) -> Misuse {
        Misuse::new(ErrorKind::Syntax, how)
    }

    /// The error that it is.
    pub fn error(&self) -> Error {
        Error::new(self.kind, self.how.clone())
    }
}
