//! The database-neutral heart of creole.

pub mod dialect;
pub mod driver;
pub mod error;
pub mod model;
pub mod query;
pub mod schema;
pub mod sql;
pub mod types;

pub use error::{Error, ErrorKind, Result};
