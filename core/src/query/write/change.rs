//! [`Change`]: a statement that writes to rows that are there.

use std::fmt;

use crate::dialect::{Dialect, Support};
use crate::error::Result;
use crate::schema::Table;
use crate::sql::Destination;
use crate::sql::{self, Compiled, Item, Target};

/// An UPDATE or a DELETE.
#[derive(Clone)]
pub(crate) enum Change {
    Update(sql::Update),
    Delete(sql::Delete),
    /// The UPDATE that a DELETE is where rows are only marked as deleted.
    Mark(sql::Update),
}

impl Change {
    pub(crate) fn target(&self) -> &Target {
        match self {
            Change::Update(update) | Change::Mark(update) => update.target(),
            Change::Delete(delete) => delete.target(),
        }
    }

    pub(super) fn target_mut(&mut self) -> &mut Target {
        match self {
            Change::Update(update) | Change::Mark(update) => update.target_mut(),
            Change::Delete(delete) => delete.target_mut(),
        }
    }

    pub(super) fn table(&self) -> &'static Table {
        self.target().table()
    }

    /// What comes back of each row.
    pub(super) fn returning(&self) -> &[Item] {
        match self {
            Change::Update(update) | Change::Mark(update) => update.returning(),
            Change::Delete(delete) => delete.returning(),
        }
    }

    pub(super) fn set_returning(&mut self, items: Vec<Item>) {
        match self {
            Change::Update(update) | Change::Mark(update) => update.set_returning(items),
            Change::Delete(delete) => delete.set_returning(items),
        }
    }

    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// What can't be said in this dialect, or is not part of the statement.
    pub(crate) fn compile<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        match self {
            Change::Update(update) | Change::Mark(update) => update.compile(to),
            Change::Delete(delete) => delete.compile(to),
        }
    }

    /// Whether the rows that it removes may take others of the table with them.
    pub(super) fn cascades_to_itself(&self) -> bool {
        matches!(self, Change::Delete(_)) && self.table().cascades_to_itself()
    }

    /// Whether the database can return what it writes.
    pub(super) fn is_native(&self, dialect: &dyn Dialect) -> bool {
        let capabilities = dialect.capabilities();
        match self {
            Change::Update(_) | Change::Mark(_) => capabilities.update_returning == Support::Native,
            // Some databases would return rows as a deletion before theirs has left them, or not at all.
            Change::Delete(delete) => {
                capabilities.delete_returning == Support::Native && !delete.target().table().deletes_reach_itself()
            }
        }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Update(update) | Change::Mark(update) => update.fmt(f),
            Change::Delete(delete) => delete.fmt(f),
        }
    }
}
