//! Whether a value may be stored in a column.

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, FinerTimes, Table, Written};
use crate::sql::render::{Bind, SqlWriter};
use crate::types::{ColumnType, TypeFamily, Value, ValueRef, check};

/// Checks values that are kept in a tree before they are stored, as [`SqlWriter::store`] does for those of a struct.
pub(in crate::sql) fn check_stored(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: u16,
    value: &Value,
) -> Result<()> {
    let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
    check_type(dialect, definition.ty)?;
    check_fit(dialect, table, definition, value.as_ref())
}

/// Refuses to write to a column of a row that is there, where only the INSERT of the row does.
pub(in crate::sql) fn check_rewritten(table: &'static Table, columns: impl IntoIterator<Item = u16>) -> Result<()> {
    let is_written_once = |column: &&ColumnDef| column.written == Written::Once;
    let mut definitions = columns.into_iter().filter_map(|place| Some((place, table.column(place)?)));
    let Some((place, column)) = definitions.find(|(_, column)| is_written_once(column)) else { return Ok(()) };
    let word = if table.tenant == Some(place) { "tenant" } else { "created" };
    let message = format!(
        "{} is written when its row is inserted and keeps its value, as `{word}` says: leave it out, or write it by a model of the table that \
         does not say so",
        column.name
    );
    Err(Error::new(ErrorKind::Syntax, message).with_table(table.name).with_columns([column.name]))
}

/// A value as it is sent to be stored in a column, whose type this database has.
///
/// # Errors
/// [`ErrorKind::InvalidValue`], naming the column, where the value does not fit it.
#[inline]
pub(in crate::sql) fn to_store<'a>(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    value: ValueRef<'a>,
) -> Result<Bind<'a>> {
    check_fit(dialect, table, column, value)?;
    let no_room = || not_stored(table, column.name, "the column's form has no room for the value".into());
    dialect.stored(column, value.kept()).ok_or_else(no_room)
}

/// Refuses a value that its column, whose type this database has, would not keep as it is.
#[inline]
pub(in crate::sql) fn check_fit(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    value: ValueRef<'_>,
) -> Result<()> {
    // What most values are is told by a glance; a bulk insert asks about each.
    let is_plain = match (value, column.ty) {
        (ValueRef::Null, _) => return Ok(()),
        (ValueRef::I64(_), ColumnType::I64) | (ValueRef::Bool(_), ColumnType::Bool) => true,
        (ValueRef::Text(text), ColumnType::Text { length: None }) => !text.as_bytes().contains(&0),
        _ => false,
    };
    let fits = if is_plain { dialect.check(value, column.ty) } else { check_all(dialect, table, column, value) };
    fits.map_err(|reason| not_stored(table, column.name, reason))
}

fn check_all(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    value: ValueRef<'_>,
) -> Result<(), String> {
    check_fineness(value, column)?;
    check_number(value, table, column)?;
    check(value.kept(), column.ty)?;
    dialect.check(value.kept(), column.ty)
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

/// Refuses a value of a type that this database lacks. Most databases have most types.
pub(in crate::sql) fn check_type(dialect: &dyn Dialect, ty: ColumnType) -> Result<()> {
    use TypeFamily::*;
    match ty.family() {
        Enum if ty.native_enum().is_none() => Ok(()),
        Enum | Array => dialect.ddl().column_type(&mut SqlWriter::for_ddl(dialect), ty),
        Bool | Integer | Float | Decimal | Text | Bytes | Uuid | Date | Time | DateTime | Json | Other => Ok(()),
    }
}

#[cold]
fn not_stored(table: &'static Table, column: &'static str, reason: String) -> Error {
    Error::new(ErrorKind::InvalidValue, reason).with_table(table.name).with_columns([column])
}

pub(crate) fn no_such_column(table: &'static Table, column: u16) -> Error {
    Error::new(ErrorKind::UndefinedColumn, format!("{table} has no column number {column}")).with_table(table.name)
}
