//! creole-mysql against real servers. `CREOLE_TEST_MYSQL` and `CREOLE_TEST_MARIADB` name them; a server that is not named is
//! left out, and a line on stderr says so.

mod batches;
mod connect;
mod errors;
mod lost;
mod support;
mod values;
mod writes;
