//! creole beside the bare drivers: the work, the contestants, and how they are timed.

pub mod associations;
pub mod chosen;
pub mod harness;
pub mod json;
pub mod mysql;
pub mod pin;
pub mod postgres;
pub mod sqlite;
pub mod to_one;
pub mod users;
pub mod writes;

/// What a benchmark fails with.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
