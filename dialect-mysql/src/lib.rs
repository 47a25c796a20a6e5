//! creole on MySQL (8.4 and newer) and MariaDB (10.11 and newer).
//!
//! The two are two dialects in one crate: MariaDB's is MySQL's with differences of its own. Which of them a server speaks
//! is asked when it is [opened](open), whatever the scheme of the URL says.
//!
//! The connections are sqlx's, used bare: pooling, transactions, preparing values and reading rows are creole's own.
//!
//! # What a connection sets
//!
//! UTC, UTF-8 compared by code point, READ COMMITTED, strict mode, and `NO_AUTO_VALUE_ON_ZERO`: an explicit 0 is a 0 in an
//! automatic column too. `auto_increment_increment` stays as the server has it, since in a cluster its members would give
//! out the same numbers otherwise; where it is not 1, an INSERT of several rows does not say their first number.
//!
//! # Passwords and encryption
//!
//! By default a connection is encrypted where the server can (`ssl-mode=preferred`); the server's certificate is not checked
//! short of `verify_ca`. Without encryption, MySQL's usual `caching_sha2_password` wants a password encrypted by RSA with a
//! key the server sends, which anybody between could have sent: that is refused.
//!
//! # What differs
//!
//! MariaDB drops the sign of a zero: -0.0 comes back as 0.0. A result that is broken off is read to its end, because its
//! rows would be the next statement's.

mod dialect;
mod syntax;
mod ddl;
mod placeholder;
mod arithmetic;
mod function_calls;
mod values;
mod list;
mod json;
mod types;
mod proposed;
mod upsert;
mod collation;
mod catalog;
mod native;
mod commits;
mod error;
mod message;
mod url;
mod driver;
mod server;
mod unprepared;
mod connection;
mod cancel;
mod bind;
mod row;

#[cfg(test)]
mod tests;

pub use dialect::{MariaDb, MySql};
pub use driver::open;

/// The URL schemes this crate answers to.
pub const SCHEMES: &[&str] = &["mysql", "mariadb"];
