//! [`Repeats`]: finds reads that a program sends once for each row, and says how the rows are read together.

mod runs;
mod hint;

use std::hash::{BuildHasher, RandomState};
use std::panic::Location;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use tokio::task;
use tracing::Level;

use crate::driver::{Compiled, Verb};
use crate::error::Result;
use crate::schema::Table;
use runs::{Read, Runs};

/// How much of a statement's text a warning shows, in bytes.
const SHOWN: usize = 400;

/// Counts how often each text is read, where an engine was told to.
pub(crate) struct Repeats {
    backend: &'static str,
    /// A text may be run so many times.
    most: u32,
    hasher: RandomState,
    runs: Mutex<Runs>,
}

/// Within what reads of one text are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Within {
    /// A session, until it commits or rolls back.
    Session(u64),
    /// A task of the runtime.
    Task(task::Id),
    /// What runs outside of any task, as the future of `block_on` does, which stays on its thread.
    Thread(ThreadId),
}

impl Repeats {
    pub(super) fn new(backend: &'static str, most: u32) -> Repeats {
        Repeats { backend, most, hasher: RandomState::new(), runs: Mutex::default() }
    }

    /// Counts a statement if it reads rows, and neither locks them nor goes on where another one ended.
    pub(super) fn statement(&self, within: Within, statement: &Compiled<'_>, caller: &'static Location<'static>) {
        if is_heard() && is_counted(statement) {
            self.text(within, &statement.sql, statement.table, caller);
        }
    }

    /// Counts the statement of a relation that was loaded for so many rows at hand. For more rows than are read one by one
    /// without a warning, it is what a warning advises.
    ///
    /// # Errors
    /// Those of making the text.
    pub(super) fn load(
        &self,
        within: Within,
        rows: usize,
        to: &'static Table,
        text: impl FnOnce() -> Result<String>,
        caller: &'static Location<'static>,
    ) -> Result<()> {
        if u32::try_from(rows).is_ok_and(|rows| rows <= self.most) && is_heard() {
            self.text(within, &text()?, Some(to), caller);
        }
        Ok(())
    }

    fn text(&self, within: Within, sql: &str, table: Option<&'static Table>, caller: &'static Location<'static>) {
        let read = Read { within, text: self.hasher.hash_one(sql) };
        let relations = {
            let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
            if runs.count(read, table) != self.most.saturating_add(1) {
                return;
            }
            table.map_or_else(Vec::new, |table| hint::relations_to(table, &runs.other_tables(read)))
        };
        let times = self.most.saturating_add(1);
        let hint = hint::message(within, times, table, &relations);
        tracing::warn!(
            target: "creole",
            backend = self.backend,
            table = table.map(|table| table.name),
            times,
            file = caller.file(),
            line = caller.line(),
            sql = beginning(sql),
            "{hint}"
        );
    }
}

impl Within {
    /// That of what is running.
    pub(super) fn running() -> Within {
        task::try_id().map_or_else(|| Within::Thread(thread::current().id()), Within::Task)
    }
}

/// Whether anybody listens. Where nobody does, there is nobody to count for.
fn is_heard() -> bool {
    tracing::enabled!(target: "creole", Level::WARN)
}

/// A locking read is most often that of a worker, which takes what is next in a loop; and each page is a read of its own.
fn is_counted(statement: &Compiled<'_>) -> bool {
    let reads = match statement.verb {
        Verb::Select => true,
        Verb::Other => reads_by_its_own_text(&statement.sql),
        _ => false,
    };
    reads && statement.locks.is_empty() && !statement.goes_on
}

/// Whether a text of the program's own is a SELECT without a lock, by the words in it.
fn reads_by_its_own_text(sql: &str) -> bool {
    let mut words =
        sql.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').filter(|word| !word.is_empty());
    let begins = words.next().is_some_and(|word| word.eq_ignore_ascii_case("select"));
    begins && !words.any(|word| word.eq_ignore_ascii_case("update") || word.eq_ignore_ascii_case("share"))
}

/// The text, or as much of it as a warning shows.
fn beginning(sql: &str) -> &str {
    let end = (0..=SHOWN.min(sql.len())).rev().find(|&end| sql.is_char_boundary(end)).unwrap_or(0);
    sql.get(..end).unwrap_or(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_ones_own_is_counted_where_it_only_reads() {
        assert!(reads_by_its_own_text("select name from users where id = ?1"));
        assert!(reads_by_its_own_text(" SELECT\n1"));
        assert!(!reads_by_its_own_text("select id from jobs for UPDATE skip locked"));
        assert!(!reads_by_its_own_text("selection"));
        assert!(!reads_by_its_own_text("insert into users select 1"));
        assert!(!reads_by_its_own_text(""));
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        assert_eq!(beginning("select 1"), "select 1");
        let long = format!("s{}", "é".repeat(SHOWN));
        assert_eq!(beginning(&long).len(), SHOWN - 1);
    }
}
