//! SQL text of the program's own, with its values bound.

mod ident;
mod interpolate;
mod raw;

pub use ident::Ident;
pub use interpolate::{Bound, Interpolate, Node};
pub use raw::{Raw, RawQuery};
