//! The transaction on a connection: BEGIN, SAVEPOINT, COMMIT and ROLLBACK are sent from here and nowhere else.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Activity, Link};
use crate::dialect::TxOptions;
use crate::error::{Effect, Error, ErrorKind, Result};
use crate::observe::TransactionEnd;
use crate::pool::Access;
use crate::pool::limits::{within, within_some};

/// What creole knows of the transaction on a connection.
#[derive(Debug, Clone)]
pub(super) enum Transaction {
    /// There is none.
    None,
    /// It is open and healthy.
    Open,
    /// COMMIT was sent and not yet answered.
    Committing,
    /// An error made it unusable; the text names the first one. It must be rolled back, in whole or to a savepoint.
    Aborted(Arc<str>),
    /// The server has rolled it back; the text names the error. It must be acknowledged by a rollback.
    RolledBack(Arc<str>),
}

/// The name of a savepoint. Names are unique within a connection's transaction, because MySQL would replace one of the
/// same name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Savepoint(u32);

impl Link {
    pub(crate) fn is_in_transaction(&self) -> bool {
        !matches!(self.transaction, Transaction::None)
    }

    /// Whether its transaction is open, and no error has ended it.
    pub(crate) fn is_healthy(&self) -> bool {
        self.is_sound() && matches!(self.transaction, Transaction::Open) && !self.cut_off.load(Ordering::SeqCst)
    }

    /// Whether an error of the open transaction is retryable.
    pub(crate) fn is_retryable(&self) -> bool {
        self.is_retryable
    }

    /// Whether COMMIT was sent and no answer came: whether the work was saved is unknown.
    pub(crate) fn is_commit_unknown(&self) -> bool {
        !self.is_sound() && matches!(self.transaction, Transaction::Committing)
    }

    pub(crate) async fn begin(&mut self, options: &TxOptions) -> Result<()> {
        options.check(self.dialect.name())?;
        let statements = self.dialect.begin(options)?;
        for sql in &statements {
            if let Err(error) = self.command(sql).await {
                // Earlier ones may have left a setting, so the connection is not used again.
                if statements.len() > 1 {
                    self.activity = Activity::Lost;
                }
                return Err(error);
            }
        }
        self.transaction = Transaction::Open;
        self.cut_off.store(false, Ordering::SeqCst);
        self.is_retryable = false;
        self.access = if options.is_read_only() { Access::Read } else { Access::Write };
        self.savepoints = 0;
        self.journal.clear();
        self.tell_begun(options.is_read_only());
        Ok(())
    }

    /// Commits. `Ok` means that the server has committed and `Err` that it has not, but for
    /// [`CommitUnknown`](ErrorKind::CommitUnknown) if the connection broke before the answer came, or none came in time.
    pub(crate) async fn commit(&mut self) -> Result<()> {
        self.ready().await;
        self.notice_cut_off();
        match self.transaction.clone() {
            Transaction::None => return Ok(()),
            Transaction::Open | Transaction::Committing => {}
            Transaction::Aborted(cause) | Transaction::RolledBack(cause) => {
                self.rollback().await;
                return Err(aborted(&cause));
            }
        }
        self.enter("COMMIT")?;
        self.transaction = Transaction::Committing;
        let limit = self.limits.commit;
        let Some(result) = within_some(limit, self.connection()?.command("COMMIT")).await else {
            self.activity = Activity::Lost;
            self.tell_ended(TransactionEnd::Unknown);
            return Err(self.unanswered_commit());
        };
        if result.as_ref().is_err_and(|error| error.effect() != Effect::Disconnected) {
            self.transaction = Transaction::Open;
        }
        match self.settle(result) {
            Ok(()) => {
                self.transaction = Transaction::None;
                self.tell_ended(TransactionEnd::Committed);
                Ok(())
            }
            Err(error) if error.effect() == Effect::Disconnected => {
                self.activity = Activity::Lost;
                self.tell_ended(TransactionEnd::Unknown);
                Err(error.into_kind(ErrorKind::CommitUnknown, ErrorKind::CommitUnknown.description()))
            }
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }

    /// Rolls the transaction back. If the server can't be told, the connection is given up, and the server rolls back.
    ///
    /// An answer that does not come is not awaited for longer than the release timeout.
    pub(crate) async fn rollback(&mut self) {
        if self.is_fetching() {
            Box::pin(self.read_away(self.limits.rest)).await;
        }
        let end = self.uncommitted_end();
        let (limit, is_sound) = (self.limits.release, self.is_sound());
        if let Some(connection) = &mut self.connection
            && is_sound
            && !matches!(self.transaction, Transaction::None)
            && connection.in_transaction() != Some(false)
        {
            self.activity = Activity::Busy;
            self.activity = match within(limit, connection.command("ROLLBACK")).await {
                Some(Ok(())) => Activity::Ready,
                Some(Err(_)) | None => Activity::Lost,
            };
        }
        self.transaction = Transaction::None;
        self.cut_off.store(false, Ordering::SeqCst);
        self.tell_ended(end);
    }

    pub(crate) async fn savepoint(&mut self) -> Result<Savepoint> {
        self.savepoints += 1;
        let savepoint = Savepoint(self.savepoints);
        self.ddl(&savepoint.sql("SAVEPOINT")).await?;
        Ok(savepoint)
    }

    /// Keeps what was done since a savepoint. If an error since then was ignored, it must be rolled back to instead.
    pub(crate) async fn release_savepoint(&mut self, savepoint: Savepoint) -> Result<()> {
        self.ready().await;
        self.notice_cut_off();
        if let Transaction::Aborted(cause) = &self.transaction {
            let message = format!("the savepoint was undone, because an error within it was passed over: {cause}");
            return Err(Error::new(ErrorKind::TransactionAborted, message).on(self.dialect.name()));
        }
        self.ddl(&savepoint.sql("RELEASE SAVEPOINT")).await
    }

    /// Rolls back to a savepoint and forgets it. An aborted transaction is healthy again after it.
    pub(crate) async fn rollback_to(&mut self, savepoint: Savepoint) -> Result<()> {
        self.ready().await;
        self.notice_cut_off();
        if let Transaction::Aborted(_) = self.transaction {
            self.transaction = Transaction::Open;
        }
        let limit = self.limits.release;
        let undone = within(limit, async {
            self.ddl(&savepoint.sql("ROLLBACK TO SAVEPOINT")).await?;
            self.ddl(&savepoint.sql("RELEASE SAVEPOINT")).await
        });
        if let Some(result) = undone.await {
            return result;
        }
        self.activity = Activity::Lost;
        let message = format!("the server did not answer ROLLBACK TO SAVEPOINT within {limit:?} (release_timeout)");
        Err(Error::new(ErrorKind::ConnectionLost, message).on(self.dialect.name()))
    }

    /// Refuses everything but a rollback from now on, because of an error that the server did not see.
    pub(crate) fn abort(&mut self, cause: &Error) {
        if let Transaction::Open = self.transaction {
            self.transaction = Transaction::Aborted(cause.to_string().into());
        }
    }

    /// Goes on after an error that took back its own statement and no more, and says whether it was one. It is for finding out what
    /// the error was about, within savepoints; the transaction is to be [aborted](Link::abort) again.
    pub(crate) fn go_on_after(&mut self, error: &Error) -> bool {
        let is_alive = self.is_sound() && error.effect() == Effect::Statement;
        if let (true, Transaction::Aborted(_)) = (is_alive, &self.transaction) {
            self.transaction = Transaction::Open;
            return true;
        }
        false
    }

    /// Aborts the transaction if statements that belong together were cut off half-way.
    pub(super) fn notice_cut_off(&mut self) {
        if matches!(self.transaction, Transaction::Open) && self.cut_off.swap(false, Ordering::SeqCst) {
            self.transaction = Transaction::Aborted("statements that belong together were cut off half-way".into());
        }
    }

    #[cold]
    pub(super) fn unanswered_commit(&self) -> Error {
        let limit = self.limits.commit.unwrap_or_default();
        let message =
            format!("COMMIT was not answered within {limit:?} (commit_timeout): whether the work was saved is unknown");
        Error::new(ErrorKind::CommitUnknown, message).on(self.dialect.name())
    }
}

impl Savepoint {
    pub(super) fn sql(self, verb: &str) -> String {
        let mut sql = String::from(verb);
        let _ = write!(sql, " creole_{}", self.0);
        sql
    }
}

/// The error of everything that is tried in a transaction that has ended.
pub(super) fn aborted(cause: &str) -> Error {
    Error::new(
        ErrorKind::TransactionAborted,
        format!("the transaction was ended by an earlier error, roll it back and start anew: {cause}"),
    )
}
