//! The one suite of creole: expected SQL side by side for all dialects, and every feature run for real on every backend.

mod cancel;
mod health;
mod lab;
mod models;
mod proxy;
mod raw;
mod sql;
mod suite;
mod yielding;
