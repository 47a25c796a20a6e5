//! SQLite as core sees it: rendered text, and connections to real databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod batches;
mod common;
mod errors;
mod places;
mod rendering;
mod setup;
mod values;
