//! A newtype as plain data: what the derive has understood of it.

use syn::{Ident, Member, Path, Type};

/// A struct around one column type.
pub(super) struct DbType {
    /// The struct's name.
    pub(super) ident: Ident,
    /// Where creole is found: `::creole` unless the struct says otherwise.
    pub(super) krate: Path,
    /// The one field: its name, or its number.
    pub(super) field: Member,
    /// The field's type.
    pub(super) inner: Type,
    /// How a value that was read becomes the struct.
    pub(super) reading: Reading,
}

/// How a value that was read becomes the struct.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is put into the field.
    Direct,
    /// By the struct's `TryFrom`, which may refuse it.
    Checked,
}
