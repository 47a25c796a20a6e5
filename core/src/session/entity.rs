//! An entity as the session keeps it: a model's value whose type is forgotten, and what is known of its row.

use std::any::Any;

use super::identity_map::Keys;
use super::undo::Undo;
use crate::error::Result;
use crate::model::Model;
use crate::schema::Table;
use crate::sql::Expr;
use crate::types::{Value, ValueRef};

/// A value of some model.
pub(super) trait Entity: Any + Send + Sync {
    fn table(&self) -> &'static Table;
    fn value(&self, column: u16) -> ValueRef<'_>;
    fn assign(&mut self, column: u16, value: ValueRef<'_>) -> Result<()>;
    /// Enters the entity into its model's key index.
    fn enter(&self, keys: &mut Keys, slot: usize);
    /// Takes the entity out of its model's key index.
    fn leave(&self, keys: &mut Keys);
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// An entity with its state.
pub(super) struct Entry {
    pub(super) entity: Box<dyn Entity>,
    pub(super) state: State,
    /// The values as the database has them, kept from the first write through a handle until the next flush.
    pub(super) snapshot: Option<Vec<Value>>,
    /// How to bring it back to where it was before a transaction or savepoint.
    pub(super) undo: Vec<Undo>,
    /// Whether the row may have changed since it was read: it was read in an earlier transaction.
    pub(super) freshness: Freshness,
}

/// What is known of an entity's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It is to be inserted at the next flush.
    Pending,
    /// The database has it.
    Persistent,
    /// It is to be deleted at the next flush.
    Deleting,
    /// It was deleted in this transaction.
    Deleted,
}

/// Whether an entity was read in this transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    /// It was read in an earlier one; the next query that meets its row, `get` or `refresh` reads it anew.
    Stale,
}

impl dyn Entity {
    /// Every column's value.
    pub(super) fn values(&self) -> Vec<Value> {
        columns(self.table()).map(|column| self.value(column).to_owned()).collect()
    }

    /// Writes back what [`values`](Self::values) returned.
    pub(super) fn restore(&mut self, values: &[Value]) -> Result<()> {
        columns(self.table()).zip(values).try_for_each(|(column, value)| self.assign(column, value.as_ref()))
    }

    /// The condition that finds the entity's row by the primary key in `values`, or by its present one.
    pub(super) fn by_key(&self, values: Option<&[Value]>) -> Expr {
        let table = self.table();
        let parts = table.primary_key.iter().map(|&column| {
            let value = match values.and_then(|values| values.get(usize::from(column))) {
                Some(value) => value.clone(),
                None => self.value(column).to_owned(),
            };
            Expr::column_equals(table, column, value)
        });
        Expr::All(parts.collect())
    }
}

impl Entry {
    pub(super) fn new(entity: Box<dyn Entity>, state: State) -> Entry {
        Entry { entity, state, snapshot: None, undo: Vec::new(), freshness: Freshness::Fresh }
    }

    /// Takes every column's value from another value of the same model. Fields that are no columns stay as they are.
    pub(super) fn overwrite(&mut self, model: &dyn Entity) -> Result<()> {
        for column in columns(self.entity.table()) {
            match model.value(column) {
                // What is read is never of this kind: types know only the text that comes of it.
                ValueRef::Display(text) => self.entity.assign(column, ValueRef::Text(&text.to_string()))?,
                value => self.entity.assign(column, value)?,
            }
        }
        self.snapshot = None;
        self.freshness = Freshness::Fresh;
        Ok(())
    }

    /// The columns whose values differ from the snapshot.
    pub(super) fn changed_columns(&self) -> Vec<u16> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        columns(self.entity.table())
            .zip(snapshot)
            .filter(|(column, before)| self.entity.value(*column) != before.as_ref())
            .map(|(column, _)| column)
            .collect()
    }
}

impl<M: Model> Entity for M {
    fn table(&self) -> &'static Table {
        M::table()
    }

    fn value(&self, column: u16) -> ValueRef<'_> {
        self.bind(column)
    }

    fn assign(&mut self, column: u16, value: ValueRef<'_>) -> Result<()> {
        Model::assign(self, column, value)
    }

    fn enter(&self, keys: &mut Keys, slot: usize) {
        keys.of::<M>().insert(self.key(), slot);
    }

    fn leave(&self, keys: &mut Keys) {
        keys.of::<M>().remove(&self.key());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// The places of a table's columns.
pub(super) fn columns(table: &'static Table) -> impl Iterator<Item = u16> {
    0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX)
}
