//! Whose the entities of a [`Session`] are, where tables keep rows of several tenants.

use super::Session;
use super::identity_map::IdentityMap;
use crate::error::Result;
use crate::model::{Entity, Model};
use crate::schema::Table;
use crate::sql::{Tenants, is_left_out, no_such_column, of_another};
use crate::types::ValueRef;

impl Session {
    /// A model as the row of the session's tenant, where it leaves out whose it is. One that says it is another's is refused.
    pub(super) fn claimed<M: Model>(&self, mut model: M) -> Result<M> {
        refuse_others(self.engine.tenants(), M::table(), |column| model.bind(column), LeftOut::Allowed)?;
        self.map.give_tenant(&mut model);
        Ok(model)
    }

    /// Refuses a row that was read of another tenant than the session's: by a text of the program's own.
    pub(super) fn refuse_row_of_others<M: Model>(&self, model: &M) -> Result<()> {
        if M::table().tenant.is_none() {
            return Ok(());
        }
        refuse_others(self.engine.tenants(), M::table(), |column| model.bind(column), LeftOut::Refused)
    }
}

impl IdentityMap {
    /// Has an entity say whose it is, where it leaves that out.
    pub(super) fn give_tenant(&self, entity: &mut dyn Entity) {
        if let Some((column, tenant)) = self.tenants.of(entity.table())
            && is_left_out(entity.value(column))
        {
            // What the field can't hold is refused when it is written.
            let _ = entity.assign(column, tenant.as_ref().as_ref());
        }
    }
}

/// Whether a row may leave out whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeftOut {
    Allowed,
    Refused,
}

fn refuse_others<'v>(
    tenants: &Tenants,
    table: &'static Table,
    value: impl FnOnce(u16) -> ValueRef<'v>,
    left_out: LeftOut,
) -> Result<()> {
    let Some((column, tenant)) = tenants.of(table) else { return Ok(()) };
    let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
    let value = value(column);
    if value == tenant.as_ref().as_ref() || (left_out == LeftOut::Allowed && is_left_out(value)) {
        return Ok(());
    }
    Err(of_another(table, definition))
}
