//! FOR UPDATE and FOR SHARE.

use super::table::TableRef;

/// Rows that are locked until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Against what.
    pub strength: LockStrength,
    /// What is done about rows that somebody else has locked.
    pub wait: LockWait,
    /// Only the rows of these tables; of all where there are none.
    pub of: Vec<TableRef>,
}

/// Against what rows are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockStrength {
    /// Against writing and locking by others.
    Update,
    /// Against writing by others, who may lock them alike.
    Share,
}

/// What is done about rows that somebody else has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LockWait {
    /// They are waited for.
    #[default]
    Wait,
    /// They are an error.
    NoWait,
    /// They are left out.
    SkipLocked,
}
