//! Models: a struct is a row.

mod model;
mod column;
mod all;
mod key;
mod relation;
mod unique_violation;
mod named_relation;

pub use all::All;
pub use column::Column;
pub use key::{IntoKey, Key, RefersTo};
pub use model::Model;
pub use named_relation::NamedRelation;
pub use relation::{Cardinality, ForeignKeyTo, Link, Many, Relation, SingleKey, Through, is_foreign_key};
