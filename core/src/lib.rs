//! The database-neutral heart of creole: everything that is the same on every database. It names none of them.
//!
//! Programs use the crate `creole`, which adds `#[derive(Model)]`, the backends and `Engine::connect(url)`. This crate is
//! for those who read how it works, or teach it another database.
//!
//! # Three traits for programs
//!
//! - [`Model`]: a struct whose values are the rows of a table. It is derived, and holds data and thin accessors.
//! - [`Query`]: anything that renders and yields rows, a SELECT or an INSERT that returns what it wrote; its ends are
//!   `all`, `one`, `optional` and `first`. What is run for its effect alone is a [`query::Execute`], ended by `exec`.
//! - [`Executor`]: what a statement runs on: `&engine`, with a connection of its own, or `&mut session`, within the
//!   session's transaction.
//!
//! # Three traits for databases
//!
//! - [`Dialect`]: what a database can do, how it spells SQL where it differs from the standard, and what its errors mean. It does
//!   no I/O. Two parts of it have traits of their own, [`dialect::Syntax`] and [`dialect::Ddl`].
//! - [`Driver`]: makes connections to one database, and says how they are pooled.
//! - [`Connection`]: runs compiled statements and pushes each row, while it still owns the bytes, into a sink. It writes no
//!   SQL of its own.
//!
//! An [`Engine`] brings the two sides together, and a [`Session`] is the unit of work on it.
//!
//! # Where to start
//!
//! - To follow a statement: [`query`] (typed builders), [`sql`] (the untyped tree and its rendering), [`dialect`] (the
//!   differences), [`driver`] (sending it, reading rows), [`types`] (Rust types and values).
//! - To see how changes are kept and written: [`session`].
//! - To add a database: [`dialect`], then [`driver`]; open it with [`Engine::open`].
//! - To see what an error holds: [`Error`] and [`ErrorKind`].

#![cfg_attr(docsrs, feature(doc_cfg))]

mod tuples;
mod sealed;

pub mod error;
pub mod types;
pub mod schema;
pub mod sql;
pub mod transaction;
pub mod catalog;
pub mod dialect;
pub mod driver;
pub mod observe;
pub mod pool;
pub mod exec;
pub mod model;
pub mod query;
pub mod session;
pub mod inspect;
pub mod tables;

pub use dialect::Dialect;
pub use driver::{Connection, Driver};
pub use error::{Error, ErrorKind, Result};
pub use exec::{Engine, Executor};
pub use model::Model;
pub use query::Query;
pub use session::Session;
