//! What a server reported, and what its dialect makes of it.

use std::borrow::Cow;
use std::fmt;

use super::{Effect, Error, ErrorKind};
use crate::dialect::Dialect;

/// An error as the server reported it.
#[derive(Clone, Copy, Default)]
pub struct RawError<'a> {
    /// The SQLSTATE or the error number.
    pub code: &'a str,
    /// The message. It may quote values.
    pub message: &'a str,
    /// The table, where the server names it in a field of its own.
    pub table: Option<&'a str>,
    /// The column, where the server names it in a field of its own.
    pub column: Option<&'a str>,
    /// The constraint, where the server names it in a field of its own.
    pub constraint: Option<&'a str>,
}

/// What an error of the server means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Its kind.
    pub kind: ErrorKind,
    /// What it did to the transaction and the connection.
    pub effect: Effect,
    /// The table concerned.
    pub table: Option<String>,
    /// The columns concerned.
    pub columns: Vec<String>,
    /// The constraint violated.
    pub constraint: Option<String>,
}

impl Diagnosis {
    /// A kind of error that leaves the transaction as it was and names nothing.
    pub fn new(kind: ErrorKind) -> Diagnosis {
        Diagnosis { kind, effect: Effect::Statement, table: None, columns: Vec::new(), constraint: None }
    }

    /// Says what the error did to the transaction.
    pub fn with_effect(mut self, effect: Effect) -> Diagnosis {
        self.effect = effect;
        self
    }
}

impl Error {
    /// The error that a server reported, as its dialect understands it. The server's own words are kept apart.
    #[cold]
    pub fn from_server(dialect: &dyn Dialect, raw: &RawError<'_>) -> Error {
        let diagnosis = dialect.classify(raw);
        let mut error = Error::new(diagnosis.kind, diagnosis.kind.description())
            .on(dialect.name())
            .with_code(raw.code.to_owned())
            .with_columns(diagnosis.columns)
            .with_effect(diagnosis.effect)
            .with_server_message(raw.message);
        if let Some(table) = diagnosis.table {
            error = error.with_table(Cow::Owned(table));
        }
        if let Some(constraint) = diagnosis.constraint {
            error = error.with_constraint(Cow::Owned(constraint));
        }
        error
    }
}

/// Shows the code and never the message.
impl fmt::Debug for RawError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawError").field("code", &self.code).finish_non_exhaustive()
    }
}
