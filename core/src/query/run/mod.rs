//! Running statements: the ends of a [`Query`], the rows that come back, and what they are read as.

mod execute;
mod from_row;
mod query;
pub(in crate::query) mod row_reading;
mod sink;
mod stream;

pub use execute::Execute;
pub use from_row::{FromColumns, FromRow, prefixed};
pub(crate) use query::not_found;
pub use query::{Decode, Query};
pub use row_reading::Columns;
pub(in crate::query) use row_reading::Reading;
pub(crate) use sink::Collect;
pub(in crate::query) use sink::{First, more_than_one};
pub use stream::RowStream;
pub(in crate::query) use stream::stream;
