//! An enum as plain data: what the derive has understood of it.

use syn::{Ident, Path};

/// An enum whose variants are a column's labels.
pub(super) struct DbEnum {
    /// The enum's name.
    pub(super) ident: Ident,
    /// Where creole is found: `::creole` unless the enum says otherwise.
    pub(super) krate: Path,
    /// The variants, in their order. Empty only where an error was reported.
    pub(super) variants: Vec<Variant>,
    /// The database's own type, where the enum asks for one.
    pub(super) native: Option<Native>,
}

/// A variant with its label.
pub(super) struct Variant {
    /// The variant's name.
    pub(super) ident: Ident,
    /// What the database has for it.
    pub(super) label: String,
}

/// A type of the database's own.
pub(super) struct Native {
    /// The SQL namespace.
    pub(super) schema: Option<String>,
    /// The type's name.
    pub(super) name: String,
}
