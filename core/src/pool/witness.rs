//! [`Witness`]: errors of statements that a session runs outside its transaction.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;

/// Keeps the first database error of a link while the link has this.
#[derive(Debug, Clone, Default)]
pub(crate) struct Witness(Arc<Mutex<Option<Arc<str>>>>);

impl Witness {
    pub(super) fn note(&self, error: &Error) {
        let mut cause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cause.get_or_insert_with(|| error.to_string().into());
    }

    /// The error, in words.
    pub(crate) fn cause(&self) -> Option<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets it.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
