//! What nobody but creole implements.

/// A bound of traits that are there to be used, so that they may gain methods.
pub trait Sealed {}
