//! The PostgreSQL driver on a real server, whose URL is in `CREOLE_TEST_POSTGRES`.

// Helpers outside the test functions may fail the test they help.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod connecting;
mod errors;
mod plans;
mod rows;
mod secrets;
mod support;
mod tables;
mod values;
