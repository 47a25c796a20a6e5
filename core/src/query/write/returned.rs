//! An UPDATE or DELETE that returns the rows it wrote.

use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::atomic::Atomic;
use super::batch_size::keys_per_statement;
use super::change::Change;
use super::target::{Rows, check_rows};
use super::update::check_update;
use crate::dialect::Dialect;
use crate::driver::{Compiled, Row, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Handle;
use crate::pool::{Access, Link};
use crate::query::run::Decode;
use crate::query::run::Query;
use crate::schema::Table;
use crate::sql::{self, Destination, Item, key_items, key_types, select_keys};
use crate::types::{ColumnType, Value};

/// An UPDATE or DELETE that returns the rows it wrote, in no particular order.
///
/// Where the database can't return them, the rows are locked and then written and read by their keys, in one transaction.
///
/// The statement writes all its rows, however many are wanted of it: where [`one`](Query::one) or
/// [`optional`](Query::optional) is an error because there were more, they are written all the same. In a transaction, roll
/// it back.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Returned;
///
/// let paid: Returned<i64> = update::<Order>().set(Order::paid, true).all_rows().returning_of(Order::id);
/// assert_eq!(paid.all(&engine).await?.len(), 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`"]
pub struct Returned<R> {
    change: Change,
    rows: Rows,
    timeout: Option<Duration>,
    decode: Decode<R>,
    /// What the first SELECT finds where the rows are not returned: the keys, and of rows that will be gone also what is
    /// returned, before them.
    first: Vec<Item>,
}

impl<R> Returned<R> {
    pub(super) fn new(change: Change, rows: Rows, timeout: Option<Duration>, decode: Decode<R>) -> Returned<R> {
        let mut first = match &change {
            Change::Update(_) | Change::Mark(_) => Vec::new(),
            Change::Delete(delete) => delete.returning().to_vec(),
        };
        first.extend(key_items(change.table()));
        Returned { change, rows, timeout, decode, first }
    }

    /// Limits how long the statement may run; see [`Update::timeout`](super::Update::timeout). Where the rows are locked, written
    /// and read, each of the statements has the whole limit.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use std::time::Duration;
    ///
    /// let gone = delete::<Order>().all_rows().returning().timeout(Duration::from_secs(5)).all(&engine).await?;
    /// assert_eq!(gone.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Returned<R> {
        self.timeout = Some(limit);
        self
    }

    /// Runs it in steps and returns the number of rows.
    pub(super) async fn count(&self, db: &mut Handle<'_>) -> Result<u64> {
        let mut link = db.connection(Access::Write).await?;
        let atomic = Atomic::begin_undoable(&mut link).await?;
        let result = self.in_steps(&mut link, &mut Nowhere).await;
        let rows = atomic.end(&mut link, result).await?;
        Ok(rows as u64)
    }

    fn check(&self) -> Result<()> {
        match &self.change {
            Change::Update(update) => check_update(update, self.rows),
            Change::Mark(_) | Change::Delete(_) => check_rows("delete", self.rows, self.change.target()),
        }
    }

    /// The statements that it takes where the rows are not returned, for one row, with semicolons between.
    pub(super) fn steps(&self, dialect: &dyn Dialect) -> Result<String> {
        let first = self.compile_first(dialect)?.sql;
        // No value of a key is NULL, so any that is not stands for it.
        let table = self.change.table();
        let keys = [vec![Value::Bool(true); table.primary_key.len()]];
        Ok(match &self.change {
            Change::Update(update) | Change::Mark(update) => {
                let select = self.select_again(&keys);
                format!("{first};\n{};\n{}", update.of_keys(&keys).compile(dialect)?.sql, select.compile(dialect)?.sql)
            }
            Change::Delete(_) => format!("{first};\n{}", sql::Delete::of_keys(table, &keys).compile(dialect)?.sql),
        })
    }

    /// The statement that finds and locks the rows, where they are not returned.
    /// What is returned of the rows with these keys, after they were written.
    fn select_again(&self, keys: &[Vec<Value>]) -> sql::Select {
        let rows = self.change.target();
        select_keys(rows.table(), keys, self.change.returning().to_vec(), rows.deleted().found_again())
    }

    fn compile_first<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        self.check()?;
        let to = to.into();
        let statement = match &self.change {
            Change::Update(update) if update.changes_key() => {
                let way_out = "update them without `returning`, and select them by their new keys";
                let what = format!("returning rows of {} whose primary key is changed", self.change.table());
                return Err(Error::unsupported(to.dialect().name(), &what, way_out));
            }
            Change::Update(update) | Change::Mark(update) => update.compile_keys(to, &self.first),
            Change::Delete(delete) => delete.compile_rows(to, &self.first),
        }?;
        Ok(statement.within(self.timeout))
    }

    /// Runs it in steps, within a transaction, and returns the number of rows.
    async fn in_steps(&self, link: &mut Link, sink: &mut dyn RowSink) -> Result<usize> {
        let dialect = link.dialect();
        let most = keys_per_statement(dialect.capabilities(), self.change.table().primary_key.len());
        match &self.change {
            Change::Update(update) | Change::Mark(update) => {
                let keys = self.lock(link, &mut Nowhere, 0).await?;
                self.update_by_key(link, update, &keys).await?;
                for keys in keys.chunks(most) {
                    let select = self.select_again(keys);
                    link.fetch(&select.compile(link.destination())?.within(self.timeout), &mut Every(sink)).await?;
                }
                Ok(keys.len())
            }
            Change::Delete(delete) => {
                let returned = delete.returning().iter().map(Item::columns).sum();
                let keys = self.lock(link, sink, returned).await?;
                for keys in keys.chunks(most) {
                    let delete = sql::Delete::of_keys(delete.target().table(), keys);
                    link.execute(&delete.compile(link.destination())?.within(self.timeout)).await?;
                }
                Ok(keys.len())
            }
        }
    }

    /// Locks the rows and returns their keys, which stand after that many columns.
    async fn lock(&self, link: &mut Link, sink: &mut dyn RowSink, columns: usize) -> Result<Vec<Vec<Value>>> {
        let types = key_types(self.change.table());
        let mut sink = Keys { sink, columns, types, keys: Vec::new() };
        link.fetch(&self.compile_first(link.destination())?, &mut sink).await?;
        Ok(sink.keys)
    }

    /// Writes the rows that are locked. Values that are not made from their rows alone must all be made at once, because the
    /// next statement would see what this one wrote.
    async fn update_by_key(&self, link: &mut Link, update: &sql::Update, keys: &[Vec<Value>]) -> Result<()> {
        let dialect = link.dialect();
        let most = match update.is_row_by_row() {
            true => keys_per_statement(dialect.capabilities(), update.target().table().primary_key.len()),
            false => usize::MAX,
        };
        let mut written = 0;
        for keys in keys.chunks(most) {
            let update = update.of_keys(keys);
            written += link.execute(&update.compile(link.destination())?.within(self.timeout)).await?.rows_affected;
        }
        if written == keys.len() as u64 {
            return Ok(());
        }
        let message = "what the rows were joined with has changed since they were locked: try again";
        let error = Error::new(ErrorKind::SerializationFailure, message).on(dialect.name());
        Err(error.with_table(update.target().table().name))
    }
}

impl<R> Returned<R> {
    /// Whether the rows are gone once it has run.
    pub(crate) fn deletes(&self) -> bool {
        matches!(self.change, Change::Delete(_) | Change::Mark(_))
    }
}

impl Returned<()> {
    /// A DELETE of which only the number of rows is wanted.
    pub(super) fn uncollected(change: Change, rows: Rows, timeout: Option<Duration>) -> Returned<()> {
        Returned::new(change, rows, timeout, |_| Ok(()))
    }

    /// Locks the rows and returns their number.
    pub(super) async fn count_locked(&self, link: &mut Link) -> Result<usize> {
        self.lock(link, &mut Nowhere, 0).await.map(|keys| keys.len())
    }
}

impl<R: Send + 'static> Query for Returned<R> {
    type Row = R;

    /// On a dialect that does not return the rows, the first of the statements, which locks them.
    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> Result<Compiled<'q>> {
        let to = to.into();
        if !self.change.is_native(to.dialect()) {
            return self.compile_first(to);
        }
        self.check()?;
        Ok(self.change.compile(to)?.within(self.timeout))
    }

    /// On a dialect that does not return the rows, all the statements, for one row, with semicolons between.
    fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        if self.change.is_native(dialect) {
            return self.compile(dialect).map(|statement| String::from(&*statement.sql));
        }
        self.steps(dialect)
    }

    fn decode(&self) -> Decode<R> {
        self.decode
    }

    fn table(&self) -> Option<&'static Table> {
        Some(self.change.table())
    }

    fn access(&self) -> Access {
        Access::Write
    }

    fn run<'r>(&'r self, db: &'r mut Handle<'_>, sink: &'r mut dyn RowSink) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let dialect = db.dialect();
            let mut link = db.connection(Access::Write).await?;
            if self.change.is_native(dialect) {
                let statement = self.compile(link.destination())?;
                return link.fetch(&statement, &mut Every(sink)).await;
            }
            let atomic = Atomic::begin_undoable(&mut link).await?;
            let result = self.in_steps(&mut link, sink).await;
            atomic.end(&mut link, result).await.map(|_| ())
        })
    }
}

impl<R> Clone for Returned<R> {
    fn clone(&self) -> Returned<R> {
        Returned { change: self.change.clone(), first: self.first.clone(), ..*self }
    }
}

impl<R> fmt::Debug for Returned<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.change.fmt(f)
    }
}

/// Shows a sink every row, so that no driver takes the first for enough: the statement must run to its end.
struct Every<'s>(&'s mut dyn RowSink);

impl RowSink for Every<'_> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        self.0.row(row).map(|_| ControlFlow::Continue(()))
    }
}

/// Takes no rows.
struct Nowhere;

impl RowSink for Nowhere {
    fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
        Ok(ControlFlow::Continue(()))
    }
}

/// Keeps the keys of rows that go on to another sink.
struct Keys<'s> {
    sink: &'s mut dyn RowSink,
    /// How many columns stand before the key.
    columns: usize,
    types: Vec<ColumnType>,
    keys: Vec<Vec<Value>>,
}

impl RowSink for Keys<'_> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut reader = RowReader::new(row);
        reader.skip(self.columns);
        let key = self.types.iter().map(|&ty| reader.read_value(ty).map(|value| value.to_owned()));
        self.keys.push(key.collect::<Result<_>>()?);
        self.sink.row(row).map(|_| ControlFlow::Continue(()))
    }
}
