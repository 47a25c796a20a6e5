//! What a driver implements: connecting, running compiled statements, handing out rows.
//!
//! A [`Driver`] makes [`Connection`]s. A connection runs a [`Compiled`] statement and *pushes* each row, while it still owns
//! the row's bytes, into a [`RowSink`] as a [`Row`]; the sink reads the columns by position straight into the user's
//! struct. A connection writes no SQL of its own and keeps no transaction state: creole's pool does both.
//!
//! There are two ways to fetch. [`Connection::fetch`] pushes every row in one go. [`Connection::fetch_batches`] hands
//! rows over in batches and waits in between until somebody wants more; result sets of any size pass through it in
//! bounded memory.
//!
//! A statement may come with a limit of time, [`Compiled::timeout`]. A driver ends what overruns it in the database itself, and the
//! connection is as good as new for its next statement, or its error says [`Disconnected`](crate::error::Effect::Disconnected).
//! [`limited`] is how drivers of servers do that.

mod limit;
mod url;
mod server_url;

use std::fmt;
use std::ops::ControlFlow;

use async_trait::async_trait;
use futures_core::future::BoxFuture;

use crate::dialect::Dialect;
use crate::error::{Error, Result};
pub use crate::sql::{Bind, Compiled, Verb};
use crate::types::{ColumnType, SqlType, ValueRef};
pub use limit::{limited, overran, overran_with};
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
    /// [`ConnectionLost`](crate::ErrorKind::ConnectionLost) where nobody answers, [`Auth`](crate::ErrorKind::Auth),
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
pub struct Done {
    /// How many rows the statement inserted, matched or deleted.
    pub rows_affected: u64,
    /// The numbers the database gave out for an automatic key, where the protocol says so.
    pub numbers: Option<Numbers>,
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

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`ConnectionLost`](crate::ErrorKind::ConnectionLost) where none comes.
    async fn ping(&mut self) -> Result<()>;

    /// Whether a transaction is open, where the driver knows without asking the server.
    fn in_transaction(&self) -> Option<bool> {
        None
    }

    /// Says goodbye to the server.
    async fn close(self: Box<Self>);
}

/// A row that the driver still owns.
pub trait Row {
    /// How many columns it has.
    fn len(&self) -> usize;

    /// Whether it has no columns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a column, for messages.
    fn name(&self, index: usize) -> &str;

    /// The value of a column, to be read as `expected`.
    ///
    /// A database that keeps several of creole's types in one of its own (a UUID in a BLOB, an instant in a DATETIME)
    /// tells them apart by `expected`, and refuses bytes that are not one. It is no request to convert: a value that the
    /// database itself calls something else is handed out as what it is, and the reader refuses it.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where the bytes are not what the column's type says.
    fn value(&self, index: usize, expected: ColumnType) -> Result<ValueRef<'_>>;
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
    /// Hands the present batch over, waiting until there is room for it. `Break` means that nobody wants more.
    fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>>;

    /// The same for a thread that may block.
    fn send_blocking(&mut self) -> ControlFlow<()>;

    /// Comes to its end when nobody wants more rows, for a driver that can break a statement off while it looks for the next
    /// one. Where it never does, the driver learns so when it sends a batch.
    fn unwanted(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

/// Reads a row's columns one after the other.
pub struct RowReader<'r> {
    row: &'r dyn Row,
    next: usize,
    /// Where the columns that are read stand, where that is not one after the other from the first.
    places: Option<&'r [usize]>,
}

impl<'r> RowReader<'r> {
    /// Starts before the first column.
    pub fn new(row: &'r dyn Row) -> RowReader<'r> {
        RowReader { row, next: 0, places: None }
    }

    /// Reads the columns at these places, in this order.
    pub fn at(row: &'r dyn Row, places: &'r [usize]) -> RowReader<'r> {
        RowReader { row, next: 0, places: Some(places) }
    }

    /// How many columns the row has.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether the row has no columns.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// How many columns have been read.
    pub fn position(&self) -> usize {
        self.next
    }

    /// Reads the next column.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), naming the column and both types, where the value does not fit
    /// `T` or the row has no more columns.
    #[inline]
    pub fn read<T: SqlType>(&mut self) -> Result<T> {
        let index = self.next;
        self.next += 1;
        match self.value(index, T::TYPE).and_then(T::from_value) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.locate(error, index)),
        }
    }

    /// The next column's value, to be read as `expected`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), naming the column.
    pub fn read_value(&mut self, expected: ColumnType) -> Result<ValueRef<'r>> {
        let index = self.next;
        self.next += 1;
        self.value(index, expected).map_err(|error| self.locate(error, index))
    }

    /// Whether the column so many places ahead, which holds values of this type, is NULL.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where the row has no such column, or it is not of this type.
    pub fn is_null_at(&self, ahead: usize, expected: ColumnType) -> Result<bool> {
        let index = self.next + ahead;
        self.value(index, expected).map(ValueRef::is_null).map_err(|error| self.locate(error, index))
    }

    /// The value of the column at a place, to be read as `expected`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where the row has no such column, or it is not of this type.
    pub(crate) fn value_at(&self, place: usize, expected: ColumnType) -> Result<ValueRef<'r>> {
        self.value(place, expected)
    }

    /// Passes over so many columns.
    pub fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    #[inline]
    fn value(&self, place: usize, expected: ColumnType) -> Result<ValueRef<'r>> {
        let index = self.index(place);
        if index >= self.row.len() {
            return Err(Error::decode("a column", "a row that has no more of them"));
        }
        self.row.value(index, expected)
    }

    /// Where the column stands that is read at this place; beyond the row where there is none.
    #[inline]
    fn index(&self, place: usize) -> usize {
        match self.places {
            None => place,
            Some(places) => places.get(place).copied().unwrap_or(usize::MAX),
        }
    }

    #[cold]
    fn locate(&self, error: Error, place: usize) -> Error {
        let index = self.index(place);
        if index >= self.row.len() {
            return error;
        }
        error.with_columns([self.row.name(index).to_owned()]).with_position(index)
    }
}

impl fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("len", &self.len()).field("position", &self.position()).finish()
    }
}
