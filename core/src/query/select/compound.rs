//! The rows of several SELECTs put together.

use super::select::Select;
use crate::sql::{Repeats, SetOp};

impl<R: Send + 'static> Select<R> {
    /// The rows of either SELECT; equal ones count once.
    pub fn union(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Union, Repeats::Dropped, other)
    }

    /// The rows of either SELECT.
    pub fn union_all(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Union, Repeats::Kept, other)
    }

    /// The rows of both SELECTs; equal ones count once.
    pub fn intersect(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Intersect, Repeats::Dropped, other)
    }

    /// The rows of both SELECTs; one that occurs several times in both, as often as in the one where it is rarer. SQLite has
    /// no such operator.
    pub fn intersect_all(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Intersect, Repeats::Kept, other)
    }

    /// The rows of this SELECT that the other has not; equal ones count once.
    pub fn except(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Except, Repeats::Dropped, other)
    }

    /// The rows of this SELECT without those of the other, as often as they occur. SQLite has no such operator.
    pub fn except_all(self, other: Select<R>) -> Select<R> {
        self.combined(SetOp::Except, Repeats::Kept, other)
    }
}
