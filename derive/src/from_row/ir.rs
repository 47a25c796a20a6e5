//! A struct that is read by the names of columns, as plain data: what the derive has understood of it.

use syn::{Ident, Path, Type};

/// A struct that is read by the names of columns.
pub(super) struct FromRow {
    /// The struct's name.
    pub(super) ident: Ident,
    /// Where creole is found: `::creole` unless the struct says otherwise.
    pub(super) krate: Path,
    /// Its fields in their order.
    pub(super) fields: Vec<Field>,
}

/// A field and what it is read from.
pub(super) struct Field {
    /// The field's name.
    pub(super) ident: Ident,
    /// The field's type.
    pub(super) ty: Type,
    /// What it is read from.
    pub(super) from: Source,
}

/// What a field is read from.
pub(super) enum Source {
    /// The column of this name.
    Column(String),
    /// The columns of another struct, whose names begin with this.
    Nested { prefix: String },
}
