//! Typed statements over the untyped tree of [`sql`](crate::sql).
//!
//! | folder | what it has |
//! | --- | --- |
//! | `expr` | columns, operators, functions, conditions |
//! | `select` | SELECT and its clauses |
//! | `load` | rows together with what belongs to them |
//! | `projection` | structs that say what they want of a model |
//! | `write` | INSERT, upsert, UPDATE, DELETE, and how their rows are sent |
//! | `json` | paths into documents |
//! | `raw` | SQL text of the program's own |
//! | `run` | the ends of a query, and what rows are read as |
//!
//! A [`Query`] is anything that renders and yields rows; its ends are `all`, `one`, `optional` and `first`. An
//! [`Expression`] has the operators, once for columns and for everything built from them.
//!
//! # The shop of the examples
//!
//! Most examples of this crate are about this shop. `engine` in them is what `shop()` returns, and `session` one of its sessions.
//!
//! ```
#![doc = include_str!("../../doctests/shop.rs")]
//! ```
//!
//! Those about JSON are about these two documents; `engine` in them is what `documents()` returns.
//!
//! ```
#![doc = include_str!("../../doctests/documents.rs")]
//! ```

mod expr;
mod json;
mod load;
mod projection;
mod raw;
mod run;
mod select;
pub(crate) mod write;

pub use crate::sql::{Direction, FrameBound};
#[cfg(feature = "chrono")]
pub use expr::database_now;
pub use expr::{
    Aggregate, Argument, Arguments, Case, CastTo, Condition, Expr, Expression, Fixed, HasDay, HasTime, IndexTerm,
    Operand, Quantified, RowOperand, RowValue, Several, WindowSpec, Windowed, all_of, any_of, avg, case, coalesce,
    count, count_rows, dense_rank, first_value, func, greatest, lag, last_value, lead, least, max, min, not, ntile,
    nullif, rank, row_number, sum, val, window,
};
pub use json::{
    JsonArray, JsonDoc, JsonEach, JsonField, JsonFields, JsonOperand, JsonPath, JsonTextKey, JsonType, MergeTarget,
    UpdateTarget,
};
pub use load::{
    Joined, Load, LoadEach, ModelOf, OneRowEach, Page, PushLoad, RelatedRows, RowsAtHand, RowsOf, With, WithStream,
    load,
};
pub(crate) use load::{WithoutRow, keys_at_hand, load_by_keys, misfit_of};
#[doc(hidden)]
pub use projection::{Field, FieldList, Fields, Slot, project};
pub use projection::{Parts, Projected, Projection, ReadAs, Unbuilt};
pub use raw::{Bound, Ident, Interpolate, Node, Raw, RawQuery};
#[doc(hidden)]
pub use run::prefixed;
pub use run::{Columns, Decode, Execute, FromColumns, FromRow, Query, RowStream};
pub use select::{
    Alias, AllOf, Along, Among, Cell, Cte, Cursor, GroupBy, IntoSource, JoinOn, JoinTarget, Labelled, OptionalOf,
    Order, OrderBy, Presence, Select, Selection, Subquery, Values, ValuesRow, alias, exists, select, table, values,
};
pub use write::{
    ColumnList, Conflict, ConflictKey, Delete, DeleteAll, Insert, InsertColumns, InsertEach, InsertStream, Listed,
    ManyRows, OneRow, Outcome, PrimaryKey, Returned, Returning, ReturningAll, Selected, UniqueKey, Update, UpdateAll,
    Upsert, Upserted, delete, delete_all, excluded, insert, insert_all, insert_each, insert_from, insert_stream, purge,
    purge_all, unique_key, update, update_all,
};

pub(crate) use run::{Collect, not_found};
pub(crate) use select::{find, find_as};
