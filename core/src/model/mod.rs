//! Models: a struct is a row.

mod all;
mod column;
mod key;
mod model;

pub use all::All;
pub use column::Column;
pub use key::{IntoKey, Key, RefersTo};
pub use model::Model;
