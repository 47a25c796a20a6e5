//! Expressions: what they are, of which type, and how they are written.

mod aggregate;
pub(in crate::sql) mod any_all;
pub mod arithmetic;
mod dependencies;
mod expr;
mod function;
mod holds;
mod list;
mod operator;
mod render;
mod typing;
mod visit;
mod walk;
mod window;

pub use aggregate::{Aggregate, AggregateFunction, Repeats};
pub use any_all::{Quantified, Quantifier, Several};
pub use any_all::{compare_by_counting, compare_with_rows, compare_with_several};
pub use expr::{Case, ColumnRef, DerivedRef, Expr};
pub use function::Function;
pub(crate) use holds::holds;
pub(in crate::sql) use list::ListBuf;
pub use list::{List, ListVisitor, write_json_digits, write_json_string};
pub use operator::{BinaryOp, Membership, Precedence, UnaryOp};
pub(in crate::sql) use render::{filled, render_conditions, render_select};
pub(in crate::sql) use typing::common;
pub(in crate::sql) use visit::Node;
pub(in crate::sql) use walk::Reach;
pub use window::{Frame, FrameBound, FrameUnit, Over, Window, WindowFunction};
