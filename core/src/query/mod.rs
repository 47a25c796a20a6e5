//! Typed statements over the untyped tree of [`sql`](crate::sql).
//!
//! A [`Query`] is anything that renders and yields rows; its ends are `all`, `one`, `optional` and `first`. An
//! [`Expression`] has the operators, once for columns and for everything built from them.

mod query;
mod execute;
mod expr;
mod operand;
mod arithmetic;
mod text;
mod aggregate;
mod condition;
mod order;
mod index;
mod group;
mod selection;
mod select;
mod find;
mod stream;
mod insert;
mod returning;
mod update;
mod delete;
mod sink;

pub use aggregate::{Aggregate, avg, count, count_rows, max, min, sum};
pub use condition::{Condition, not};
pub use delete::{Delete, delete};
pub use execute::Execute;
pub use expr::{Expr, Expression};
pub use group::GroupBy;
pub use index::IndexTerm;
pub use insert::{Insert, insert};
pub use operand::Operand;
pub use order::{Order, OrderBy};
pub use query::{Decode, Query};
pub use returning::Returning;
pub use select::{Select, select};
pub use selection::Selection;
pub use stream::RowStream;
pub use update::{Update, update};

pub(crate) use find::{Finds, find};
pub(crate) use sink::Collect;
