//! What a lock can be taken for.
//!
//! Databases take a lock in different clauses, and may take it without locking a row: of a UNION MySQL locks the rows
//! of the last arm, of a subquery that it keeps in memory MariaDB locks none. Here a lock is for the rows of the tables that
//! the statement itself reads, and stands nowhere else.

use super::select::SelectUse;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::{Expr, Repeats};
use crate::sql::tree::{Body, Item, Lock, Plain, Select, Source, TableRef};

impl Select {
    /// Refuses a lock that would not be for the rows of the statement's tables.
    fn check_own_lock(&self) -> Result<()> {
        match (&self.lock, &self.body) {
            (None, _) => Ok(()),
            (Some(lock), Body::Plain(plain)) => plain.check_lock(lock),
            (Some(_), Body::Compound(_)) => {
                Err(unlockable("the rows of a UNION, INTERSECT or EXCEPT are none of them"))
            }
        }
    }

    /// Refuses a lock that can't have its meaning where the SELECT stands.
    pub(super) fn check_lock(&self, used: SelectUse) -> Result<()> {
        self.check_own_lock()?;
        match used {
            _ if self.lock.is_none() => Ok(()),
            SelectUse::Statement => Ok(()),
            SelectUse::Count => Err(unlockable("`count` reads how many there are")),
            SelectUse::Exists => Err(unlockable("`exists` reads whether there are any")),
            SelectUse::Part => Err(unlockable("this SELECT is a part of another statement")),
        }
    }
}

impl Plain {
    fn check_lock(&self, lock: &Lock) -> Result<()> {
        let has_window =
            |item: &Item| item.expr().is_some_and(|expr| expr.any(&mut |part| matches!(part, Expr::Window(_))));
        if self.repeats == Repeats::Dropped || !self.distinct_on.is_empty() {
            return Err(unlockable("a row of `distinct` or `distinct_on` may stand for several of them"));
        }
        if !self.group_by.is_empty()
            || self.having.is_some()
            || self.items.iter().filter_map(Item::expr).any(Expr::aggregates)
        {
            return Err(unlockable("a group or an aggregate is made from many of them"));
        }
        if self.items.iter().any(has_window) {
            return Err(unlockable("a window function reads more of them than the row it stands in"));
        }
        if lock.of.is_empty() { self.check_all_lockable() } else { self.check_lockable(&lock.of) }
    }

    /// Checks that each source is a table whose rows can be locked, or has no rows that anybody could change.
    fn check_all_lockable(&self) -> Result<()> {
        for source in self.sources() {
            if let Source::Select { name, .. } | Source::Cte { name } = source {
                let message = format!(
                    "the rows of the subquery {name} can't be locked: name the tables that are to be locked by `lock_of`, or lock their rows by a SELECT of their own before"
                );
                return Err(Error::new(ErrorKind::Syntax, message));
            }
        }
        let mut tables = self.sources().filter_map(Source::table_ref).peekable();
        if tables.peek().is_none() {
            return Err(unlockable("the statement reads no table"));
        }
        tables.try_for_each(|table| self.check_row_of(table))
    }

    fn check_lockable(&self, tables: &[TableRef]) -> Result<()> {
        for &table in tables {
            if !self.sources().any(|source| source.table_ref().is_some_and(|own| own.is_same_source(table))) {
                let message = format!("{} is not part of this statement: its rows can't be locked", table.name());
                return Err(Error::new(ErrorKind::Syntax, message).with_table(table.table.name));
            }
            self.check_row_of(table)?;
        }
        Ok(())
    }

    /// Checks that each row of the result has a row of this table.
    fn check_row_of(&self, table: TableRef) -> Result<()> {
        if !self.may_be_absent(table.name()) {
            return Ok(());
        }
        let message = format!(
            "an outer join may leave {} without a row to lock: name the other tables by `lock_of`, or lock its rows by a SELECT of their own before",
            table.name()
        );
        Err(Error::new(ErrorKind::Syntax, message).with_table(table.table.name))
    }
}

fn unlockable(why: &str) -> Error {
    let message = format!(
        "`for_update` and `for_share` lock the rows of the tables that a statement itself reads, and {why}: lock the rows by a SELECT of their own before, in the same transaction"
    );
    Error::new(ErrorKind::Syntax, message)
}
