//! Rows that are locked as they are read.

use super::Select;
use crate::model::Model;
use crate::sql::{Lock, LockStrength, LockWait, TableRef};

impl<R: Send + 'static> Select<R> {
    /// Locks the rows against writing and locking by others until the transaction ends. On SQLite it takes the one
    /// writer, and with it everything. On a session, an entity that is [tracked](Select::track) so becomes what its row is.
    pub fn for_update(self) -> Select<R> {
        self.locked(LockStrength::Update)
    }

    /// Locks the rows against writing by others until the transaction ends; others may lock them alike.
    pub fn for_share(self) -> Select<R> {
        self.locked(LockStrength::Share)
    }

    fn locked(mut self, strength: LockStrength) -> Select<R> {
        self.tree_mut().lock = Some(Lock { strength, wait: LockWait::Wait, of: Vec::new() });
        self
    }

    /// Rows that somebody else has locked are left out, and not waited for. After `for_update` or `for_share`.
    pub fn skip_locked(self) -> Select<R> {
        self.waiting(LockWait::SkipLocked)
    }

    /// Rows that somebody else has locked are an error, and not waited for. After `for_update` or `for_share`.
    pub fn nowait(self) -> Select<R> {
        self.waiting(LockWait::NoWait)
    }

    fn waiting(mut self, wait: LockWait) -> Select<R> {
        match &mut self.tree_mut().lock {
            Some(lock) => lock.wait = wait,
            None => self.tree_mut().misused("`skip_locked` and `nowait` come after `for_update` or `for_share`".into()),
        }
        self
    }

    /// Only this model's rows are locked. After `for_update` or `for_share`.
    pub fn lock_of<M: Model>(mut self) -> Select<R> {
        match &mut self.tree_mut().lock {
            Some(lock) => lock.of.push(TableRef::new(M::table())),
            None => self.tree_mut().misused("`lock_of` comes after `for_update` or `for_share`".into()),
        }
        self
    }
}
