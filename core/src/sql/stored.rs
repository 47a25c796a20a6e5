//! Whether a value may be stored in a column.

use super::SqlWriter;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, FinerTimes, Table};
use crate::types::{ColumnType, Value, ValueRef, check};

/// Checks values that are kept in a tree before they are stored, as [`SqlWriter::store`] does for those of a struct.
pub(super) fn check_stored(dialect: &dyn Dialect, table: &'static Table, column: u16, value: &Value) -> Result<()> {
    let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
    check_value(dialect, table, definition, value.as_ref())
}

/// Refuses a value that its column would not keep as it is.
pub(super) fn check_value(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    value: ValueRef<'_>,
) -> Result<()> {
    check_type(dialect, column.ty)?;
    check_fineness(value, column)
        .and_then(|()| check_number(value, table, column))
        .and_then(|()| check(value.kept(), column.ty))
        .and_then(|()| dialect.check(value.kept(), column.ty))
        .map_err(|reason| not_stored(table, column.name, reason))
}

/// Not every database gives out numbers beyond those with a sign, so none takes them for such a column.
fn check_number(value: ValueRef<'_>, table: &'static Table, column: &ColumnDef) -> Result<(), String> {
    match value {
        ValueRef::U64(number) if number > i64::MAX as u64 && table.is_numbered(column) => {
            Err(format!("the number is out of range for a key that the database numbers (at most {})", i64::MAX))
        }
        _ => Ok(()),
    }
}

fn check_fineness(value: ValueRef<'_>, column: &ColumnDef) -> Result<(), String> {
    match (value, column.finer_times) {
        (ValueRef::Cut(_), FinerTimes::Refused) => {
            Err("the time is finer than a microsecond, and the column is `exact_time`: round it first".into())
        }
        _ => Ok(()),
    }
}

/// Refuses a value of a type that this database has not. Most types all have.
pub(super) fn check_type(dialect: &dyn Dialect, ty: ColumnType) -> Result<()> {
    if ty.native_enum().is_none() && !matches!(ty, ColumnType::Array(_)) {
        return Ok(());
    }
    dialect.column_type(&mut SqlWriter::for_ddl(dialect), ty)
}

pub(super) fn not_stored(table: &'static Table, column: &'static str, reason: String) -> Error {
    Error::new(ErrorKind::InvalidValue, reason).with_table(table.name).with_columns([column])
}

pub(crate) fn no_such_column(table: &'static Table, column: u16) -> Error {
    Error::new(ErrorKind::UndefinedColumn, format!("{table} has no column number {column}")).with_table(table.name)
}
