//! For whom rows are written.

use super::insert::{Insert, Rows};
use super::select::Select;
use super::select_core::Item;
use super::source::Source;
use super::update::{Assignment, Update};
use super::update_each::UpdateEach;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Table};
use crate::sql::check::no_such_column;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::render::{Destination, Tenants, is_left_out, of_another, tenant_bind};
use crate::types::{BindSource, Value};

impl Insert {
    /// Writes rows of a SELECT that do not say whose they are for the tenant whom the statement is about.
    pub(crate) fn write_for(&mut self, tenants: &Tenants) {
        let tenant = match tenants {
            Tenants::One(tenant) => Value::clone(tenant),
            // To be looked at.
            Tenants::Shown => Value::Null,
            Tenants::Unsaid | Tenants::All => return,
        };
        let Rows::Select(select) = &mut self.rows else { return };
        let Some(column) = self.table.tenant.filter(|column| !self.columns.contains(column)) else { return };
        let Some(definition) = self.table.column(column) else { return };
        select.outer().items.push(Item::Expr(Expr::value(tenant, definition.ty)));
        self.columns.push(column);
    }

    /// Refuses rows of others than the tenant whom the statement is about, and an upsert that could change such.
    pub(super) fn check_tenant(&self, to: &Destination<'_>, source: &dyn BindSource) -> Result<()> {
        let table = self.table;
        to.tenants().check(table)?;
        if let Tenants::All = to.tenants() {
            return self.check_said(source);
        }
        let Some((column, tenant)) = to.tenants().of(table) else { return Ok(()) };
        let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
        tenant_bind(to.dialect(), table, definition, tenant)?;
        let refuse = || of_another(table, definition);
        if !self.columns.contains(&column) || self.computed.iter().any(|assignment| assignment.column == column) {
            return Err(refuse());
        }
        match &self.rows {
            Rows::Default => return Err(refuse()),
            Rows::Bound(rows) => {
                let is_other = |row: &usize| source.value(*row, column) != tenant.as_ref().as_ref();
                if let Some(row) = (0..*rows).find(is_other) {
                    return Err(refuse().with_row(row));
                }
            }
            Rows::Select(select) => {
                let place = self.columns.iter().position(|own| *own == column);
                if !place.is_some_and(|place| is_of(select, place, tenant)) {
                    return Err(refuse());
                }
            }
        }
        match &self.conflict {
            Some(conflict) if !conflict.target.columns.contains(&column) => Err(beyond_tenant(table, definition)),
            _ => Ok(()),
        }
    }
}

impl Insert {
    /// Refuses rows that do not say whose they are, where nothing else does.
    fn check_said(&self, source: &dyn BindSource) -> Result<()> {
        let table = self.table;
        let Some(column) = table.tenant.filter(|column| self.columns.contains(column)) else { return Ok(()) };
        let Rows::Bound(rows) = self.rows else { return Ok(()) };
        if self.computed.iter().any(|assignment| assignment.column == column) {
            return Ok(());
        }
        match (0..rows).find(|row| is_left_out(source.value(*row, column))) {
            None => Ok(()),
            Some(row) => {
                let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
                Err(of_nobody(table, definition).with_row(row))
            }
        }
    }
}

impl Update {
    /// Refuses to write that a row is another's than the tenant's whom the statement is about.
    pub(super) fn check_tenant(&self, to: &Destination<'_>) -> Result<()> {
        let table = self.rows.table;
        let Some((column, tenant)) = to.tenants().of(table) else { return Ok(()) };
        let is_other = |assignment: &&Assignment| {
            let value = match &assignment.value {
                Expr::Bind { value, .. } => Some(value),
                _ => None,
            };
            assignment.column == column && value != Some(&**tenant)
        };
        match self.assignments.iter().find(is_other) {
            None => Ok(()),
            Some(_) => Err(of_another(table, table.column(column).ok_or_else(|| no_such_column(table, column))?)),
        }
    }
}

impl UpdateEach {
    /// As that of an [`Update`].
    pub(super) fn check_tenant(&self, to: &Destination<'_>, source: &dyn BindSource) -> Result<()> {
        let table = self.table;
        let Some((column, tenant)) = to.tenants().of(table).filter(|(column, _)| self.columns.contains(column)) else {
            return Ok(());
        };
        let is_other = |row: &usize| source.value(*row, column) != tenant.as_ref().as_ref();
        match (0..self.rows).find(is_other) {
            None => Ok(()),
            Some(row) => {
                let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
                Err(of_another(table, definition).with_row(row))
            }
        }
    }
}

/// Whether this column of what a SELECT yields is the tenant, or says whose the rows of a source are, which are the tenant's alone.
fn is_of(select: &Select, place: usize, tenant: &Value) -> bool {
    let Some(plain) = select.plain() else { return false };
    let mut first = 0;
    for item in &plain.items {
        let next = first + item.columns();
        if place < next {
            let column = match item {
                Item::Table(table) => u16::try_from(place - first).ok().map(|index| ColumnRef { table: *table, index }),
                Item::Expr(Expr::Column(column)) | Item::Labelled(Expr::Column(column), _) => Some(*column),
                Item::Expr(Expr::Bind { value, .. }) => return value == tenant,
                Item::Expr(_) | Item::Labelled(..) => None,
            };
            let tables = || plain.sources().filter_map(Source::table_ref);
            return column.is_some_and(|column| {
                tables().any(|source| source.table.tenant.is_some() && source.table.tenant == source.place_of(column))
            });
        }
        first = next;
    }
    false
}

/// The refusal of a row of which nobody says whose it is.
#[cold]
fn of_nobody(table: &'static Table, column: &'static ColumnDef) -> Error {
    let message = format!(
        "the row's {} is left out, and on `engine.all_tenants()` nothing else says whose it is: give it one, or write it on \
         `engine.scoped(tenant)`",
        column.name
    );
    Error::new(ErrorKind::InvalidValue, message).with_table(table.name).with_columns([column.name])
}

/// The refusal of an upsert whose key may be that of another tenant's row.
#[cold]
fn beyond_tenant(table: &'static Table, column: &'static ColumnDef) -> Error {
    let message = format!(
        "the upsert's key does not have {} in it, so the row that is there may be another tenant's: name a key that has, or run it on \
         `engine.all_tenants()`",
        column.name
    );
    Error::new(ErrorKind::Syntax, message).with_table(table.name).with_columns([column.name])
}
