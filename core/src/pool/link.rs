//! [`Link`]: a connection and the state of its transaction.
//!
//! BEGIN, SAVEPOINT, COMMIT and ROLLBACK are sent from here and nowhere else. Before each call that could change the
//! connection the link is marked busy, and the mark goes when the answer is there: a link that is found busy was cut off
//! half-way, nobody knows in what state, and is of no more use. Rows for a stream are the exception: who leaves them unread
//! leaves the link [`Fetching`](Activity::Fetching), and the next call waits until the connection is ready for it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::away::Away;
use super::journal::Journal;
use super::limits::{Limits, within, within_some};
use super::{Access, CutOff, Note};
use crate::dialect::{Dialect, EndsTransaction, OwnText, TxOptions};
use crate::driver::{BatchSink, Compiled, Connection, Done, RowSink, Verb};
use crate::error::{Effect, Error, ErrorKind, Result};
use crate::sql::{BindSource, Insert, KnownTexts};

/// A connection and the state of its transaction.
pub(crate) struct Link {
    /// `None` while it fetches rows for a stream.
    connection: Option<Box<dyn Connection>>,
    away: Option<Away>,
    dialect: &'static dyn Dialect,
    limits: Limits,
    transaction: Transaction,
    /// What the open transaction may do.
    access: Access,
    activity: Activity,
    /// Set where statements that belong together were cut off half-way, with no call under way.
    cut_off: Arc<AtomicBool>,
    /// Whether an error of the open transaction says that another run of it may well succeed.
    is_retryable: bool,
    savepoints: u32,
    journal: Journal,
    texts: KnownTexts,
    marked: Marked,
    /// Set before a statement that may end the transaction: it goes with it.
    watched: Option<Savepoint>,
    /// When the pool should replace it, whatever its state.
    pub(super) expires: Option<Instant>,
}

/// What creole knows of the transaction on a connection.
#[derive(Debug, Clone)]
enum Transaction {
    /// There is none.
    None,
    /// It is open and healthy.
    Open,
    /// COMMIT was sent, and its answer has not come.
    Committing,
    /// An error made it unusable; the text names the first one. It must be rolled back, in whole or to a savepoint.
    Aborted(Arc<str>),
    /// The server has rolled it back; the text names the error. It must be acknowledged by a rollback.
    RolledBack(Arc<str>),
}

/// Whether a link is lent out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    Clean,
    /// A text of the program's own left traces on it, which others must not find.
    ForClosing,
    /// It may be the database itself, and stays whatever is done on it.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    Ready,
    /// A call is under way, or was cut off.
    Busy,
    /// Rows are being fetched for a stream, which may be gone.
    Fetching,
    /// The rows that a stream left unread took too long, and the connection was closed.
    GivenUp,
    /// The server is gone.
    Lost,
}

/// The name of a savepoint. Names are unique within a connection's transaction, because MySQL would replace one of the
/// same name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Savepoint(u32);

impl Link {
    pub(super) fn new(
        connection: Box<dyn Connection>,
        dialect: &'static dyn Dialect,
        limits: Limits,
        marked: Marked,
        expires: Option<Instant>,
    ) -> Link {
        Link {
            connection: Some(connection),
            away: None,
            dialect,
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
            watched: None,
            expires,
        }
    }

    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// Whether no call is under way or was cut off, and the server is there as far as is known.
    pub(super) fn is_sound(&self) -> bool {
        self.activity == Activity::Ready
    }

    /// Whether it fetches rows for a stream: it will be sound, unless that takes too long.
    pub(super) fn is_fetching(&self) -> bool {
        self.activity == Activity::Fetching
    }

    /// Whether it is sound and outside a transaction, and as it was when it was opened: fit for somebody else.
    pub(super) fn is_idle(&self) -> bool {
        self.is_sound() && matches!(self.transaction, Transaction::None) && !self.is_marked()
    }

    /// Whether a text of the program's own left traces on it.
    pub(super) fn is_marked(&self) -> bool {
        self.marked == Marked::ForClosing
    }

    pub(crate) fn is_in_transaction(&self) -> bool {
        !matches!(self.transaction, Transaction::None)
    }

    /// Whether its transaction is open, and no error has ended it.
    pub(crate) fn is_healthy(&self) -> bool {
        self.is_sound() && matches!(self.transaction, Transaction::Open) && !self.cut_off.load(Ordering::SeqCst)
    }

    /// Whether an error of the open transaction says that another run of it may well succeed.
    pub(crate) fn is_retryable(&self) -> bool {
        self.is_retryable
    }

    /// A guard of statements that belong together: where it is dropped before they came to their end, the transaction is
    /// aborted.
    pub(crate) fn guard(&self) -> CutOff {
        CutOff::new(&self.cut_off)
    }

    /// Whether COMMIT was sent and no answer came: whether the work was saved is unknown.
    pub(crate) fn is_commit_unknown(&self) -> bool {
        !self.is_sound() && matches!(self.transaction, Transaction::Committing)
    }

    /// What statements may have changed in the open transaction since this was last asked.
    pub(crate) fn take_notes(&mut self) -> Vec<Note> {
        self.journal.take()
    }

    /// An INSERT in the dialect's SQL. The text of one that was compiled a short while ago is not written again.
    pub(crate) fn compile_insert<'a>(
        &mut self,
        insert: &'a Insert,
        source: &'a dyn BindSource,
    ) -> Result<Compiled<'a>> {
        self.texts.compile(insert, self.dialect, source)
    }

    pub(crate) async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done> {
        self.ready().await;
        self.watch(statement).await?;
        self.admit(statement)?;
        let mut result = self.connection()?.execute(statement).await;
        if self.may_run_again(&result) {
            result = self.connection()?.execute(statement).await;
        }
        let result = self.leave(result, statement);
        self.unwatch(result).await
    }

    pub(crate) async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()> {
        self.ready().await;
        self.watch(statement).await?;
        self.admit(statement)?;
        let mut result = self.connection()?.fetch(statement, sink).await;
        if self.may_run_again(&result) {
            result = self.connection()?.fetch(statement, sink).await;
        }
        let result = self.leave(result, statement);
        self.unwatch(result).await
    }

    /// Fetches rows for a stream. Where the future is dropped, what is left of them is read away before the next call.
    pub(crate) async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()> {
        self.ready().await;
        self.watch(statement).await?;
        self.admit(statement)?;
        let connection = self.connection.take().ok_or_else(|| self.lost())?;
        self.away = Some(Away::begin(connection, statement, sink));
        self.activity = Activity::Fetching;
        let reader = Reader(self);
        let result = reader.0.come_back().await;
        drop(reader);
        let result = self.leave(result, statement);
        self.unwatch(result).await
    }

    /// Runs one statement of DDL.
    pub(crate) async fn ddl(&mut self, sql: &str) -> Result<()> {
        self.ready().await;
        self.enter(sql)?;
        let result = self.connection()?.command(sql).await.map_err(|error| error.of_ddl(sql));
        self.settle(result)
    }

    pub(crate) async fn ping(&mut self) -> Result<()> {
        self.ready().await;
        self.enter("")?;
        let result = self.connection()?.ping().await;
        self.settle(result)
    }

    pub(crate) async fn begin(&mut self, options: &TxOptions) -> Result<()> {
        options.check(self.dialect)?;
        let statements = self.dialect.begin(options)?;
        for sql in &statements {
            if let Err(error) = self.ddl(sql).await {
                // Whether the ones before it left a setting behind is not known, so the connection is not used again.
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
        Ok(())
    }

    /// Commits. `Ok` means that the server has committed and `Err` that it has not, but for
    /// [`CommitUnknown`](ErrorKind::CommitUnknown), where the connection broke before the answer came, or none came in time.
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
            return Err(self.unanswered_commit());
        };
        if result.as_ref().is_err_and(|error| error.effect() != Effect::Disconnected) {
            self.transaction = Transaction::Open;
        }
        match self.settle(result) {
            Ok(()) => {
                self.transaction = Transaction::None;
                Ok(())
            }
            Err(error) if error.effect() == Effect::Disconnected => {
                self.activity = Activity::Lost;
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
    }

    pub(crate) async fn savepoint(&mut self) -> Result<Savepoint> {
        self.savepoints += 1;
        let savepoint = Savepoint(self.savepoints);
        self.ddl(&savepoint.sql("SAVEPOINT")).await?;
        Ok(savepoint)
    }

    pub(crate) async fn release_savepoint(&mut self, savepoint: Savepoint) -> Result<()> {
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

    /// Refuses everything but a rollback from now on, because of an error that the server does not know of.
    pub(crate) fn abort(&mut self, cause: &Error) {
        if let Transaction::Open = self.transaction {
            self.transaction = Transaction::Aborted(cause.to_string().into());
        }
    }

    /// Says goodbye to the server.
    pub(super) async fn close(self) {
        if let Some(connection) = self.connection
            && self.activity == Activity::Ready
        {
            connection.close().await;
        }
    }

    /// Waits for a connection that fetches rows which nobody wants any more.
    async fn ready(&mut self) {
        if self.is_fetching() {
            Box::pin(self.read_away(self.limits.release)).await;
        }
    }

    #[cold]
    async fn read_away(&mut self, limit: Duration) {
        match within(limit, self.come_back()).await {
            // Nobody waits for the result. What an error did to the transaction is noted, and whatever comes next is told.
            Some(result) => {
                let settled = self.settle(result);
                drop(self.unwatch(settled).await);
            }
            None => {
                self.away = None;
                self.activity = Activity::GivenUp;
            }
        }
    }

    /// Waits for the end of a fetch in batches.
    async fn come_back(&mut self) -> Result<()> {
        let back = match &mut self.away {
            Some(away) => away.back().await,
            None => None,
        };
        self.away = None;
        match back {
            Some(back) => {
                self.connection = Some(back.connection);
                back.result
            }
            None => Err(self.lost().with_effect(Effect::Disconnected)),
        }
    }

    fn connection(&mut self) -> Result<&mut Box<dyn Connection>> {
        let name = self.dialect.name();
        self.connection.as_mut().ok_or_else(|| lost(name))
    }

    /// Aborts the transaction where statements that belong together were cut off half-way.
    fn notice_cut_off(&mut self) {
        if matches!(self.transaction, Transaction::Open) && self.cut_off.swap(false, Ordering::SeqCst) {
            self.transaction = Transaction::Aborted("statements that belong together were cut off half-way".into());
        }
    }

    /// What must be known of a text of the program's own before it is sent: whether it leaves traces, and whether it ends the
    /// transaction. Where only the server knows the latter, a savepoint shows it: it goes with its transaction, also where
    /// another one has been begun since.
    async fn watch(&mut self, statement: &Compiled<'_>) -> Result<()> {
        let is_known = statement.verb != Verb::Other;
        if (is_known && !statement.own_text) || !self.is_sound() {
            return Ok(());
        }
        let text = OwnText::new(&statement.sql);
        let ends = match self.transaction {
            Transaction::Open if !is_known => self.dialect.ends_transaction(text),
            _ => EndsTransaction::Never,
        };
        if ends == EndsTransaction::Always {
            let feature = "a raw statement that commits the open transaction by itself";
            let way_out = "run it on the engine, outside of sessions and transactions";
            return Err(Error::unsupported(self.dialect.name(), feature, way_out));
        }
        if self.marked == Marked::Clean && self.dialect.leaves_traces(text) {
            self.marked = Marked::ForClosing;
        }
        if ends == EndsTransaction::Perhaps {
            self.watched = Some(self.savepoint().await?);
        }
        Ok(())
    }

    /// Looks for the transaction after a statement that may have ended it.
    async fn unwatch<T>(&mut self, result: Result<T>) -> Result<T> {
        let is_alive = matches!(self.transaction, Transaction::Open | Transaction::Aborted(_));
        let watched = self.watched.take().filter(|_| self.is_sound() && is_alive);
        let (Some(savepoint), Some(connection)) = (watched, &mut self.connection) else { return result };
        self.activity = Activity::Busy;
        let released = connection.command(&savepoint.sql("RELEASE SAVEPOINT")).await;
        self.activity = Activity::Ready;
        let Err(error) = released else { return result };
        if error.effect() == Effect::Disconnected {
            self.activity = Activity::Lost;
            return Err(error);
        }
        let message = "the statement ended the transaction it ran in, as a procedure can: what was done before it may be \
                       saved, and can't be rolled back; run such a statement on the engine";
        let ended = Error::new(ErrorKind::TransactionAborted, message).on(self.dialect.name());
        let ended = match result.err().and_then(|error| error.server_message().map(str::to_owned)) {
            Some(server) => ended.with_server_message(server),
            None => ended,
        };
        self.transaction = Transaction::RolledBack(ended.to_string().into());
        Err(ended.with_effect(Effect::RolledBack))
    }

    /// As [`enter`](Link::enter), and refuses what has no time to run, and to write in a transaction that only reads: not every
    /// database would, on every connection.
    fn admit(&mut self, statement: &Compiled<'_>) -> Result<()> {
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

    /// Takes the mark off and draws the consequences of an error.
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
        result
    }

    /// Whether the statement failed only because it was prepared before a table changed. Inside a transaction the error
    /// has already ended the transaction, so it is reported.
    fn may_run_again<T>(&self, result: &Result<T>) -> bool {
        let outdated = result.as_ref().is_err_and(|error| error.effect() == Effect::Outdated);
        outdated && matches!(self.transaction, Transaction::None)
    }

    #[cold]
    fn unanswered_commit(&self) -> Error {
        let limit = self.limits.commit.unwrap_or_default();
        let message =
            format!("COMMIT was not answered within {limit:?} (commit_timeout): whether the work was saved is unknown");
        Error::new(ErrorKind::CommitUnknown, message).on(self.dialect.name())
    }

    fn lost(&self) -> Error {
        lost(self.dialect.name())
    }
}

/// Who waits for the rows of a fetch. When it is dropped before their end, the fetch goes on by itself.
struct Reader<'l>(&'l mut Link);

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let Link { away, activity, .. } = &mut *self.0;
        if std::thread::panicking() {
            // It may be the fetch that panicked, and then it can't go on.
            (*away, *activity) = (None, Activity::Lost);
        }
        if let Some(away) = away {
            away.detach();
        }
    }
}

impl Savepoint {
    fn sql(self, verb: &str) -> String {
        let mut sql = String::from(verb);
        let _ = write!(sql, " creole_{}", self.0);
        sql
    }
}

#[cold]
fn lost(backend: &'static str) -> Error {
    Error::new(ErrorKind::ConnectionLost, ErrorKind::ConnectionLost.description()).on(backend)
}

/// The error of everything that is tried in a transaction that has ended.
fn aborted(cause: &str) -> Error {
    Error::new(
        ErrorKind::TransactionAborted,
        format!("the transaction was ended by an earlier error, roll it back and start anew: {cause}"),
    )
}
