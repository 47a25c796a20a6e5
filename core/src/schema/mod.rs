//! Tables as data: what a model says of its table, and what `create_all` builds from it.

mod table;
mod tenant;
mod column;
mod server_default;
mod collation;
mod key;
mod index;
mod link;
mod named_relation;
mod unique_keys;
mod version;
mod names;
mod order;
mod soft_delete;
mod check;

pub use collation::Collation;
pub use column::{ColumnDef, FinerTimes, Generated, Storage, UpdateDefault, Written};
pub use index::{Index, IndexPart};
pub use key::{Action, Check, ForeignKey, Unique};
pub use link::{Link, Through};
pub use named_relation::{Leaving, NamedRelation};
pub use names::short_name;
pub use server_default::ServerDefault;
pub use soft_delete::SoftDelete;
pub use table::Table;

pub(crate) use check::{check_foreign_keys, check_models, check_names};
pub(crate) use order::{creation_order, each_once};
pub(crate) use unique_keys::TableKey;
