//! Writing rows: what each statement changes, and what it says of it.

mod insert;
mod bulk;
mod upsert;
mod upsert_outcome;
mod upsert_matrix;
mod on_update;
