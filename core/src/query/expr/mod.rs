//! Typed expressions: columns, operators, functions, conditions.
//!
//! [`Expr`] is a node of the untyped tree with a Rust type beside it. [`Expression`] has the operators, once for columns and for
//! everything built from them.

mod aggregate;
mod any_all;
mod arithmetic;
mod case;
mod condition;
mod functions;
mod index_term;
mod operand;
mod operators;
mod row_value;
mod text;
mod typed;
mod window;

pub use aggregate::{Aggregate, avg, count, count_rows, max, min, sum};
pub use any_all::{Quantified, Several, all_of, any_of};
pub use case::{Case, case};
pub use condition::{Condition, not};
#[cfg(feature = "chrono")]
pub use functions::database_now;
pub use functions::{
    Argument, Arguments, CastTo, Fixed, HasDay, HasTime, coalesce, func, greatest, least, nullif, val,
};
pub use index_term::IndexTerm;
pub use operand::Operand;
pub use operators::Expression;
pub(in crate::query) use operators::in_list;
pub use row_value::{RowOperand, RowValue};
pub use typed::Expr;
pub use window::{
    WindowSpec, Windowed, dense_rank, first_value, lag, last_value, lead, ntile, rank, row_number, window,
};
