//! [`Alias`]: a model's table in a statement, perhaps under another name.

use std::fmt;
use std::marker::PhantomData;

use super::join::JoinOn;
use super::selection::{AllOf, OptionalOf};
use crate::model::{Column, Model};
use crate::query::expr::{Condition, Expr};
use crate::sql::{self, ColumnRef, Source, TableRef};
use crate::types::{Nullability, Nullable, SqlType};

/// A model's table in a statement.
pub struct Alias<M> {
    pub(in crate::query) table: TableRef,
    of: PhantomData<fn() -> M>,
}

/// A model's table under its own name, to be joined: `join(table::<Order>())` finds the foreign key by itself,
/// `join(table::<Order>().on(…))` has any condition.
pub fn table<M: Model>() -> Alias<M> {
    Alias { table: TableRef::new(M::table()), of: PhantomData }
}

/// A model's table under another name, so that it can stand in a statement twice.
pub fn alias<M: Model>(name: &'static str) -> Alias<M> {
    Alias { table: TableRef { table: M::table(), alias: Some(name) }, of: PhantomData }
}

impl<M: Model> Alias<M> {
    /// A column of it.
    pub fn col<T: SqlType>(self, column: Column<M, T>) -> Expr<T> {
        Expr::new(sql::Expr::Column(ColumnRef { table: self.table, index: column.index() }))
    }

    /// Every column of it, read as the model.
    pub fn all(self) -> AllOf<M> {
        AllOf::new(self.table)
    }

    /// As [`all`](Alias::all), where an outer join may leave it without a row.
    pub fn optional(self) -> OptionalOf<M> {
        OptionalOf::new(self.table)
    }

    /// Joined where this holds.
    pub fn on(self, condition: impl Condition) -> JoinOn {
        JoinOn { source: Source::Table(self.table), on: Some(condition.condition()) }
    }

    /// Joined with every row.
    pub fn cross(self) -> JoinOn {
        JoinOn { source: Source::Table(self.table), on: None }
    }
}

impl<M: Model, T: SqlType> Column<M, T> {
    /// The column, where an outer join may leave its table without a row.
    pub fn optional(self) -> Expr<<Nullable as Nullability>::Sql<T::Base>> {
        Expr::new(sql::Expr::Column(self.column_ref()))
    }
}

impl<T: SqlType> Expr<T> {
    /// The expression, where an outer join may leave its table without a row.
    pub fn optional(self) -> Expr<<Nullable as Nullability>::Sql<T::Base>> {
        Expr::new(self.into_node())
    }
}

impl<M> Clone for Alias<M> {
    fn clone(&self) -> Alias<M> {
        *self
    }
}

impl<M> Copy for Alias<M> {}

impl<M> fmt::Debug for Alias<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({})", self.table.name())
    }
}
