//! A raw text as plain data: what the macro has understood of it.

use syn::{Expr, Path};

/// A raw text.
pub(super) struct Text {
    /// Where creole is found: `::creole` unless the macro is told otherwise.
    pub(super) krate: Path,
    /// Its parts in their order.
    pub(super) parts: Vec<Part>,
}

/// A part of a raw text.
pub(super) enum Part {
    /// Text, in which doubled braces have become single ones.
    Text(String),
    /// `{expression}`
    One(Box<Expr>),
    /// `{..expression}`
    List(Box<Expr>),
}
