//! The clauses of a SELECT that may be added after `with`: they are about its rows, and not about what belongs to them.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::rows_of::OneRowEach;
use super::with::With;
use crate::error::Result;
use crate::exec::Executor;
use crate::model::Model;
use crate::query::expr::Condition;
use crate::query::select::{Cursor, JoinTarget, KeyOrder, OrderBy, Select};

impl<R: Send + 'static, L> With<R, L> {
    /// The same relations of the rows that a SELECT made of this one has.
    fn of(self, clause: impl FnOnce(Select<R>) -> Select<R>) -> With<R, L> {
        With { select: clause(self.select), each: self.each }
    }

    /// As [`Select::filter`].
    pub fn filter(self, condition: impl Condition) -> With<R, L> {
        self.of(|select| select.filter(condition))
    }

    /// As [`Select::filter_some`].
    pub fn filter_some<V, C: Condition>(self, value: Option<V>, condition: impl FnOnce(V) -> C) -> With<R, L> {
        self.of(|select| select.filter_some(value, condition))
    }

    /// As [`Select::join`]. A row that is joined with several comes several times, each time with all that belongs to it.
    pub fn join(self, target: impl JoinTarget) -> With<R, L> {
        self.of(|select| select.join(target))
    }

    /// As [`Select::with_deleted`]: of what belongs to the rows, each relation says it by itself.
    pub fn with_deleted(self) -> With<R, L> {
        self.of(Select::with_deleted)
    }

    /// As [`Select::only_deleted`].
    pub fn only_deleted(self) -> With<R, L> {
        self.of(Select::only_deleted)
    }

    /// As [`Select::distinct`].
    pub fn distinct(self) -> With<R, L> {
        self.of(Select::distinct)
    }

    /// As [`Select::order_by`].
    pub fn order_by(self, order: impl OrderBy) -> With<R, L> {
        self.of(|select| select.order_by(order))
    }

    /// As [`Select::limit`].
    pub fn limit(self, rows: u64) -> With<R, L> {
        self.of(|select| select.limit(rows))
    }

    /// As [`Select::offset`].
    pub fn offset(self, rows: u64) -> With<R, L> {
        self.of(|select| select.offset(rows))
    }

    /// As [`Select::for_update`]: the rows of the SELECT are locked, and not what belongs to them.
    pub fn for_update(self) -> With<R, L> {
        self.of(Select::for_update)
    }

    /// As [`Select::for_share`]: the rows of the SELECT are locked, and not what belongs to them.
    pub fn for_share(self) -> With<R, L> {
        self.of(Select::for_share)
    }

    /// As [`Select::timeout`], for each of the statements.
    pub fn timeout(self, limit: Duration) -> With<R, L> {
        self.of(|select| select.timeout(limit))
    }

    /// As [`Select::count`]: how many rows the SELECT has.
    ///
    /// # Errors
    /// As [`Query::all`](crate::query::Query::all).
    #[track_caller]
    pub fn count<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<u64>> {
        self.select.count(db)
    }

    /// As [`Select::exists`]: whether the SELECT has any rows.
    ///
    /// # Errors
    /// As [`Query::all`](crate::query::Query::all).
    #[track_caller]
    pub fn exists<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<bool>> {
        self.select.exists(db)
    }
}

impl<R: OneRowEach, L> With<R, L> {
    /// As [`Select::first_page`].
    pub fn first_page(mut self) -> With<R, L> {
        KeyOrder::sort(self.select.tree_mut(), R::Model::table());
        self
    }

    /// As [`Select::page_after`].
    pub fn page_after(mut self, cursor: &Cursor) -> With<R, L> {
        KeyOrder::start_after(self.select.tree_mut(), R::Model::table(), cursor);
        self
    }

    /// As [`Select::cursor_from`].
    ///
    /// # Errors
    /// As [`Select::cursor_from`].
    pub fn cursor_from(&self, token: &str) -> Result<Cursor> {
        KeyOrder::of(self.select.tree(), R::Model::table())?.parse(token)
    }
}

impl<M: Model, L> With<M, L> {
    /// As [`Select::cursor`].
    ///
    /// # Errors
    /// As [`Select::cursor`].
    pub fn cursor(&self, row: &M) -> Result<Cursor> {
        self.select.cursor(row)
    }
}
