//! [`Event`]: what an observer is told.

use std::panic::Location;
use std::time::Duration;

use crate::error::ErrorKind;
use crate::sql::Verb;

/// Something that an engine has done. It shows no bound value and no password.
///
/// ```
/// use creole::observe::{Event, EventKind};
///
/// /// A line of a log.
/// fn line(event: &Event<'_>) -> Option<String> {
///     match &event.kind {
///         EventKind::StatementEnded(statement, outcome) => {
///             Some(format!("{}#{:?} {} {:?}", event.backend, event.connection, statement.text, outcome.took))
///         }
///         EventKind::TransactionEnded(end, took) => Some(format!("{end:?} after {took:?}")),
///         _ => None,
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Event<'e> {
    /// The backend's name.
    pub backend: &'static str,
    /// A number for the connection, which no other of the process has; `None` where there is none yet.
    pub connection: Option<u64>,
    /// What has happened.
    pub kind: EventKind<'e>,
}

/// What has happened.
///
/// ```
/// use creole::observe::{Event, EventKind};
/// use creole::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// let watched = |event: &Event<'_>| match &event.kind {
///     EventKind::ConnectionMade(took) => println!("connected within {took:?}"),
///     EventKind::ConnectionLent(waited) => println!("waited {waited:?} for a connection"),
///     EventKind::StatementEnded(statement, outcome) => println!("{statement:?}: {outcome:?}"),
///     _ => {}
/// };
/// let engine = Engine::builder("sqlite::memory:").observe(watched).connect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum EventKind<'e> {
    /// A connection was made, which took so long.
    ConnectionMade(Duration),
    /// A connection could not be made, which took so long.
    ConnectionFailed(ErrorKind, Duration),
    /// A connection was lent out, for which somebody had waited so long.
    ConnectionLent(Duration),
    /// None was to be had in time.
    ConnectionDenied(ErrorKind, Duration),
    /// A connection was closed.
    ConnectionClosed(Closed),
    /// A statement is sent.
    StatementBegun(Statement<'e>),
    /// A statement has ended. Those of DDL are among them, as the model's literals are in their texts; so are savepoints.
    StatementEnded(Statement<'e>, Outcome),
    /// A transaction has begun, which only reads where that is said.
    TransactionBegun {
        /// Whether it refuses to write.
        reads_only: bool,
    },
    /// A transaction has ended, which was open so long. What is dropped without a commit is rolled back.
    TransactionEnded(TransactionEnd, Duration),
    /// A session has written what was pending.
    Flushed {
        /// How many rows were inserted.
        inserted: usize,
        /// How many rows were updated, those among them that are marked as deleted.
        updated: usize,
        /// How many rows were deleted.
        deleted: usize,
    },
}

/// A statement that is sent.
///
/// ```
/// use creole::observe::Statement;
///
/// /// What traces call an operation.
/// fn name(statement: &Statement<'_>) -> String {
///     format!("{:?} {}", statement.verb, statement.table.unwrap_or("?"))
/// }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Statement<'e> {
    /// Its text, with placeholders for its values.
    pub text: &'e str,
    /// What it does.
    pub verb: Verb,
    /// The table that it is about, where it is about one of a model.
    pub table: Option<&'static str>,
    /// Where in the program it was asked for; `None` of what a session writes by itself.
    pub caller: Option<&'static Location<'static>>,
}

/// What became of a statement.
///
/// ```
/// use creole::observe::Outcome;
///
/// fn is_bad(outcome: &Outcome) -> bool {
///     outcome.error.is_some() || outcome.is_cut_off
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// How long it took, from when it was sent until its last row was there. Of a stream, the reading of its rows too.
    pub took: Duration,
    /// How many rows it read, or inserted, matched or deleted.
    pub rows: u64,
    /// What kind of error it ended with.
    pub error: Option<ErrorKind>,
    /// Whether the future that ran it was dropped before its end, or a stream left before the last row.
    pub is_cut_off: bool,
}

/// How a transaction has ended.
///
/// ```
/// use creole::observe::TransactionEnd;
///
/// fn is_kept(end: TransactionEnd) -> Option<bool> {
///     match end {
///         TransactionEnd::Committed => Some(true),
///         TransactionEnd::RolledBack => Some(false),
///         _ => None,
///     }
/// }
///
/// assert_eq!(is_kept(TransactionEnd::Unknown), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransactionEnd {
    /// It was committed.
    Committed,
    /// It was rolled back: because that was asked for, after an error, or because it was dropped.
    RolledBack,
    /// The connection broke before the answer to COMMIT came.
    Unknown,
}

/// Why a connection was closed.
///
/// ```
/// use creole::observe::Closed;
///
/// /// Whether somebody should look at it.
/// fn is_worth_a_look(closed: Closed) -> bool {
///     matches!(closed, Closed::Lost | Closed::CutOff)
/// }
///
/// assert!(!is_worth_a_look(Closed::Expired));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Closed {
    /// The server is gone, or does not answer.
    Lost,
    /// A call on it was cut off half-way, so its state is unknown.
    CutOff,
    /// A text of the program's own left traces on it, which others must not find.
    UsedUp,
    /// It has reached its lifetime.
    Expired,
    /// It was not needed any longer: idle for too long, or the engine was closed.
    Idle,
}
