//! Tables as data: what a model says of its table, and what `create_all` builds from it.

mod table;
mod column;
mod key;
mod names;
mod order;

pub use column::{ColumnDef, FinerTimes, Generated};
pub use key::{Action, Check, ForeignKey, Index, Unique};
pub use table::Table;

pub(crate) use order::creation_order;
