//! For each type, hundreds of random values and those at its ends: written, read, compared, sorted and aggregated on each
//! database as Rust does it.

mod harness;
mod values;
mod cells;
mod numbers;
mod documents;
