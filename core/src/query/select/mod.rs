//! [`Select`] and its clauses, a file each.

mod alias;
mod compound;
mod cte;
mod cursor;
mod find;
mod group_by;
mod join;
mod key_order;
mod along;
mod label;
mod lock;
mod order_by;
mod page;
mod relation;
mod select;
mod selection;
mod subquery;
mod values;

pub use alias::{Alias, alias, table};
pub use along::Along;
pub use cte::Cte;
pub use cursor::Cursor;
pub(crate) use find::{find, find_as};
pub use group_by::GroupBy;
pub(in crate::query) use join::equal;
pub use join::{JoinOn, JoinTarget};
pub(in crate::query) use key_order::KeyOrder;
pub use label::Labelled;
pub use order_by::{Order, OrderBy};
pub(in crate::query) use select::BATCH;
pub use select::{Select, select};
pub(in crate::query) use selection::required_sources;
pub use selection::{AllOf, OptionalOf, Presence, Selection};
pub use subquery::{Among, IntoSource, Subquery, exists};
pub use values::{Cell, Values, ValuesRow, values};
