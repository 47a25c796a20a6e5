//! An error that a server reported, as its dialect understands it.

use std::borrow::Cow;
use std::sync::Arc;

use super::Dialect;
use crate::error::{BrokenReference, Error, RawError};

impl Error {
    /// The error that a server reported, as its dialect understands it. The server's own words are kept apart.
    #[cold]
    pub fn from_server(dialect: &dyn Dialect, raw: &RawError<'_>) -> Error {
        let diagnosis = dialect.classify(raw);
        let of_kind = || diagnosis.message.unwrap_or_else(|| diagnosis.kind.description());
        let message = diagnosis.reference.map_or_else(of_kind, BrokenReference::description);
        let mut error = Error::new(diagnosis.kind, message)
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
        error.0.reference = diagnosis.reference;
        error.0.names = diagnosis.names;
        error.0.words = diagnosis.words;
        error.0.key = diagnosis.key.map(Arc::new);
        error
    }
}
