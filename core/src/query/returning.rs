//! An INSERT that returns what it wrote.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::query::Decode;
use super::{Execute, Insert, Query};
use crate::dialect::{Dialect, Support, TxOptions};
use crate::driver::{Compiled, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Key, Model};
use crate::pool::{Access, Link};
use crate::schema::Table;
use crate::session::Handle;
use crate::sql;
use crate::types::Value;

/// An INSERT that returns the row as the database has it.
///
/// Where the database has no RETURNING, the row is inserted and then read by its key, in one transaction.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.one(&engine).await`"]
pub struct Returning<'a, M> {
    insert: Insert<'a, M>,
    /// The same with a RETURNING clause.
    returning: sql::Insert,
}

impl<'a, M: Model> Returning<'a, M> {
    pub(super) fn new(insert: Insert<'a, M>) -> Returning<'a, M> {
        let places = 0..u16::try_from(M::table().columns.len()).unwrap_or(u16::MAX);
        let returning = sql::Insert { returning: places.collect(), ..insert.tree.clone() };
        Returning { insert, returning }
    }

    /// The statement may run for so long. One that runs longer is ended in the database too, and its error is
    /// [`StatementTimeout`](crate::ErrorKind::StatementTimeout). The database has then not changed anything, unless the
    /// error says that nobody knows.
    ///
    /// The time is the statement's own; waiting for a connection has a limit of its own,
    /// [`PoolOptions::acquire_timeout`](crate::pool::PoolOptions::acquire_timeout). What has no time left is not sent.
    /// Where the row is inserted and then read, each of the two has the whole limit.
    pub fn timeout(mut self, limit: Duration) -> Returning<'a, M> {
        self.insert.timeout = Some(limit);
        self
    }

    /// Inserts the row and reads it back by its key.
    async fn insert_then_select(&self, link: &mut Link, sink: &mut dyn RowSink) -> Result<()> {
        let dialect = link.dialect();
        let done = link.execute(&self.insert.compile(dialect)?).await?;
        let made = done.numbers.map(|numbers| numbers.first);
        if made.is_none() && self.leaves_key_to_database() {
            return Err(Error::new(ErrorKind::Other, "the database did not report the key it made"));
        }
        let select = self.select(made);
        link.fetch(&select.compile(dialect)?.within(self.insert.timeout), sink).await
    }

    fn leaves_key_to_database(&self) -> bool {
        M::table().auto_column().is_some_and(|column| !self.insert.tree.columns.contains(&column))
    }

    /// The inserted row by its key: the one it was given, or the one that the database made.
    fn select(&self, made: Option<i64>) -> sql::Select {
        let table = M::table();
        let mut select = sql::Select::all_of(sql::TableRef::new(table));
        let key = self.insert.source.0.key();
        for (place, &column) in table.primary_key.iter().enumerate() {
            let is_given = self.insert.tree.columns.contains(&column);
            let value = match made {
                Some(id) if !is_given => Value::I64(id),
                _ => key.value(place).to_owned(),
            };
            select.add_filter(sql::Expr::column_equals(table, column, value));
        }
        select
    }
}

fn returns_rows(dialect: &dyn Dialect) -> bool {
    dialect.capabilities().insert_returning == Support::Native
}

impl<M: Model> Query for Returning<'_, M> {
    type Row = M;

    /// On a dialect without RETURNING the INSERT alone, which is the first of two statements.
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        let tree = if returns_rows(dialect) { &self.returning } else { &self.insert.tree };
        tree.compile(dialect, &self.insert.source).map(|statement| statement.within(self.insert.timeout))
    }

    /// On a dialect without RETURNING both statements, with a semicolon between.
    fn sql(&self, dialect: &dyn Dialect) -> Result<String> {
        let insert = self.compile(dialect)?.sql;
        if returns_rows(dialect) {
            return Ok(String::from(&*insert));
        }
        let select = self.select(None);
        Ok(format!("{insert};\n{}", select.compile(dialect)?.sql))
    }

    fn decode(&self) -> Decode<M> {
        M::decode
    }

    fn table(&self) -> Option<&'static Table> {
        Some(M::table())
    }

    fn access(&self) -> Access {
        Access::Write
    }

    fn run<'r>(&'r self, db: &'r mut Handle<'_>, sink: &'r mut dyn RowSink) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let dialect = db.dialect();
            let mut link = db.connection(Access::Write).await?;
            if returns_rows(dialect) {
                return link.fetch(&self.compile(dialect)?, sink).await;
            }
            if link.is_in_transaction() {
                return self.insert_then_select(&mut link, sink).await;
            }
            link.begin(&TxOptions::default()).await?;
            match self.insert_then_select(&mut link, sink).await {
                Ok(()) => link.commit().await,
                Err(error) => {
                    link.rollback().await;
                    Err(error)
                }
            }
        })
    }
}
