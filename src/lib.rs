#![cfg_attr(docsrs, feature(doc_cfg))]
// README's links name files, which are modules here. The first definition of a link is the one that counts.
//! [docs/json.md]: guide::json
//! [docs/relations.md]: guide::relations
//! [docs/session.md]: guide::session
//! [docs/versions.md]: guide::versions
//! [docs/filters.md]: guide::filters
//! [docs/tenants.md]: guide::tenants
//! [docs/parity.md]: guide::parity
//! [docs/types.md]: guide::types
//! [docs/decisions.md]: guide::decisions
//! [ARCHITECTURE.md]: guide::architecture
//! [CONTRIBUTING.md]: guide::contributing
//! [MIT]: https://spdx.org/licenses/MIT.html
//! [Apache-2.0]: https://spdx.org/licenses/Apache-2.0.html
//!
#![doc = include_str!("../README.md")]
//!
//! ## Where to look
//!
//! - [`prelude`]: what a program needs, in one line.
//! - [`Connect`]: URLs, and how an engine is opened and set up.
//! - [`Model`]: what a model is; the derive of the same name says what a struct and its fields can say.
//! - [`Query`] and [`query`]: statements and their ends; [`query::Expression`]: the operators.
//! - [`macro@sql`]: SQL text of your own, with its values bound; [`macro@FromRow`]: structs read by the names of columns.
//! - [`types::SqlValue`]: what a column can hold, and how a type of your own becomes one; [`Json`], [`macro@DbEnum`] and
//!   [`macro@DbType`].
//! - [`query::JsonPath`]: values inside JSON documents, by keys or by the fields of a struct with [`macro@JsonDoc`]; all of it in
//!   [`guide::json`].
//! - [`guide`]: pages about one subject each.
//! - [`Session`]: the unit of work; [`Engine::transaction`]: a transaction as a closure; [`Executor`]: what statements run on.
//! - [`Error`] and [`ErrorKind`]: what went wrong, as data.
//! - `testing`, with the feature `test`: one test body on every backend.
//!
//! How to teach creole another database is the subject of the crate [`creole_core`], on which a dialect depends. What is here is for
//! programs; what only dialects and the derives name is reached through this crate too, hidden, and may change with any version.

mod connect;
pub mod guide;
mod macros;
pub mod prelude;
mod sealed;
#[cfg(feature = "test")]
pub mod testing;

#[cfg(feature = "chrono")]
pub use chrono;
pub use connect::{Connect, EngineBuilder};
pub use creole_core::dialect::{Isolation, TxOptions};
pub use creole_core::pool::{PoolOptions, PoolStatus};
pub use creole_core::query::{Direction, Projection};
pub use creole_core::types::Json;
#[cfg(feature = "chrono")]
pub use creole_core::types::now;
pub use creole_core::{Dialect, Engine, Error, ErrorKind, Executor, Model, Query, Result, Session};
pub use creole_core::{error, inspect, model, query, schema, session, types};
// What the derives write names `driver` and `sql`, and what wraps a query or opens an engine on a driver of its own the rest.
#[doc(hidden)]
pub use creole_core::{dialect, driver, observe, sql};
#[cfg(feature = "test")]
pub use creole_derive::test;
pub use creole_derive::{DbEnum, DbType, FromRow, JsonDoc, Model, Projection, sql};
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
#[cfg(feature = "time")]
pub use time;
pub use uuid::Uuid;
