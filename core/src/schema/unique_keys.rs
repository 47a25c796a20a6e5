//! The keys of a table by which its rows are told apart.

use std::borrow::Cow;

use super::Table;
use crate::sql::Expr;

/// The primary key, a unique key or a unique index of columns.
#[derive(Debug, Clone)]
pub(crate) struct TableKey {
    /// Its name in the database.
    pub(crate) name: Cow<'static, str>,
    /// Its columns, by their index in the table.
    pub(crate) columns: Vec<u16>,
    /// Which rows it is about, where that is not all of them.
    pub(crate) filter: Option<fn() -> Expr>,
}

impl TableKey {
    /// Whether it is of these columns, in whatever order.
    pub(crate) fn is_of(&self, columns: &[u16]) -> bool {
        self.columns.len() == columns.len() && self.columns.iter().all(|column| columns.contains(column))
    }

    /// Which rows it is about, by the columns of its model.
    pub(crate) fn condition(&self, table: &'static Table) -> Option<Expr> {
        self.filter.map(|filter| filter().of_model(table))
    }
}

impl Table {
    /// The keys of columns, the primary key first. Unique indexes of expressions are not among them.
    pub(crate) fn keys(&self) -> Vec<TableKey> {
        let primary = TableKey { name: self.primary_key_name(), columns: self.primary_key.to_vec(), filter: None };
        let uniques = self.uniques.iter().map(|key| TableKey {
            name: key.name(self),
            columns: key.columns.to_vec(),
            filter: None,
        });
        let is_of_columns = |index: &&super::Index| index.unique && index.columns().len() == index.parts.len();
        let indexes = self.indexes.iter().filter(is_of_columns).map(|index| TableKey {
            name: index.name(self),
            columns: index.columns(),
            filter: index.filter,
        });
        std::iter::once(primary).chain(uniques).chain(indexes).collect()
    }

    /// Whether the model declares the unique key of this constraint name or these columns. Where neither is known, it may.
    pub(crate) fn may_declare(&self, constraint: Option<&str>, columns: &[&str]) -> bool {
        let keys = self.keys();
        let is_named = |name: &str| constraint == Some(name);
        keys.iter().any(|key| is_named(&key.name) || self.column_names(&key.columns) == columns)
            || self.indexes.iter().any(|index| index.unique && is_named(&index.name(self)))
            || (constraint.is_none() && columns.is_empty())
    }

    /// Whether a unique index computes its values: only the database knows which rows have the same.
    pub(crate) fn has_unique_expressions(&self) -> bool {
        self.indexes.iter().any(|index| index.unique && index.columns().len() < index.parts.len())
    }

    /// The keys of all rows but the one of these columns.
    pub(crate) fn other_keys(&self, columns: &[u16]) -> Vec<TableKey> {
        self.keys().into_iter().filter(|key| key.filter.is_none() && !key.is_of(columns)).collect()
    }
}
