//! Run for real, on every backend, each test in a database of its own.

mod aborted;
mod bad_input;
mod canary;
mod check;
mod check_types;
mod collation;
mod constraints;
mod crud;
mod cut_off;
mod filters;
mod indexes;
mod inspect;
mod lost;
mod opening;
mod pool;
mod savepoints;
mod schema;
mod sequences;
mod session;
mod sharing;
mod executor;
mod streaming;
mod types;
mod cross_read;
mod text;
mod properties;
