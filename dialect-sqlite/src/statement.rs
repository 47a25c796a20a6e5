//! Running one statement on an open database, on the thread that asks.

use std::ops::ControlFlow;

use creole_core::Result;
use creole_core::driver::{Compiled, Done, Row};
use creole_core::schema::Table;
use creole_core::sql::Binds;
use rusqlite::{Connection, Statement};

use crate::bind::bind_all;
use crate::error::from_rusqlite;
use crate::handlers::step_aside;
use crate::row::SqliteRow;
use crate::{executor, sequence_end};

/// How many rows are handed over between two looks at the clock, for sinks that are slow themselves.
const ROWS: usize = 16;

/// A statement, borrowed from whoever has it.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    pub(crate) sql: &'a str,
    pub(crate) binds: &'a Binds<'a>,
    pub(crate) table: Option<&'static Table>,
}

impl<'a> Query<'a> {
    /// What core has compiled.
    pub(crate) fn of(statement: &'a Compiled<'_>) -> Query<'a> {
        Query { sql: &statement.sql, binds: &statement.binds, table: statement.table }
    }
}

/// What a commit costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commit {
    /// It waits for the disk.
    Waits,
    /// It is a copy in memory, or there is none.
    Quick,
}

/// Runs a statement and leaves its rows, if any, alone.
pub(crate) fn execute(db: &Connection, query: Query<'_>, commit: Commit) -> Result<Done> {
    let before = db.total_changes();
    push_rows(db, query, commit, &mut |_| Ok(ControlFlow::Continue(())))?;
    // SQLite remembers the count of the last statement that wrote rows, however long ago that was.
    let rows_affected = if db.total_changes() == before { 0 } else { db.changes() };
    Ok(Done::new(rows_affected))
}

/// Runs a statement and hands each row to `each`.
pub(crate) fn push_rows(
    db: &Connection,
    query: Query<'_>,
    commit: Commit,
    each: &mut dyn FnMut(&dyn Row) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut statement = db.prepare_cached(query.sql).map_err(|error| from_rusqlite(error, query.table))?;
    bind_all(&mut statement, query.binds, query.table)?;
    let result = if commit == Commit::Waits && !statement.readonly() && db.is_autocommit() {
        executor::outside(|| step(&mut statement, query.table, each))
    } else {
        step(&mut statement, query.table, each)
    };
    result.map_err(|error| sequence_end::told_from_full_disk(db, query.table, error))
}

/// Runs a statement without values: BEGIN, COMMIT, DDL.
pub(crate) fn command(db: &Connection, sql: &str, commit: Commit) -> Result<()> {
    // The few that come again and again are worth keeping prepared; DDL is not.
    if matches!(sql, "BEGIN" | "BEGIN IMMEDIATE" | "COMMIT" | "ROLLBACK") {
        let mut statement = db.prepare_cached(sql).map_err(|error| from_rusqlite(error, None))?;
        return run_command(&mut statement, sql, commit);
    }
    let mut statement = db.prepare(sql).map_err(|error| from_rusqlite(error, None))?;
    run_command(&mut statement, sql, commit)
}

fn run_command(statement: &mut Statement<'_>, sql: &str, commit: Commit) -> Result<()> {
    let is_short = sql.starts_with("BEGIN") || sql.starts_with("ROLLBACK") || sql.starts_with("SAVEPOINT");
    let mut run = || step(statement, None, &mut |_| Ok(ControlFlow::Continue(())));
    if commit == Commit::Waits && !is_short { executor::outside(run) } else { run() }
}

/// Steps through a statement. One that writes is always brought to its end, because that is where its commit is, and with it
/// the commit's error.
fn step(
    statement: &mut Statement<'_>,
    table: Option<&'static Table>,
    each: &mut dyn FnMut(&dyn Row) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let reads_only = statement.readonly();
    let mut rows = statement.raw_query();
    let mut count = 0_usize;
    loop {
        let Some(row) = rows.next().map_err(|error| from_rusqlite(error, table))? else { return Ok(()) };
        count += 1;
        if count.is_multiple_of(ROWS) {
            step_aside();
        }
        // Asked only now: the first step prepares a statement anew whose table has changed.
        let columns = row.as_ref().column_count();
        let outcome = match each(&SqliteRow { row, columns }) {
            Ok(ControlFlow::Continue(())) => continue,
            Ok(ControlFlow::Break(())) => Ok(()),
            Err(error) => Err(error),
        };
        while !reads_only && rows.next().map_err(|error| from_rusqlite(error, table))?.is_some() {}
        return outcome;
    }
}
