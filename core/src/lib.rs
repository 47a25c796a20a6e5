//! The database-neutral heart of creole.

pub mod dialect;
pub mod driver;
pub mod engine;
pub mod error;
pub mod model;
pub mod pool;
pub mod query;
pub mod schema;
pub mod session;
pub mod sql;
pub mod types;

pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
