//! A struct as plain data: what the derive has understood of it.

use syn::{Attribute, Generics, Ident, Path, Type, Visibility};

/// A struct that documents are written from.
pub(super) struct JsonDoc {
    /// The struct's name.
    pub(super) ident: Ident,
    /// Its parameters.
    pub(super) generics: Generics,
    /// Where creole is found: `::creole` unless the struct says otherwise.
    pub(super) krate: Path,
    /// The fields that are keys of the document, in their order.
    pub(super) fields: Vec<Field>,
    /// What else has its keys in the document.
    pub(super) flattened: Vec<Type>,
}

/// A field that is a key of the document.
pub(super) struct Field {
    /// The field's name.
    pub(super) ident: Ident,
    /// Who sees it.
    pub(super) visibility: Visibility,
    /// What is said of it to a reader.
    pub(super) docs: Vec<Attribute>,
    /// The key.
    pub(super) key: String,
    /// What is there; nothing where the field is written in a form of its own.
    pub(super) holds: Option<Type>,
}
