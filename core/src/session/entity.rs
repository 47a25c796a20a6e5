//! An entity as the session keeps it: a model's value with its type erased, and what is known of its row.

use std::any::Any;
use std::sync::Arc;

use super::kept::{Kept, KnownTexts, Loaded};
use super::keys::Keys;
use super::undo::Undo;
use super::writes::Moment;
use crate::driver::RowReader;
use crate::error::Result;
use crate::model::Model;
use crate::model::{RowKey, Save};
use crate::schema::Table;
use crate::sql::{DeletedRows, Expr};
use crate::types::{Value, ValueRef};

/// A value of some model.
pub(super) trait Entity: Any + Send + Sync {
    fn table(&self) -> &'static Table;
    fn value(&self, column: u16) -> ValueRef<'_>;
    fn assign(&mut self, column: u16, value: ValueRef<'_>) -> Result<()>;
    /// Reads another entity of the same model from a row that has the table's columns in their order.
    fn read(&self, row: &mut RowReader<'_>) -> Result<(Box<dyn Entity>, KnownTexts)>;
    /// Whether a flush asks it.
    fn has_hooks(&self) -> bool;
    fn before_save(&mut self, save: Save) -> Result<()>;
    fn before_delete(&self) -> Result<()>;
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// An entity with its state.
pub(super) struct Entry {
    pub(super) entity: Box<dyn Entity>,
    pub(super) state: State,
    /// The values as the database has them, kept from the first write through a handle until the next flush.
    pub(super) snapshot: Option<Arc<Vec<Kept>>>,
    /// What differed from it when it was last compared, with the values to write.
    pub(super) changes: Box<[(u16, Value)]>,
    /// The texts of its documents as the database has them.
    pub(super) texts: KnownTexts,
    /// How to restore it to what it was before a transaction or savepoint.
    pub(super) undo: Vec<Undo>,
    /// When it was last read or written; `None` if that is too long ago to be trusted.
    pub(super) read: Option<Moment>,
}

/// What is known of an entity's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// To be inserted at the next flush.
    Pending,
    /// The database has it.
    Persistent,
    /// To be removed at the next flush.
    Deleting,
    /// To be marked as deleted at the next flush, by an UPDATE like others.
    Marking,
    /// The database has it no longer: it was deleted in this transaction, or found to be gone.
    Deleted,
}

impl State {
    /// Whether the database has its row.
    pub(super) fn is_there(self) -> bool {
        matches!(self, State::Persistent | State::Marking | State::Deleting)
    }
}

impl dyn Entity {
    /// Whether its row is marked as deleted, as it is now.
    pub(super) fn is_marked(&self) -> bool {
        self.table().soft_delete.is_some_and(|soft| soft.is_deleted(self.value(soft.column)))
    }

    /// Every column's value.
    pub(super) fn values(&self) -> Vec<Kept> {
        columns(self.table()).map(|column| Kept::of(self.value(column))).collect()
    }

    /// Restores what [`values`](Self::values) returned.
    pub(super) fn restore(&mut self, values: &[Kept]) -> Result<()> {
        columns(self.table()).zip(values).try_for_each(|(column, value)| self.assign(column, value.as_ref()))
    }

    /// The values of the primary key in `values`, or its present ones.
    pub(super) fn key_values(&self, values: Option<&[Kept]>) -> Vec<Value> {
        let value = |&column: &u16| match values.and_then(|values| values.get(usize::from(column))) {
            Some(value) => value.as_ref().to_owned(),
            None => self.value(column).to_owned(),
        };
        self.table().primary_key.iter().map(value).collect()
    }

    /// Its primary key as the database compares it.
    pub(super) fn row_key(&self) -> RowKey {
        RowKey::primary(self.table(), |_, column| self.value(column))
    }

    /// Enters the entity into its model's key index, and returns the slot that had its key before.
    pub(super) fn enter(&self, keys: &mut Keys, slot: usize) -> Option<usize> {
        keys.enter(self.as_any().type_id(), self.row_key(), slot)
    }

    /// Takes a slot out of its model's key index, whatever the entity's key is now.
    pub(super) fn leave(&self, keys: &mut Keys, slot: usize) {
        keys.leave(self.as_any().type_id(), &self.row_key(), slot);
    }
}

impl Entry {
    pub(super) fn new(entity: Box<dyn Entity>, state: State, read: Moment) -> Entry {
        Entry {
            entity,
            state,
            snapshot: None,
            changes: Box::default(),
            texts: KnownTexts::default(),
            undo: Vec::new(),
            read: Some(read),
        }
    }

    /// Whether a flush has something to write for it. An entity that was written to but has its old values counts as
    /// unchanged.
    pub(super) fn settle(&mut self) -> bool {
        match self.state {
            State::Pending | State::Deleting => true,
            State::Deleted => false,
            State::Marking => {
                self.changes = self.differences().into();
                true
            }
            State::Persistent => {
                self.changes = self.differences().into();
                let is_changed = !self.changes.is_empty();
                self.snapshot = self.snapshot.take().filter(|_| is_changed);
                is_changed
            }
        }
    }

    /// Takes every column's value from another value of the same model, which was just read. Fields that are no columns stay as they
    /// are, unless it is up to the model to fill them.
    pub(super) fn overwrite<M: Model>(&mut self, model: Box<M>) -> Result<()> {
        self.snapshot = None;
        if M::HOOKS.after_load.is_some() {
            self.entity = model;
            return Ok(());
        }
        columns(self.entity.table()).try_for_each(|column| self.take_value(column, &*model))
    }

    /// Takes a column's value from another value of the same model.
    pub(super) fn take_value(&mut self, column: u16, model: &dyn Entity) -> Result<()> {
        match model.value(column) {
            // What is read is never of this kind: types know only the text that comes of it.
            ValueRef::Display(text) => self.entity.assign(column, ValueRef::Text(&text.to_string())),
            value => self.entity.assign(column, value),
        }
    }

    /// A column's value as the database has it.
    pub(super) fn before(&self, column: u16) -> ValueRef<'_> {
        let kept = self.snapshot.as_ref().and_then(|values| values.get(usize::from(column)));
        kept.map_or_else(|| self.entity.value(column), Kept::as_ref)
    }

    /// Whether a flush has something to write for it.
    pub(super) fn is_unwritten(&self) -> bool {
        match self.state {
            State::Pending | State::Deleting | State::Marking => true,
            State::Persistent => !self.differences().is_empty(),
            State::Deleted => false,
        }
    }

    /// Whether the database has its row marked as deleted.
    pub(super) fn was_marked(&self) -> bool {
        self.entity.table().soft_delete.is_some_and(|soft| soft.is_deleted(self.before(soft.column)))
    }

    /// Which rows a statement is about that finds this one by its key. One that others have marked since it was read is gone.
    pub(super) fn deleted_rows(&self) -> DeletedRows {
        if self.was_marked() { DeletedRows::Found } else { DeletedRows::Hidden }
    }

    /// The columns whose values differ from the snapshot, with what they are now.
    pub(super) fn differences(&self) -> Vec<(u16, Value)> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let changed = |(column, before): (u16, &Kept)| {
            Some((column, before.changed(column, self.entity.value(column), &self.texts)?))
        };
        columns(self.entity.table()).zip(snapshot.iter()).filter_map(changed).collect()
    }

    /// The condition that finds its row as it was read: by the key that the database knows, and by the version.
    pub(super) fn as_read(&self) -> Expr {
        let table = self.entity.table();
        let equals = |column| Expr::column_equals(table, column, self.before(column).to_owned());
        Expr::All(table.matched().map(equals).collect())
    }

    /// Its primary key in the database.
    pub(super) fn row_key(&self) -> RowKey {
        RowKey::primary(self.entity.table(), |_, column| self.before(column))
    }

    /// The value to write to a column.
    pub(super) fn to_write(&self, column: u16) -> ValueRef<'_> {
        let change = self.changes.iter().find(|(changed, _)| *changed == column);
        change.map_or_else(|| self.entity.value(column), |(_, value)| value.as_ref())
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

    fn read(&self, row: &mut RowReader<'_>) -> Result<(Box<dyn Entity>, KnownTexts)> {
        let Loaded { model, texts } = Loaded::<M>::decode(row)?;
        Ok((model, texts))
    }

    fn has_hooks(&self) -> bool {
        M::HOOKS.before_save.is_some() || M::HOOKS.before_delete.is_some()
    }

    fn before_save(&mut self, save: Save) -> Result<()> {
        M::HOOKS.before_save.map_or(Ok(()), |hook| hook(self, save))
    }

    fn before_delete(&self) -> Result<()> {
        M::HOOKS.before_delete.map_or(Ok(()), |hook| hook(self))
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

/// The indexes of a table's columns.
pub(super) fn columns(table: &'static Table) -> impl Iterator<Item = u16> {
    0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX)
}
