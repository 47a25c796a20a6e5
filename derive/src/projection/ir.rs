//! A projection as plain data: what the derive has understood of it.

use syn::{Expr, Ident, Path, Type, Visibility};

/// A struct that says what it wants of a model.
pub(super) struct Projection {
    /// The struct's name.
    pub(super) ident: Ident,
    /// Who can see it, and so its fields while they are read.
    pub(super) visibility: Visibility,
    /// The model that it is of.
    pub(super) model: Path,
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
    /// A column, an expression or a relation; the model's constant of the field's name where nothing is said.
    pub(super) source: Option<Expr>,
}
