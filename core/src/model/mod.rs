//! Models: a struct is a row.

mod model;
mod hooks;
mod column;
mod all;
mod key;
mod foreign_key;
mod relation;
mod cardinality;
mod shared;
mod row_key;
mod entity;
mod unique_violation;
mod named_relation;

pub use all::All;
pub use cardinality::{Cardinality, Decoded, HandOut, Many, Misfit, Owners, ToOne};
pub use column::Column;
pub use foreign_key::{ForeignKeyTo, KeyTo, column_list, foreign_key};
pub use hooks::{
    AfterLoad, BeforeDelete, BeforeSave, DeclaresAfterLoad, DeclaresBeforeDelete, DeclaresBeforeSave, Hooks, Save,
    loaded,
};
pub use key::{IntoKey, Key, RefersTo};
pub use model::Model;
pub use relation::Relation;
pub use shared::Shared;

// A table says which relations lead from it.
pub use crate::schema::{Leaving, Link, NamedRelation, Through};

pub(crate) use entity::{Entity, ReadEntity, blank_entity, read_entity};
pub(crate) use relation::{Between, Side};
pub(crate) use row_key::{Part, RowKey};
