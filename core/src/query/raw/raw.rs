//! [`Raw`]: SQL text of the program's own, with its values bound.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::interpolate::{Bound, Interpolate};
use crate::dialect::Dialect;
use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::{All, Model};
use crate::pool::Access;
use crate::query::expr::Expr;
use crate::query::run::Columns;
use crate::query::run::Decode;
use crate::query::run::{Execute, FromColumns, FromRow, Query};
use crate::query::run::{RowStream, stream};
use crate::query::select::BATCH;
use crate::query::select::Selection;
use crate::schema::Table;
use crate::sql::{self, RawPart};
use crate::types::{SqlType, SqlValue};

/// SQL text of the program's own, with its values bound: what the macro `sql!` makes.
///
/// It is a whole statement, read by [`models`](Raw::models), [`scalars`](Raw::scalars), [`rows`](Raw::rows) or
/// [`read_as`](Raw::read_as), or run for its effect by [`exec`](Execute::exec); or it is a fragment, made an expression by
/// [`expr`](Raw::expr) or put into the braces of another text.
#[derive(Debug, Clone, Default)]
#[must_use = "a statement does nothing until it is run: end it with `.exec(&engine).await`, or another end"]
pub struct Raw {
    tree: sql::Raw,
    timeout: Option<Duration>,
}

impl Raw {
    /// An empty text. The macro `sql!` writes calls to this and what follows.
    pub fn new() -> Raw {
        Raw::default()
    }

    /// A text that the program has from elsewhere: a file of its own, its configuration, another program's output. It is sent
    /// as it is, braces and all; nothing in it is quoted, bound or checked. **Whoever can write into it can do whatever
    /// the database allows**, so nothing of a user's may be part of it: values and names stand in the braces of a `sql!` around
    /// it, or are added by [`part`](Raw::part).
    ///
    /// ```
    /// use creole::query::Raw;
    ///
    /// let report = std::fs::read_to_string("report.sql").unwrap_or_else(|_| "select 1 where 1 < ".into());
    /// let statement = Raw::trusted(report).part(&2_i64);
    /// ```
    pub fn trusted(text: impl Into<String>) -> Raw {
        Raw { tree: sql::Raw { parts: vec![RawPart::Text(Cow::Owned(text.into()))] }, timeout: None }
    }

    /// Adds text that stands in the program's source, and is left alone.
    pub fn text(mut self, text: &'static str) -> Raw {
        self.tree.parts.push(RawPart::Text(Cow::Borrowed(text)));
        self
    }

    /// Adds a value, which is bound, or a part of the tree, which the dialect writes.
    pub fn part<Kind>(mut self, part: &impl Interpolate<Kind>) -> Raw {
        self.tree.parts.push(part.part().bounded());
        self
    }

    /// Adds values with commas between.
    pub fn list<B: SqlValue, I>(mut self, list: I) -> Raw
    where
        I: IntoIterator,
        I::Item: Interpolate<Bound<B>>,
    {
        let parts = list.into_iter().map(|value| value.part());
        // A program's own type may be any part of a text.
        let values = parts.map(|part| match part {
            RawPart::Expr(value) => value,
            RawPart::Raw(raw) => sql::Expr::Raw { raw, ty: B::TYPE },
            part => sql::Expr::Raw { raw: Box::new(sql::Raw { parts: vec![part] }), ty: B::TYPE },
        });
        self.tree.parts.push(RawPart::List { values: values.collect(), ty: B::TYPE });
        self
    }

    /// Reads each row as a model, whose columns are found by their names; others are not looked at.
    pub fn models<M: Model>(self) -> RawQuery<M> {
        let names = M::table().columns.iter().map(|column| column.name).collect();
        RawQuery::new(self, <All<M> as Selection>::decode, Columns::Named(names))
    }

    /// Reads the one column of each row.
    pub fn scalars<T: SqlType>(self) -> RawQuery<T> {
        RawQuery::new(self, T::decode, Columns::Exactly(1))
    }

    /// Reads each row as a tuple of as many columns.
    pub fn rows<T: FromColumns>(self) -> RawQuery<T> {
        RawQuery::new(self, T::decode, Columns::Exactly(T::COUNT))
    }

    /// Reads each row as a struct, whose columns are found by their names; others are not looked at.
    pub fn read_as<T: FromRow>(self) -> RawQuery<T> {
        RawQuery::new(self, T::decode, Columns::Named(T::COLUMNS.to_vec()))
    }

    /// The text as an expression of type `T`, for which the program answers. As a bool it is a condition.
    ///
    /// Its columns must be of tables of the statement around it, or of those that stand in braces in the text.
    pub fn expr<T: SqlType>(self) -> Expr<T> {
        Expr::new(sql::Expr::Raw { raw: Box::new(self.tree), ty: T::TYPE })
    }

    /// How long the text may run as a statement of its own; see [`Select::timeout`](crate::query::Select::timeout). Of a text within
    /// another statement only that statement's limit counts.
    pub fn timeout(mut self, limit: Duration) -> Raw {
        self.timeout = Some(limit);
        self
    }

    pub(super) fn tree(&self) -> &sql::Raw {
        &self.tree
    }
}

impl Execute for Raw {
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        self.tree.compile(dialect).map(|statement| statement.within(self.timeout))
    }

    /// Runs it. The number of rows that were inserted, changed or deleted comes back, which is 0 for a text that only reads:
    /// its rows are read by [`rows`](Raw::rows) and its like.
    ///
    /// # Errors
    /// As [`compile`](Execute::compile), and what the database answers.
    fn exec<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>>
    where
        Self: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let statement = self.compile(db.dialect())?;
            let done = db.connection(Access::Write).await?.execute(&statement).await?;
            Ok(if self.tree.reads() { 0 } else { done.rows_affected })
        })
    }
}

/// A raw statement whose rows are read as `R`.
#[must_use = "a statement does nothing until it is run: end it with `.all(&engine).await`, or another end"]
pub struct RawQuery<R> {
    tree: sql::Raw,
    decode: Decode<R>,
    columns: Columns,
    timeout: Option<Duration>,
}

impl<R> RawQuery<R> {
    fn new(text: Raw, decode: Decode<R>, columns: Columns) -> RawQuery<R> {
        RawQuery { tree: text.tree, decode, columns, timeout: text.timeout }
    }
}

impl<R: Send + 'static> RawQuery<R> {
    /// How long the statement may run; see [`Select::timeout`](crate::query::Select::timeout).
    pub fn timeout(mut self, limit: Duration) -> RawQuery<R> {
        self.timeout = Some(limit);
        self
    }

    /// The rows one after the other, in bounded memory. A stream may be dropped before its end:
    /// see [`RowStream`].
    pub fn stream<'e>(self, db: impl Executor + 'e) -> RowStream<'e, R> {
        stream(self, db, BATCH)
    }

    /// As [`stream`](RawQuery::stream), with so many rows fetched at a time.
    pub fn stream_batches<'e>(self, db: impl Executor + 'e, rows: NonZeroUsize) -> RowStream<'e, R> {
        stream(self, db, rows.get())
    }
}

impl<R: Send + 'static> Query for RawQuery<R> {
    type Row = R;

    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        self.tree.compile(dialect).map(|statement| statement.within(self.timeout))
    }

    fn decode(&self) -> Decode<R> {
        self.decode
    }

    fn columns(&self) -> Columns {
        self.columns.clone()
    }

    fn table(&self) -> Option<&'static Table> {
        None
    }

    fn access(&self) -> Access {
        if self.tree.reads() { Access::Read } else { Access::Write }
    }
}

impl<R> Clone for RawQuery<R> {
    fn clone(&self) -> RawQuery<R> {
        RawQuery { tree: self.tree.clone(), decode: self.decode, columns: self.columns.clone(), timeout: self.timeout }
    }
}

impl<R> std::fmt::Debug for RawQuery<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tree.fmt(f)
    }
}
