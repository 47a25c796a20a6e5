//! The one suite of creole: expected SQL side by side for all dialects, and every feature run for real on every backend.

mod models;
mod sql;
mod suite;
