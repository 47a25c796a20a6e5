//! The untyped SQL tree and its standard rendering.
//!
//! The tree is plain data: it can be cloned, compared and shown, and it knows no database. Each file holds a node and its
//! rendering in standard SQL. Where a database differs, the rendering goes through a hook of
//! [`Dialect`](crate::dialect::Dialect), whose default is in [`standard`].

mod writer;
mod stored;
mod scope;
mod compiled;
mod expr;
mod operator;
pub mod arithmetic;
mod function;
mod json;
mod aggregate;
mod window;
mod quantified;
mod list;
mod values;
mod table;
mod source;
mod order;
mod limit;
mod lock;
mod select;
mod plain;
mod grouping;
mod compound;
mod cte;
mod counting;
mod insert;
mod known;
mod upsert;
mod reading;
mod matched;
mod holds;
mod single;
mod writing;
mod update;
mod delete;
mod returning;
mod update_each;
mod by_key;
mod collation;
mod ddl;
mod raw;
pub(crate) mod verb;
mod list_place;
pub mod standard;

pub use crate::types::BindSource;
pub use aggregate::{Aggregate, AggregateFunction, Repeats};
pub(crate) use by_key::{key_items, key_types, select_keys};
pub(crate) use collation::of_column as column_collation;
pub(crate) use compiled::Selected;
pub use compiled::{Bind, Compiled, Verb};
pub use compound::{Compound, SetOp};
pub use cte::{Cte, Step};
pub(crate) use ddl::check_condition;
pub(crate) use ddl::create_table_from;
pub use ddl::{create_table, drop_table};
pub use delete::Delete;
pub use expr::{Case, ColumnRef, DerivedRef, Expr};
pub use function::Function;
pub(crate) use holds::holds;
pub use insert::{BoundRows, Insert, Returning, Rows};
pub use json::{
    Container, ElementPart, ElementRef, Json, JsonChange, JsonChangeKind, JsonElements, JsonLiteral, JsonOp, JsonPart,
    JsonPatch, JsonPlan, JsonStep, PatchLevel, has_json_index, is_plain_key,
};
pub(crate) use known::KnownTexts;
pub use limit::{Count, Limit};
pub use list::{List, ListVisitor, write_json_digits, write_json_string};
pub use lock::{Lock, LockStrength, LockWait};
pub use matched::{Locked, Matched};
pub use operator::{BinaryOp, Membership, Precedence, UnaryOp};
pub use order::{Direction, OrderTerm};
pub use plain::{Item, Plain};
pub use quantified::{Quantified, Quantifier, Several};
pub use raw::{Raw, RawPart};
pub use select::{Body, Select};
pub use source::{Join, JoinKind, Source, Wrapper};
pub(crate) use stored::no_such_column;
pub use table::TableRef;
pub use update::{Assignment, Update};
pub use update_each::UpdateEach;
pub(crate) use upsert::excluded_row;
pub use upsert::{ConflictAction, ConflictTarget, OnConflict, excluded};
pub use values::{Values, ValuesColumn};
pub use window::{Frame, FrameBound, FrameUnit, Over, Window, WindowFunction};
pub use writer::{SqlWriter, Typing};
