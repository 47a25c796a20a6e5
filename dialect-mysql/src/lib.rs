//! creole on MySQL (8.4 and newer) and MariaDB (10.11 and newer).
//!
//! The two are two dialects in one crate: MariaDB's is MySQL's with differences of its own. Which of them a server speaks
//! is asked when it is [opened](open), whatever the scheme of the URL says.
//!
//! The connections are sqlx's, used bare: pooling, transactions, preparing values and reading rows are creole's own.

mod bind;
mod connection;
mod ddl;
mod dialect;
mod driver;
mod error;
mod message;
mod row;
mod server;
mod types;
mod url;

#[cfg(test)]
mod tests;

pub use dialect::{MariaDb, MySql};
pub use driver::open;

/// The URL schemes this crate answers to.
pub const SCHEMES: &[&str] = &["mysql", "mariadb"];
