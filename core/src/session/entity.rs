//! An entity as the session keeps it, with what is known of its row.

use std::sync::Arc;

use super::kept::{Kept, KnownTexts};
use super::keys::Keys;
use super::relations::References;
use super::undo::Undo;
use super::writes::Moment;
use crate::error::Result;
use crate::model::{Entity, RowKey};
use crate::schema::Table;
use crate::sql::{DeletedRows, Expr};
use crate::types::{Value, ValueRef};

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
    /// What its foreign keys are to hold once the keys they refer to are known.
    pub(super) refers: References,
    /// How to restore it to what it was before a transaction or savepoint.
    pub(super) undo: Box<[Undo]>,
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
            refers: References::default(),
            undo: Box::default(),
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
                self.compare();
                let is_changed = !self.changes.is_empty() || self.awaited().next().is_some();
                self.snapshot = self.snapshot.take().filter(|_| is_changed);
                if !is_changed {
                    self.refers = References::default();
                }
                is_changed
            }
        }
    }

    /// Takes every column's value from another value of the same model, which was just read. Fields that are no columns stay as they
    /// are, unless it is up to the model to fill them.
    pub(super) fn overwrite(&mut self, model: Box<dyn Entity>) -> Result<()> {
        self.snapshot = None;
        self.refers = References::default();
        if model.fills_fields() {
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
            State::Persistent => !self.differences().is_empty() || self.awaited().next().is_some(),
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

    /// Notes what differs from the snapshot.
    pub(super) fn compare(&mut self) {
        self.changes = self.differences().into();
    }

    /// Whether a flush has something to write for it, as it was last compared.
    pub(super) fn has_changes(&self) -> bool {
        self.state != State::Persistent || !self.changes.is_empty() || self.awaited().next().is_some()
    }

    /// The columns that a flush writes.
    pub(super) fn changed(&self) -> Vec<u16> {
        let changed = self.changes.iter().map(|(column, _)| *column);
        let mut columns: Vec<u16> = changed.chain(self.unknown()).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
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

/// The indexes of a table's columns.
pub(super) fn columns(table: &'static Table) -> impl Iterator<Item = u16> {
    0..u16::try_from(table.columns.len()).unwrap_or(u16::MAX)
}
