//! SQLAlchemy's ideas, said in Rust.

pub use creole_core::{Error, ErrorKind, Result};
pub use creole_core::{dialect, driver, error, model, query, schema, sql, types};
