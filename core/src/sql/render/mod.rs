//! How a statement becomes text and values.

mod compiled;
mod ddl;
mod known_texts;
mod scope;
mod write_scope;
mod writer;

pub(crate) use compiled::Selected;
pub use compiled::{Bind, Compiled, Verb};
pub(crate) use ddl::{check_condition, create_table_from};
pub use ddl::{create_table, drop_table};
pub(crate) use known_texts::KnownTexts;
pub(in crate::sql) use scope::called_alike;
pub use writer::{SqlWriter, Typing};
