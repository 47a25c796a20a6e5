//! Run for real, on every backend, each test in a database of its own.

mod crud;
mod filters;
mod types;
mod schema;
mod session;
mod savepoints;
mod streaming;
mod pool;
mod sharing;
mod bad_input;
mod cut_off;
mod canary;
