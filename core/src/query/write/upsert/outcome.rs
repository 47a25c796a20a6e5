//! [`Upserted`]: a row, and what became of it.

/// A row that an upsert has written or found, and which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted<T> {
    /// The row as the database has it afterwards.
    pub row: T,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a row that was upserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Its key was not there, and it was inserted.
    Inserted,
    /// Its key was there, and the row was updated; perhaps with what it held before.
    Updated,
    /// Its key was there, and the row stayed as it was: by `do_nothing`, or because the filter did not hold.
    Unchanged,
}
