//! creole-mysql against real servers. `CREOLE_TEST_MYSQL` and `CREOLE_TEST_MARIADB` name them; a server that is not named is
//! left out, and a line on stderr says so.

// Clippy lets tests panic, but not what they call.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

mod batches;
mod connect;
mod ddl;
mod errors;
mod lost;
mod support;
mod values;
mod writes;
