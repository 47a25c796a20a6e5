//! [`Collation`].

/// By what rule the texts of a column are compared: for equality, for keys and for order alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Collation {
    /// By code point: texts are equal where every character is, and the space at the end counts. The same on every
    /// backend.
    #[default]
    Binary,
    /// Upper and lower case are the same, accents are not. The pairs of letters that Unicode folds one to one are equal on
    /// every backend, and printable ASCII sorts alike; the order of what is not ASCII is the database's own.
    CaseInsensitive,
    /// A collation of the database by its own name, which means there what it means. Not portable.
    Named(&'static str),
}
