//! Indexes of a table.

use std::borrow::Cow;

use super::{Table, names};
use crate::sql::{Direction, Expr, OrderTerm};

/// An index.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "orders", index(user_id, day))]
/// struct Order {
///     #[model(primary_key)]
///     id: i64,
///     user_id: i64,
///     day: NaiveDate,
/// }
///
/// let index = &Order::table().indexes[0];
/// assert_eq!((&*index.name(Order::table()), index.unique), ("ix_orders_user_id_day", false));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Index {
    /// Its name where the model gives one; else it is made from the table and the columns.
    pub name: Option<&'static str>,
    /// Whether it holds no value twice.
    pub unique: bool,
    /// What it is sorted by, the most important first.
    pub parts: &'static [IndexPart],
    /// Which rows are in it; all of them where there is no condition. A function, because a condition is built from columns.
    pub filter: Option<fn() -> Expr>,
}

/// One of the things that an index is sorted by.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum IndexPart {
    /// A column, by its index in the table.
    Column(u16, Direction),
    /// An expression over the row. A function, because an expression is built from columns; it is built once.
    Expr(fn() -> &'static OrderTerm),
}

impl Index {
    /// An index over all rows that is not unique and named after its columns.
    pub const fn new(parts: &'static [IndexPart]) -> Index {
        Index { name: None, unique: false, parts, filter: None }
    }

    /// The same with a name.
    pub const fn named(mut self, name: &'static str) -> Index {
        self.name = Some(name);
        self
    }

    /// The same, holding no value twice.
    pub const fn unique(mut self) -> Index {
        self.unique = true;
        self
    }

    /// The same over the rows for which this holds.
    pub const fn filter(mut self, condition: fn() -> Expr) -> Index {
        self.filter = Some(condition);
        self
    }

    /// The name in the database.
    pub fn name(&self, table: &Table) -> Cow<'static, str> {
        let prefix = if self.unique { "ux" } else { "ix" };
        self.name.map_or_else(|| names::of_columns(prefix, table, &self.columns()), Cow::Borrowed)
    }

    /// The columns it is over, by their index in the table; those within expressions are not among them.
    pub fn columns(&self) -> Vec<u16> {
        self.parts.iter().filter_map(|part| part.column_place()).collect()
    }
}

impl IndexPart {
    /// A column, the smallest value first.
    pub const fn column(place: u16) -> IndexPart {
        IndexPart::Column(place, Direction::Ascending)
    }

    /// The column's index in the table; `None` for an expression.
    pub fn column_place(&self) -> Option<u16> {
        match self {
            IndexPart::Column(place, _) => Some(*place),
            IndexPart::Expr(_) => None,
        }
    }
}
