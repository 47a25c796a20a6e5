//! What a driver implements: connecting, running compiled statements, handing out rows.
//!
//! A [`Driver`] makes [`Connection`]s. A connection runs a [`Compiled`] statement and *pushes* each row, while it still owns
//! the row's bytes, into a [`RowSink`] as a [`Row`]; the sink reads the columns by position straight into the user's
//! struct. A connection writes no SQL of its own and keeps no transaction state: creole's pool does both.
//!
//! There are two ways to fetch. [`Connection::fetch`] pushes every row in one go. [`Connection::fetch_batches`] hands
//! rows over in batches and waits in between until more are wanted; result sets of any size pass through it in
//! bounded memory.
//!
//! A statement may come with a limit of time, [`Compiled::timeout`]. A driver ends what overruns it in the database itself, and the
//! connection is as good as new for its next statement, or its error says [`Disconnected`](crate::error::Effect::Disconnected).
//! [`limited`] is how drivers of servers do that.

mod push;
mod limit;
mod text_types;
mod url;
mod server_url;

use std::fmt;
use std::ops::ControlFlow;

use async_trait::async_trait;
use futures_core::future::BoxFuture;

use crate::dialect::Dialect;
use crate::error::Result;
pub use crate::sql::{Bind, Compiled, Verb};
pub use crate::types::{Row, RowReader};
pub use limit::{connected, limited, overran, overran_with};
pub use push::{push_batches, push_rows};
pub use server_url::address;
pub use text_types::TextTypes;
pub use url::{UrlOptions, decode};

/// Makes connections to one database.
#[async_trait]
pub trait Driver: fmt::Debug + Send + Sync + 'static {
    /// How this database spells SQL.
    fn dialect(&self) -> &'static dyn Dialect;

    /// In what shape its connections are pooled.
    fn pool_shape(&self) -> PoolShape {
        PoolShape::Uniform
    }

    /// Opens a connection and sets it up: time zone UTC, strict mode and whatever else the dialect relies on.
    ///
    /// # Errors
    /// [`ConnectionLost`](crate::ErrorKind::ConnectionLost) if no server answers, [`Auth`](crate::ErrorKind::Auth),
    /// [`Tls`](crate::ErrorKind::Tls) or [`Config`](crate::ErrorKind::Config). No message holds the password.
    async fn connect(&self, role: Role) -> Result<Box<dyn Connection>>;
}

/// How many connections of which kind a pool holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolShape {
    /// Connections that are all alike, as many as the pool may have.
    Uniform,
    /// One connection that writes; the others only read.
    OneWriter,
    /// One connection in all. It may be the database itself, so it is closed neither for its age nor for being idle.
    Single,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Reading and writing.
    Writer,
    /// Reading only; asked for only where the pool's shape is [`PoolShape::OneWriter`].
    Reader,
}

/// What a statement that returns no rows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Done {
    /// How many rows the statement inserted, matched or deleted.
    pub rows_affected: u64,
    /// The numbers the database gave out for an automatic key, where the protocol says so.
    pub numbers: Option<Numbers>,
}

impl Done {
    /// So many rows were inserted, matched or deleted.
    pub fn new(rows_affected: u64) -> Done {
        Done { rows_affected, numbers: None }
    }
}

/// The numbers of the rows of one INSERT, in the order in which the rows were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// The number of the first row.
    pub first: i64,
    /// By how much they go up from row to row; 0 where that is not known.
    pub step: i64,
}

/// One connection. Used by one caller at a time; when a call's future is dropped half-way, the connection is discarded. The
/// future of [`fetch_batches`](Connection::fetch_batches) is not dropped when its reader goes: it goes on until it is done.
#[async_trait]
pub trait Connection: Send + 'static {
    /// Runs a statement that returns no rows.
    ///
    /// # Errors
    /// Whatever the database answers, as the dialect classifies it.
    async fn execute(&mut self, statement: &Compiled<'_>) -> Result<Done>;

    /// Runs a statement and pushes its rows into `sink`, until there are no more or the sink breaks off.
    ///
    /// # Errors
    /// Whatever the database answers, and what the sink returns. After an error of the sink the connection can go on.
    async fn fetch(&mut self, statement: &Compiled<'_>, sink: &mut dyn RowSink) -> Result<()>;

    /// Runs a statement and pushes its rows into `sink`. Where the sink breaks off, its batch is full: it is
    /// [sent](BatchSink::send), and the rows go on when somebody has taken it. A last batch that is not full is sent at
    /// the end of the rows. Where nobody wants more, the connection makes itself ready for its next statement, or returns
    /// an error whose effect is [`Effect::Disconnected`](crate::error::Effect::Disconnected).
    ///
    /// # Errors
    /// As [`fetch`](Connection::fetch).
    async fn fetch_batches(&mut self, statement: &Compiled<'_>, sink: Box<dyn BatchSink>) -> Result<()>;

    /// Runs one statement without values and without rows, unprepared: BEGIN, SAVEPOINT, COMMIT, DDL.
    ///
    /// # Errors
    /// Whatever the database answers.
    async fn command(&mut self, sql: &str) -> Result<()>;

    /// Pings the database.
    ///
    /// # Errors
    /// [`ConnectionLost`](crate::ErrorKind::ConnectionLost) if it does not answer.
    async fn ping(&mut self) -> Result<()>;

    /// Whether a transaction is open, where the driver knows without asking the server.
    fn in_transaction(&self) -> Option<bool> {
        None
    }

    /// Closes the connection gracefully.
    async fn close(self: Box<Self>);
}

/// Takes rows.
pub trait RowSink: Send {
    /// Takes one row. `Break` means: no more in this fetch, or in this batch.
    ///
    /// # Errors
    /// What decoding the row says; the fetch ends with it.
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>>;

    /// How many of the rows it needs to see. Where it needs the first alone, a driver that has a shorter way to one row may
    /// take it.
    fn need(&self) -> Need {
        Need::Every
    }
}

/// Which rows a sink needs to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// All of them.
    Every,
    /// The first; the others it would leave alone.
    First,
}

/// Takes rows in batches.
pub trait BatchSink: RowSink + 'static {
    /// Hands the present batch over, waiting until there is room for it. `Break` means that no more rows are wanted.
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>>;

    /// The same for a thread that may block.
    fn send_blocking(&mut self) -> ControlFlow<()>;

    /// Completes when no more rows are wanted, for a driver that can break a statement off while it looks for the next
    /// one. Where it never does, the driver learns so when it sends a batch.
    fn unwanted(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}
