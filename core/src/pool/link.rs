//! [`Link`]: a connection and the state of its transaction.
//!
//! Before each call that could change the connection the link is marked busy, and the mark is cleared by the answer: a link
//! that is found busy was cut off half-way in an unknown state, and can't be used again. Rows for a stream are the
//! exception: leaving them unread leaves the link [`Fetching`](Activity::Fetching), and the next call waits until the
//! connection is ready for it.

mod transaction;
mod own_text;
mod batches;
mod observed;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::away::Away;
use super::journal::Journal;
use super::limits::Limits;
use super::{Access, CutOff, Note, Witness};
use crate::dialect::Dialect;
use crate::driver::{Compiled, Connection, Done, RowSink};
use crate::error::{Effect, Error, ErrorKind, Result};
use crate::observe::Watch;
use crate::sql::{BindSource, Destination, Insert, KnownTexts, Tenants};
use transaction::{Transaction, aborted};

pub(crate) use transaction::Savepoint;

/// A connection and the state of its transaction.
pub(crate) struct Link {
    /// `None` while it fetches rows for a stream.
    connection: Option<Box<dyn Connection>>,
    away: Option<Away>,
    dialect: &'static dyn Dialect,
    /// Whose rows the statements are about that are compiled for it, until it is given back.
    tenants: Tenants,
    /// Tells what it does, where somebody wants to know.
    observed: Option<Box<Watch>>,
    limits: Limits,
    transaction: Transaction,
    /// What the open transaction may do.
    access: Access,
    activity: Activity,
    /// Set when statements that belong together were cut off half-way, with no call under way.
    cut_off: Arc<AtomicBool>,
    /// Whether an error of the open transaction is retryable.
    is_retryable: bool,
    savepoints: u32,
    journal: Journal,
    texts: KnownTexts,
    marked: Marked,
    /// Gets the errors outside a transaction.
    witness: Option<Witness>,
    /// Set before a statement that may end the transaction, which would take the savepoint with it.
    watched: Option<Savepoint>,
    /// When the pool should replace it, whatever its state.
    pub(super) expires: Option<Instant>,
}

/// Whether a link is lent out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    Clean,
    /// A raw text left traces on it, which others must not find.
    ForClosing,
    /// It may be the database itself, and stays whatever is done to it.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    Ready,
    /// A call is under way, or was cut off.
    Busy,
    /// Rows are being fetched for a stream, which may be gone.
    Fetching,
    /// Reading away the rows that a stream left took too long, and the connection was closed.
    GivenUp,
    /// The server is gone.
    Lost,
}

impl Link {
    pub(super) fn new(
        connection: Box<dyn Connection>,
        dialect: &'static dyn Dialect,
        observed: Option<Box<Watch>>,
        limits: Limits,
        marked: Marked,
        expires: Option<Instant>,
    ) -> Link {
        Link {
            connection: Some(connection),
            away: None,
            dialect,
            tenants: Tenants::Unsaid,
            observed,
            limits,
            transaction: Transaction::None,
            access: Access::Write,
            activity: Activity::Ready,
            cut_off: Arc::default(),
            is_retryable: false,
            savepoints: 0,
            journal: Journal::default(),
            texts: KnownTexts::default(),
            marked,
            witness: None,
            watched: None,
            expires,
        }
    }

    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// What statements are compiled for that it is to run.
    pub(crate) fn destination(&self) -> Destination<'static> {
        Destination::new(self.dialect, self.tenants.clone())
    }

    /// From now on its statements are about the rows of these.
    pub(crate) fn set_tenants(&mut self, tenants: &Tenants) {
        self.tenants = tenants.clone();
    }

    /// Whether no call is under way or was cut off, and the server is there as far as known.
    pub(super) fn is_sound(&self) -> bool {
        self.activity == Activity::Ready
    }

    /// Whether it is sound, outside a transaction, and as it was when it was opened: fit to be lent out again.
    pub(super) fn is_idle(&self) -> bool {
        self.is_sound() && matches!(self.transaction, Transaction::None) && !self.is_marked()
    }

    /// Whether a raw text left traces on it.
    pub(super) fn is_marked(&self) -> bool {
        self.marked == Marked::ForClosing
    }

    /// A guard for statements that belong together: if it is dropped before they have ended, the transaction is aborted.
    pub(crate) fn guard(&self) -> CutOff {
        CutOff::new(&self.cut_off)
    }

    /// What statements may have changed in the open transaction since this was last asked.
    pub(crate) fn take_notes(&mut self) -> Vec<Note> {
        self.journal.take()
    }

    /// An INSERT in the dialect's SQL. The text of one that was compiled recently is reused.
    pub(crate) fn compile_insert<'a>(
        &mut self,
        insert: &'a Insert,
        source: &'a dyn BindSource,
    ) -> Result<Compiled<'a>> {
        let to = self.destination();
        self.texts.compile(insert, to, source)
    }

    /// Reports errors outside a transaction to a witness, until the link is given back.
    pub(crate) fn tell_errors(&mut self, witness: Witness) {
        self.witness = Some(witness);
    }

    /// Its outcome is no longer waited for, and whose rows were meant is forgotten.
    pub(super) fn given_back(&mut self) {
        self.witness = None;
        self.tenants = Tenants::Unsaid;
        self.set_caller(None);
    }

    pub(crate) async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        self.ready().await;
        self.watch(statement).await?;
        self.admit(statement)?;
        let running = self.running(statement);
        let mut result = self.connection()?.execute(statement).await;
        if self.may_run_again(&result) {
            result = self.connection()?.execute(statement).await;
        }
        let result = self.leave(result, statement);
        if let Some(running) = running {
            running.wrote(result.as_ref().map_or(0, |done| done.rows_affected));
            running.ended(result.as_ref().err());
        }
        self.unwatch(result).await
    }

    pub(crate) async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        self.ready().await;
        self.watch(statement).await?;
        self.admit(statement)?;
        let result = match self.running(statement) {
            None => self.fetch_into(statement, sink).await,
            Some(running) => {
                let result = self.fetch_into(statement, &mut running.counting(sink)).await;
                running.ended(result.as_ref().err());
                result
            }
        };
        self.unwatch(result).await
    }

    async fn fetch_into(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        let mut result = self.connection()?.fetch(statement, sink).await;
        if self.may_run_again(&result) {
            result = self.connection()?.fetch(statement, sink).await;
        }
        self.leave(result, statement)
    }

    /// Runs one statement of DDL.
    pub(crate) async fn ddl(&mut self, sql: &str) -> Result<()> {
        self.ready().await;
        self.enter(sql)?;
        let running = self.observed.as_ref().map(|watch| watch.command(sql));
        let result = self.send(sql).await;
        if let Some(running) = running {
            running.ended(result.as_ref().err());
        }
        result
    }

    /// The same of what observers are told otherwise.
    async fn command(&mut self, sql: &str) -> Result<()> {
        self.ready().await;
        self.enter(sql)?;
        self.send(sql).await
    }

    async fn send(&mut self, sql: &str) -> Result<()> {
        let result = self.connection()?.command(sql).await.map_err(|error| error.of_ddl(sql));
        self.settle(result)
    }

    pub(crate) async fn ping(&mut self) -> Result<()> {
        self.ready().await;
        self.enter("")?;
        let result = self.connection()?.ping().await;
        self.settle(result)
    }

    /// Closes the connection gracefully.
    pub(super) async fn close(mut self) {
        if let Some(connection) = self.connection.take()
            && self.activity == Activity::Ready
        {
            connection.close().await;
        }
    }

    fn connection(&mut self) -> Result<&mut Box<dyn Connection>> {
        let name = self.dialect.name();
        self.connection.as_mut().ok_or_else(|| lost(name))
    }

    /// As [`enter`](Link::enter), and refuses what has no time to run, and to write in a transaction that only reads: not every
    /// database would, on every connection.
    fn admit(&mut self, statement: &Compiled<'_>) -> Result<()> {
        if statement.is_shown {
            let message = "the statement was compiled to be looked at: nobody has said whose rows it is about";
            return Err(Error::new(ErrorKind::Config, message).on(self.dialect.name()));
        }
        let is_open = matches!(self.transaction, Transaction::Open);
        let takes_locks = !statement.locks.is_empty();
        if self.access == Access::Read && is_open && self.is_sound() && (statement.verb.writes() || takes_locks) {
            let message = match takes_locks {
                true => {
                    "the transaction only reads, and rows are locked for writing; begin one without `TxOptions::read_only()`, or leave the lock out"
                }
                false => "the transaction only reads; begin one without `TxOptions::read_only()`",
            };
            let error = Error::new(ErrorKind::ReadOnly, message).on(self.dialect.name());
            return Err(match statement.table {
                Some(table) => error.with_table(table.name),
                None => error,
            });
        }
        self.enter(&statement.sql)?;
        if is_open {
            self.journal.note(statement);
        }
        if statement.timeout != Some(Duration::ZERO) {
            return Ok(());
        }
        self.activity = Activity::Ready;
        let message = "the statement was not sent, because its limit leaves it no time";
        Err(Error::new(ErrorKind::StatementTimeout, message).on(self.dialect.name()))
    }

    /// Refuses what can't be done in this state, and marks the link busy.
    fn enter(&mut self, sql: &str) -> Result<()> {
        match self.activity {
            Activity::Ready => {}
            _ if matches!(self.transaction, Transaction::Committing) => {
                let message = "COMMIT was cut off before its answer came: whether the work was saved is unknown";
                return Err(Error::new(ErrorKind::CommitUnknown, message).on(self.dialect.name()));
            }
            Activity::Busy => {
                let message =
                    "an earlier call on this connection was cut off half-way; roll back, or open a new session";
                return Err(Error::new(ErrorKind::ConnectionLost, message).on(self.dialect.name()));
            }
            Activity::GivenUp => {
                let message = format!(
                    "the rows that a stream left unread were not read away within {:?}, and the connection was closed: roll \
                     back and begin anew, and read streams to their end or give their statements a LIMIT",
                    self.limits.release
                );
                return Err(Error::new(ErrorKind::ConnectionLost, message).on(self.dialect.name()));
            }
            // Every call waits for the end of the fetch before it comes here.
            Activity::Fetching | Activity::Lost => return Err(self.lost()),
        }
        self.notice_cut_off();
        if let Transaction::Aborted(cause) | Transaction::RolledBack(cause) = &self.transaction {
            return Err(aborted(cause));
        }
        tracing::trace!(target: "creole", backend = self.dialect.name(), sql);
        self.activity = Activity::Busy;
        Ok(())
    }

    /// As [`settle`](Link::settle), and says of which statement it is, and what is known of its table.
    fn leave<T>(&mut self, result: Result<T>, statement: &Compiled<'_>) -> Result<T> {
        let result = result.map_err(|error| error.of(statement, self.dialect));
        self.settle(result)
    }

    /// Clears the mark and draws the consequences of an error.
    fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        self.activity = Activity::Ready;
        let Err(error) = &result else { return result };
        let is_open = matches!(self.transaction, Transaction::Open);
        self.is_retryable |= error.is_retryable();
        match error.effect() {
            Effect::Disconnected => self.activity = Activity::Lost,
            Effect::RolledBack if is_open => self.transaction = Transaction::RolledBack(error.to_string().into()),
            // SQLite ends a transaction by itself on some errors and says so only when asked.
            _ if is_open && self.connection.as_ref().and_then(|it| it.in_transaction()) == Some(false) => {
                self.transaction = Transaction::RolledBack(error.to_string().into());
            }
            // PostgreSQL refuses all but a rollback after any error of a statement. Others undo the statement and would go
            // on: a program that was written on one of them would find its work refused on PostgreSQL.
            effect if is_open && (effect != Effect::Statement || error.code().is_some()) => {
                self.transaction = Transaction::Aborted(error.to_string().into());
            }
            _ => {}
        }
        if let Some(witness) = &self.witness
            && (error.effect() != Effect::Statement || error.code().is_some())
        {
            witness.note(error);
        }
        result
    }

    /// Whether the statement failed only because it was prepared before a table changed. Inside a transaction the error
    /// has already ended the transaction, so it is reported.
    fn may_run_again<T>(&self, result: &Result<T>) -> bool {
        let outdated = result.as_ref().is_err_and(|error| error.effect() == Effect::Outdated);
        outdated && matches!(self.transaction, Transaction::None)
    }

    fn lost(&self) -> Error {
        lost(self.dialect.name())
    }
}

#[cold]
fn lost(backend: &'static str) -> Error {
    Error::new(ErrorKind::ConnectionLost, ErrorKind::ConnectionLost.description()).on(backend)
}
