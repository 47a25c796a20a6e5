//! Writing rows: what each statement changes, and what it says of it.

mod on_update;
