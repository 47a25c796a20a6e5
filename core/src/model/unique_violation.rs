//! Errors about a model's unique keys.

use super::{Column, Model};
use crate::error::{Error, ErrorKind};

impl Error {
    /// Whether a unique key that holds `column` was violated.
    pub fn is_unique<M: Model, T>(&self, column: Column<M, T>) -> bool {
        self.kind() == ErrorKind::UniqueViolation
            && self.table() == Some(M::table().name)
            && column.definition().is_some_and(|definition| self.columns().any(|name| name == definition.name))
    }
}
