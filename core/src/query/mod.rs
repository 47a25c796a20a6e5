//! Typed statements over the untyped tree of [`sql`](crate::sql).

mod condition;
mod expr;
mod operand;
mod order;

pub use condition::{Condition, not};
pub use expr::{Expr, Expression};
pub use operand::Operand;
pub use order::{Order, OrderBy};
