//! [`Tenants`]: whose rows statements are about.

use std::fmt;
use std::sync::Arc;

use super::bind::Bind;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Table};
use crate::sql::check::to_store;
use crate::types::{TypeFamily, Value, ValueRef};

/// Whose rows statements are about, of tables that keep those of several tenants.
#[derive(Clone, Default)]
pub(crate) enum Tenants {
    /// Nobody has said it: such tables are refused.
    #[default]
    Unsaid,
    /// Those of one.
    One(Arc<Value>),
    /// Everybody's.
    All,
    /// Those of one who is not known, because the statement is only looked at.
    Shown,
}

impl Tenants {
    /// Refuses a statement about a table that keeps the rows of several tenants, where nobody has said whose are meant.
    pub(crate) fn check(&self, table: &'static Table) -> Result<()> {
        if table.tenant.is_some() && matches!(self, Tenants::Unsaid) { Err(unsaid(table)) } else { Ok(()) }
    }

    /// The one whose rows of this table are meant, and the column that says whose they are.
    pub(crate) fn of(&self, table: &'static Table) -> Option<(u16, &Arc<Value>)> {
        match self {
            Tenants::One(tenant) => Some((table.tenant?, tenant)),
            Tenants::Unsaid | Tenants::All | Tenants::Shown => None,
        }
    }
}

/// The refusal of a statement of which nobody has said whose rows it is about.
#[cold]
pub(super) fn unsaid(table: &'static Table) -> Error {
    let column = table.tenant.and_then(|column| table.column(column)).map(|column| column.name);
    let message = format!(
        "{table} has the rows of several tenants, and nobody has said whose are meant: run the statement on \
         `engine.scoped(tenant)`, or on `engine.all_tenants()`"
    );
    Error::new(ErrorKind::Config, message).with_table(table.name).with_columns(column)
}

/// The refusal of a row that says it is another tenant's.
#[cold]
pub(crate) fn of_another(table: &'static Table, column: &'static ColumnDef) -> Error {
    let message = format!(
        "the row's {} is neither that of the engine's tenant nor left out: give it that of `engine.scoped(tenant)`, or leave the field as \
         its type's default is",
        column.name
    );
    Error::new(ErrorKind::InvalidValue, message).with_table(table.name).with_columns([column.name])
}

/// The value by which rows of one tenant are found in a table.
///
/// # Errors
/// [`ErrorKind::InvalidValue`], naming the column, where it can't be a value of the column.
pub(crate) fn tenant_bind<'t>(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    tenant: &'t Value,
) -> Result<Bind<'t>> {
    let fits = matches!(
        (tenant, column.ty.family()),
        (Value::Null, _)
            | (Value::I64(_) | Value::U64(_), TypeFamily::Integer)
            | (Value::Text(_), TypeFamily::Text | TypeFamily::Enum)
            | (Value::Uuid(_), TypeFamily::Uuid)
    );
    if fits {
        return to_store(dialect, table, column, tenant.as_ref());
    }
    let message = format!(
        "the engine's tenant is of type {}, and {} says by a {} whose rows are whose: call `scoped` with a value of the field's type",
        tenant.as_ref().kind(),
        table,
        column.ty
    );
    Err(Error::new(ErrorKind::InvalidValue, message).with_table(table.name).with_columns([column.name]))
}

/// Whether a row says nothing of whose it is: 0, the nil UUID, an empty text.
pub(crate) fn is_left_out(value: ValueRef<'_>) -> bool {
    match value {
        ValueRef::I64(number) => number == 0,
        ValueRef::U64(number) => number == 0,
        ValueRef::Uuid(uuid) => uuid.is_nil(),
        ValueRef::Text(text) => text.is_empty(),
        _ => false,
    }
}

/// Never shows who.
impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tenants::Unsaid => "Unsaid",
            Tenants::One(_) => "One",
            Tenants::All => "All",
            Tenants::Shown => "Shown",
        })
    }
}
