//! The PostgreSQL driver on a real server, whose URL is in `CREOLE_TEST_POSTGRES`.

mod connecting;
mod errors;
mod plans;
mod rows;
mod support;
mod values;
