#![doc = include_str!("../README.md")]

mod connect;
mod macros;
pub mod prelude;
#[cfg(feature = "test")]
pub mod testing;

pub use connect::{Connect, EngineBuilder};
pub use creole_core::dialect::{Isolation, TxOptions};
pub use creole_core::pool::{PoolOptions, PoolStatus};
#[cfg(feature = "chrono")]
pub use creole_core::types::now;
pub use creole_core::{Engine, Error, ErrorKind, Result};
pub use creole_core::{dialect, driver, error, model, query, schema, session, sql, types};
pub use creole_derive::Model;
#[cfg(feature = "test")]
pub use creole_derive::test;
#[cfg(feature = "mysql")]
pub use creole_mysql::{MariaDb, MySql};
#[cfg(feature = "postgres")]
pub use creole_postgres::Postgres;
#[cfg(feature = "sqlite")]
pub use creole_sqlite::Sqlite;
#[doc(hidden)]
pub use macros::decimal as __decimal;
pub use rust_decimal::Decimal;
pub use serde_json::{Value as JsonValue, json};
pub use uuid::Uuid;
