//! Typed statements over the untyped tree of [`sql`](crate::sql).
//!
//! A [`Query`] is anything that renders and yields rows; its ends are `all`, `one`, `optional` and `first`. An
//! [`Expression`] has the operators, once for columns and for everything built from them.

mod query;
mod execute;
mod expr;
mod expression;
mod operand;
mod arithmetic;
mod text;
mod functions;
mod case;
mod aggregate;
mod window;
mod condition;
mod order;
mod index;
mod group;
mod selection;
mod alias;
mod join;
mod related;
mod subquery;
mod values;
mod row_value;
mod quantified;
mod page;
mod cursor;
mod select;
mod compound;
mod lock;
mod find;
mod stream;
pub(crate) mod write;
mod json;
mod reading;
mod sink;
mod from_row;
mod label;
mod interpolate;
mod ident;
mod raw;

pub use aggregate::{Aggregate, avg, count, count_rows, max, min, sum};
pub use alias::{Alias, alias, table};
pub use case::{Case, case};
pub use condition::{Condition, not};
pub use cursor::Cursor;
pub use execute::Execute;
pub use expr::Expr;
pub use expression::Expression;
pub use from_row::{FromColumns, FromRow};
#[cfg(feature = "chrono")]
pub use functions::database_now;
pub use functions::{
    Argument, Arguments, CastTo, Fixed, HasDay, HasTime, coalesce, func, greatest, least, nullif, val,
};
pub use group::GroupBy;
pub use ident::Ident;
pub use index::IndexTerm;
pub use interpolate::{Interpolate, Node, Value};
pub use join::{JoinOn, JoinTarget};
pub use json::{
    JsonArray, JsonDoc, JsonEach, JsonField, JsonFields, JsonOperand, JsonPath, JsonTextKey, JsonType, MergeTarget,
    UpdateTarget,
};
pub use label::Labelled;
pub use operand::Operand;
pub use order::{Order, OrderBy};
pub use quantified::{Quantified, Several, all_of, any_of};
pub use query::{Decode, Query};
pub use raw::{Raw, RawQuery};
pub use reading::Columns;
pub use row_value::{RowOperand, RowValue};
pub use select::{Select, select};
pub use selection::{AllOf, OptionalOf, Presence, Selection};
pub use stream::RowStream;
pub use subquery::{Among, IntoSource, Subquery, exists};
pub use values::{Cell, Values, ValuesRow, values};
pub use window::{
    WindowSpec, Windowed, dense_rank, first_value, lag, last_value, lead, ntile, rank, row_number, rows_in_frame,
    window,
};
pub use write::{
    ColumnList, Conflict, ConflictKey, Delete, DeleteAll, Insert, InsertColumns, InsertEach, InsertStream, Listed,
    Many, One, Outcome, PrimaryKey, Returned, Returning, ReturningAll, Selected, UniqueKey, Update, UpdateAll, Upsert,
    Upserted, delete, delete_all, excluded, insert, insert_all, insert_each, insert_from, insert_stream, unique_key,
    update, update_all,
};

pub(crate) use find::{Finds, find, find_as};
pub(crate) use sink::Collect;
