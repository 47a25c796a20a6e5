//! creole on PostgreSQL, through sqlx.
//!
//! Connections are bare sqlx connections: creole pools them and sends BEGIN, SAVEPOINT and COMMIT itself. Values go out
//! and come back in PostgreSQL's binary format, which this crate writes and reads itself, so that no value is rounded or
//! cut on the way.
//!
//! # URLs
//!
//! `postgres://user:password@host:port/database?option=value`, also with `postgresql://`. Everything but letters, digits
//! and `-._~` is written percent-encoded. A user and a host must be given; the port is 5432 and the database has the
//! user's name where the URL does not name one. With `host=/var/run/postgresql` the connection is made through the Unix
//! socket in that directory.
//!
//! | option | meaning |
//! | --- | --- |
//! | `host`, `port`, `user`, `password`, `dbname` | the same as in the part before `?`, which then leaves them out |
//! | `sslmode` | `disable`; `prefer` (the default): encrypted where the server offers it; `require`: encrypted or not at all; `verify-ca`: and the server's certificate is checked; `verify-full`: and its name too |
//! | `sslrootcert` | a file with the certificates that are trusted beside the public ones; makes `require` mean `verify-ca` |
//! | `sslcert`, `sslkey` | files with the client's certificate and key |
//! | `application_name` | what the server's statistics call the program; `creole` |
//! | `connect_timeout` | seconds until connecting is given up, 1 to 3600; 10 |
//! | `statement_cache` | how many prepared statements a connection keeps, 0 to 10000; 256 |
//! | `search_path` | the schemas that are searched for names, with commas between |
//!
//! # The environment
//!
//! The URL says everything. `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD`, `PGDATABASE`, `PGSSLMODE`, `PGSSLROOTCERT`,
//! `PGAPPNAME` and `~/.pgpass` have no effect. Three variables can't be kept from sqlx 0.9: `PGOPTIONS` adds its settings
//! to those of each connection, and `PGSSLCERT` with `PGSSLKEY` is the client's certificate where the URL names none. A
//! warning is logged where one of them is set. The settings creole relies on are made after `PGOPTIONS` and win.

mod dialect;
mod syntax;
mod ddl;
mod arithmetic;
mod function_calls;
mod json;
mod types;
mod list;
mod enums;
mod error;
mod traces;
mod url;
mod driver;
mod connection;
mod cancel;
mod bind;
mod row;
mod numeric;
mod collation;
mod catalog;
mod native;
mod array;
#[cfg(test)]
mod random;

pub use dialect::Postgres;
pub use driver::open;

/// The URL schemes this crate understands.
pub const SCHEMES: &[&str] = &["postgres", "postgresql"];
