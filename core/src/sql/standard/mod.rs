//! Standard SQL: the default body of each method of [`Syntax`](crate::dialect::Syntax) and [`Ddl`](crate::dialect::Ddl), under the
//! method's name. A dialect that differs in a detail may call it too.

mod ddl;
mod default;
mod expr;
mod insert;
mod select;

pub use ddl::*;
pub use default::*;
pub use expr::*;
pub use insert::*;
pub use select::*;
