//! An INSERT that returns what it wrote.

use futures_core::future::BoxFuture;

use super::query::Decode;
use super::{Insert, Query};
use crate::dialect::{Dialect, Support, TxOptions};
use crate::driver::{Compiled, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Key, Model};
use crate::pool::{Access, Link};
use crate::schema::Table;
use crate::session::Handle;
use crate::sql;
use crate::types::ValueRef;

/// An INSERT that returns the row as the database has it.
///
/// Where the database has no RETURNING, the row is inserted and then read by its key, in one transaction.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until it is run: end it with `.one(&engine).await`"]
pub struct Returning<'a, M> {
    insert: Insert<'a, M>,
}

impl<'a, M: Model> Returning<'a, M> {
    pub(super) fn new(mut insert: Insert<'a, M>) -> Returning<'a, M> {
        let places = 0..u16::try_from(M::table().columns.len()).unwrap_or(u16::MAX);
        insert.tree.returning = places.collect();
        Returning { insert }
    }

    /// Inserts the row and reads it back by its key.
    async fn insert_then_select(&self, link: &mut Link, sink: &mut dyn RowSink) -> Result<()> {
        let dialect = link.dialect();
        let mut plain = self.insert.tree.clone();
        plain.returning.clear();
        let statement = plain.compile(dialect, &self.insert.source)?;
        let done = link.execute(&statement).await?;
        let table = M::table();
        let mut select = sql::Select::all_of(sql::TableRef::new(table));
        let key = self.insert.source.0.key();
        for (&column, given) in table.primary_key.iter().zip(key.values()) {
            let is_given = plain.columns.contains(&column);
            let value = if is_given { given.to_owned() } else { made(done.first_id)?.to_owned() };
            select.add_filter(sql::Expr::column_equals(table, column, value));
        }
        link.fetch(&select.compile(dialect)?, sink).await
    }
}

impl<M: Model> Query for Returning<'_, M> {
    type Row = M;

    /// On a dialect without RETURNING the INSERT alone, which is the first of two statements.
    fn compile<'q>(&'q self, dialect: &'q dyn Dialect) -> Result<Compiled<'q>> {
        self.insert.compile(dialect)
    }

    fn decode(&self) -> Decode<M> {
        M::decode
    }

    fn table(&self) -> &'static Table {
        M::table()
    }

    fn access(&self) -> Access {
        Access::Write
    }

    fn run<'r>(&'r self, db: &'r mut Handle<'_>, sink: &'r mut dyn RowSink) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let dialect = db.dialect();
            let mut link = db.connection(Access::Write).await?;
            if dialect.capabilities().insert_returning == Support::Native {
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

/// The key that the database made.
fn made(first_id: Option<i64>) -> Result<ValueRef<'static>> {
    let id = first_id.ok_or_else(|| Error::new(ErrorKind::Other, "the database did not report the key it made"))?;
    Ok(ValueRef::I64(id))
}
