//! The untyped SQL tree and its standard rendering.
//!
//! | folder | what it has |
//! | --- | --- |
//! | `tree` | statements, their clauses and sources: a file for each, the node first and then its rendering |
//! | `expr` | expressions: operators, functions, aggregates, windows |
//! | `json` | values inside documents, and how documents are changed |
//! | `check` | what is refused before a statement is sent |
//! | `render` | the writer, which sources a column may belong to, the compiled statement |
//! | `standard` | the default body of each method of a dialect's syntax and DDL |
//!
//! The tree is plain data: it can be cloned, compared and shown, and it knows no database. Where a database differs, the
//! rendering goes through a method of [`Syntax`](crate::dialect::Syntax) or [`Ddl`](crate::dialect::Ddl), whose default is in
//! [`standard`].

mod check;
mod expr;
mod json;
mod render;
pub mod standard;
mod tree;

pub use crate::types::BindSource;
pub(crate) use check::{column_collation, no_such_column, raw_text};
pub use expr::arithmetic;
pub(crate) use expr::holds;
pub use expr::{
    Aggregate, AggregateFunction, BinaryOp, Frame, FrameBound, FrameUnit, Function, List, ListVisitor, Membership,
    Over, Precedence, Quantified, Quantifier, Repeats, Several, UnaryOp, Window, WindowFunction, write_json_digits,
    write_json_string,
};
pub use expr::{Case, ColumnRef, DerivedRef, Expr};
pub use json::{
    Container, ElementPart, ElementRef, JsonChange, JsonChangeKind, JsonElements, JsonExpr, JsonLiteral, JsonOp,
    JsonPart, JsonPatch, JsonPlan, JsonStep, PatchLevel, has_json_index, is_plain_key,
};
pub use render::{
    Bind, Binds, Compiled, Destination, Fragment, Ident, SqlWriter, Typing, Verb, create_table, drop_table,
};
pub(crate) use render::{
    KnownTexts, Selected, Tenants, check_condition, compared, create_table_from, is_left_out, of_another, tenant_bind,
};
pub(crate) use standard::can_be_arrays;
pub use tree::{
    Assignment, Body, BoundRows, Compound, ConflictAction, ConflictTarget, Count, Cte, Delete, DeletedRows, Direction,
    GivenRows, GivenRowsSyntax, Insert, Item, Join, JoinKind, Limit, Lock, LockStrength, LockWait, Locked, Misuse,
    Nulls, OnConflict, OrderTerm, Plain, Raw, RawPart, Returning, Rows, Select, SetOp, Source, Step, TableRef, Target,
    Update, UpdateEach, Values, ValuesCell, ValuesColumn, Wrapper, excluded,
};
pub(crate) use tree::{excluded_row, key_items, key_types, select_keys};
