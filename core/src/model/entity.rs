//! [`Entity`]: a model's value with its type erased.

use std::any::Any;

use super::{Model, Save};
use crate::driver::RowReader;
use crate::error::Result;
use crate::schema::Table;
use crate::types::ValueRef;

/// A value of some model.
pub(crate) trait Entity: Any + Send + Sync {
    fn table(&self) -> &'static Table;
    fn value(&self, column: u16) -> ValueRef<'_>;
    fn assign(&mut self, column: u16, value: ValueRef<'_>) -> Result<()>;
    /// Whether a flush asks it.
    fn has_hooks(&self) -> bool;
    fn before_save(&mut self, save: Save) -> Result<()>;
    fn before_delete(&self) -> Result<()>;
    /// Whether it fills fields that are no columns when it is read.
    fn fills_fields(&self) -> bool;
    /// How entities of its model are read.
    fn reader(&self) -> ReadEntity;
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// Reads an entity from a row that has its table's columns in their order.
pub(crate) type ReadEntity = fn(&mut RowReader<'_>) -> Result<Box<dyn Entity>>;

/// How an entity of a model is read.
///
/// # Errors
/// As [`Model::decode`].
pub(crate) fn read_entity<M: Model>(row: &mut RowReader<'_>) -> Result<Box<dyn Entity>> {
    match M::decode(row) {
        Ok(model) => Ok(Box::new(model)),
        Err(error) => Err(error.with_table(M::table().name)),
    }
}

/// An entity with the defaults of its model; `None` if the model has none.
pub(crate) fn blank_entity<M: Model>() -> Option<Box<dyn Entity>> {
    M::blank().map(|model| -> Box<dyn Entity> { Box::new(model) })
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

    fn has_hooks(&self) -> bool {
        M::HOOKS.before_save.is_some() || M::HOOKS.before_delete.is_some()
    }

    fn before_save(&mut self, save: Save) -> Result<()> {
        M::HOOKS.before_save.map_or(Ok(()), |hook| hook(self, save))
    }

    fn before_delete(&self) -> Result<()> {
        M::HOOKS.before_delete.map_or(Ok(()), |hook| hook(self))
    }

    fn fills_fields(&self) -> bool {
        M::HOOKS.after_load.is_some()
    }

    fn reader(&self) -> ReadEntity {
        read_entity::<M>
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
