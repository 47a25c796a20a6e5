//! The one suite of creole: expected SQL side by side for all dialects, and every feature run for real on every backend.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking; clippy knows only those that are functions with #[test]"
)]

mod cancel;
mod health;
mod lab;
mod logs;
mod models;
mod pairs;
mod parity;
mod proxy;
mod random;
mod raw;
mod spying;
mod sql;
mod suite;
mod warnings;
mod yielding;
