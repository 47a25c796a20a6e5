//! [`Select`].

use std::fmt;
use std::num::NonZeroUsize;

use futures_core::future::BoxFuture;

use super::query::Decode;
use super::stream::{RowStream, stream};
use super::{Condition, GroupBy, OrderBy, Query, Selection};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::model::Model;
use crate::pool::Access;
use crate::schema::Table;
use crate::session::{Executor, Session, Tracked};
use crate::sql::{self, Count, Repeats, TableRef};
use crate::types::SqlType;

/// Selects columns, expressions and whole models; a tuple of them is read as a tuple.
///
/// Rows come from the table of the first column, or from the one that [`from`](Select::from) names.
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`, or another end"]
pub fn select<S: Selection>(selection: S) -> Select<S::Row> {
    let mut items = Vec::new();
    selection.items(&mut items);
    Select { tree: sql::Select::of(items), decode: S::decode }
}

/// A SELECT whose rows are read as `R`.
pub struct Select<R> {
    tree: sql::Select,
    decode: Decode<R>,
}

impl<M: Model> Select<M> {
    /// Every row of a model's table.
    pub fn all_of_model() -> Select<M> {
        Select { tree: sql::Select::all_of(TableRef::new(M::table())), decode: M::decode }
    }

    /// Runs it on a session and tracks what it finds; a row that the session knows already is the entity it knows.
    ///
    /// # Errors
    /// As [`all`](Query::all).
    pub fn track(self, session: &mut Session) -> BoxFuture<'_, Result<Vec<Tracked<M>>>> {
        Box::pin(async move {
            let models = self.all(&mut *session).await?;
            models.into_iter().map(|model| session.merge(model)).collect()
        })
    }
}

impl<R: Send + 'static> Select<R> {
    /// Only rows for which this holds. Several filters must all hold.
    pub fn filter(mut self, condition: impl Condition) -> Select<R> {
        self.tree.add_filter(condition.condition());
        self
    }

    /// Only rows for which `condition` holds, where there is a value to make it from; else as it was.
    pub fn filter_some<V, C: Condition>(self, value: Option<V>, condition: impl FnOnce(V) -> C) -> Select<R> {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }

    /// Rows come from this model's table.
    pub fn from<M: Model>(mut self) -> Select<R> {
        self.tree.from = Some(TableRef::new(M::table()));
        self
    }

    /// Rows that are equal in everything selected count once.
    pub fn distinct(mut self) -> Select<R> {
        self.tree.repeats = Repeats::Dropped;
        self
    }

    /// One row for each group of rows that are equal in these, after any groups given before.
    pub fn group_by(mut self, groups: impl GroupBy) -> Select<R> {
        groups.groups(&mut self.tree.group_by);
        self
    }

    /// Only groups for which this holds. Several conditions must all hold.
    pub fn having(mut self, condition: impl Condition) -> Select<R> {
        self.tree.add_having(condition.condition());
        self
    }

    /// In this order, after any order given before. NULLs stand last going up and first going down.
    pub fn order_by(mut self, order: impl OrderBy) -> Select<R> {
        order.terms(&mut self.tree.order_by);
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Select<R> {
        self.tree.limit.limit = Some(Count::Bound(rows));
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u64) -> Select<R> {
        self.tree.limit.offset = Some(rows);
        self
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// As [`all`](Query::all).
    pub fn count<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>> {
        Numbers { tree: self.tree, end: End::Count }.fetch_number(db)
    }

    /// Whether there is any row.
    ///
    /// # Errors
    /// As [`all`](Query::all).
    pub fn exists<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<bool>> {
        let number = Numbers { tree: self.tree, end: End::Exists }.first(db);
        Box::pin(async move { Ok(number.await?.is_some()) })
    }

    /// The rows one after the other, in bounded memory. Dropping the stream half-way is safe.
    pub fn stream<'e>(self, db: impl Executor + 'e) -> RowStream<'e, R> {
        stream(self, db, BATCH)
    }

    /// As [`stream`](Select::stream), with so many rows fetched at a time.
    pub fn stream_batches<'e>(self, db: impl Executor + 'e, rows: NonZeroUsize) -> RowStream<'e, R> {
        stream(self, db, rows.get())
    }
}

/// How many rows a stream fetches at a time.
const BATCH: usize = 256;

impl<R: Send + 'static> Query for Select<R> {
    type Row = R;

    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        self.tree.compile(dialect)
    }

    fn decode(&self) -> Decode<R> {
        self.decode
    }

    fn table(&self) -> Option<&'static Table> {
        self.tree.table()
    }

    fn at_most(mut self, rows: u64) -> Select<R> {
        self.tree.limit.at_most(rows);
        self
    }
}

impl<R> Clone for Select<R> {
    fn clone(&self) -> Select<R> {
        Select { tree: self.tree.clone(), decode: self.decode }
    }
}

impl<R> fmt::Debug for Select<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

/// A SELECT of which only a number is wanted.
struct Numbers {
    tree: sql::Select,
    end: End,
}

enum End {
    Count,
    Exists,
}

impl Numbers {
    fn fetch_number<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>> {
        let count = self.one(db);
        Box::pin(async move { Ok(u64::try_from(count.await?).unwrap_or_default()) })
    }
}

impl Query for Numbers {
    type Row = i64;

    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        match self.end {
            End::Count => self.tree.compile_count(dialect),
            End::Exists => self.tree.compile_exists(dialect),
        }
    }

    fn decode(&self) -> Decode<i64> {
        <i64 as SqlType>::decode
    }

    fn table(&self) -> Option<&'static Table> {
        self.tree.table()
    }

    fn access(&self) -> Access {
        Access::Read
    }
}
