//! Projections: structs that say what they want of a model, nested as deep as they like.
//!
//! A projection is one SELECT of the columns and expressions that its fields name, and one statement more for each field that is a
//! relation. Its rows are read into the derive's struct of `Option`s, which is filled field by field and then built.

mod field;
mod field_list;
mod nesting;
mod parts;
mod project;
mod projection;
mod read_as;

pub use field::{Field, Slot};
pub use field_list::{FieldList, Fields};
pub use parts::{Parts, Unbuilt};
pub use project::project;
pub use projection::{Projected, Projection};
pub use read_as::ReadAs;
