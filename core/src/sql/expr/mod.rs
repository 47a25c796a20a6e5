//! Expressions: what they are, of which type, and how they are written.

mod expr;
mod typing;
mod walk;
mod render;

pub use expr::{Case, ColumnRef, DerivedRef, Expr};

pub(super) use render::{filled, render_conditions, render_select};
pub(super) use typing::common;
