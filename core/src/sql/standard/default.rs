//! DEFAULT clauses.

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Generated, ServerDefault, Table};
use crate::sql::check::to_store;
use crate::sql::render::{SqlWriter, write_sql};
use crate::types::{ColumnType, Value};

/// ` DEFAULT (…)`, where the column has a default.
///
/// # Errors
/// What [`Ddl::column_default`](crate::dialect::Ddl::column_default) says.
pub fn default_clause(w: &mut SqlWriter<'_>, table: &'static Table, column: &'static ColumnDef) -> Result<()> {
    let Generated::ServerDefault(default) = column.generated else { return Ok(()) };
    write_sql!(w, " DEFAULT (", w.ddl().column_default(w, table, column, default), ")")
}

/// What a DEFAULT clause says, within its parentheses. The time is that of the standard's words, and there is no UUID.
///
/// # Errors
/// [`Unsupported`](ErrorKind::Unsupported) for a UUID, and where a text has no SQL for this database;
/// [`InvalidValue`](ErrorKind::InvalidValue) where the value does not fit the column.
pub fn column_default(
    w: &mut SqlWriter<'_>,
    table: &'static Table,
    column: &'static ColumnDef,
    default: ServerDefault,
) -> Result<()> {
    let word = match (default, column.ty) {
        (ServerDefault::Now, ColumnType::Date) => "CURRENT_DATE",
        (ServerDefault::Now, ColumnType::Time) => "CURRENT_TIME",
        (ServerDefault::Now, _) => "CURRENT_TIMESTAMP",
        (ServerDefault::Uuid, _) => {
            let what = format!("the default of {table}.{}, a UUID that the database makes,", column.name);
            return Err(refused(w.dialect(), table, column, &what, "make it in the program"));
        }
        (ServerDefault::Sql(_) | ServerDefault::SqlOf(_), _) => default_sql(w.dialect(), table, column, default)?,
        _ => return default_value(w, table, column, default),
    };
    w.push(word);
    Ok(())
}

/// The SQL that the program has written for this database.
///
/// # Errors
/// [`Unsupported`](ErrorKind::Unsupported) where there is none, or where its meaning depends on the database.
pub fn default_sql(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    default: ServerDefault,
) -> Result<&'static str> {
    let of = || format!("{table}.{}", column.name);
    match default {
        ServerDefault::Sql(sql) if sql.contains('\\') => {
            let what = format!("the default of {}, in which there is a backslash,", of());
            let way_out = format!(
                "some databases take it for an escape and others for itself; write `server_default = text(\"…\")`, or \
                 one SQL for each database: `server_default({} = \"…\", …)`",
                dialect.name()
            );
            Err(refused(dialect, table, column, &what, &way_out))
        }
        ServerDefault::Sql(sql) => Ok(sql),
        ServerDefault::SqlOf(list) => {
            let name = dialect.name();
            let found = list.iter().find(|(backend, _)| *backend == name);
            found.map(|(_, sql)| *sql).ok_or_else(|| {
                let what = format!("the default of {}, which has no SQL for this database,", of());
                refused(dialect, table, column, &what, &format!("add `{name} = \"…\"` to its `server_default(…)`"))
            })
        }
        _ => Err(refused(dialect, table, column, &format!("the default of {} as SQL", of()), "write it as a value")),
    }
}

/// A bool, a number or a text, in the form in which the column keeps it.
fn default_value(
    w: &mut SqlWriter<'_>,
    table: &'static Table,
    column: &'static ColumnDef,
    default: ServerDefault,
) -> Result<()> {
    let dialect = w.dialect();
    let about = |reason: String| {
        let message = format!("the default does not fit its column: {reason}");
        Error::new(ErrorKind::InvalidValue, message).with_table(table.name).with_columns([column.name])
    };
    let value = value(default, column.ty).map_err(about)?;
    let bind = to_store(dialect, table, column, value.as_ref()).map_err(|error| {
        let reason = error.message().to_owned();
        about(reason)
    })?;
    dialect.ddl().literal(w, bind.value, bind.ty)
}

fn value(default: ServerDefault, ty: ColumnType) -> Result<Value, String> {
    match (default, ty) {
        (ServerDefault::Bool(flag), ColumnType::Bool) => Ok(Value::Bool(flag)),
        (ServerDefault::Text(text), ColumnType::Text { .. }) => Ok(Value::Text(text.into())),
        (ServerDefault::Text(label), ColumnType::Enum(of)) => {
            let is_known = of.labels.contains(&label);
            is_known.then(|| Value::Text(label.into())).ok_or_else(|| format!("{} has no label {label}", of.name))
        }
        (ServerDefault::Number(number), ty) => self::number(number, ty),
        _ => Err(format!("it is none of type {ty}")),
    }
}

fn number(text: &str, ty: ColumnType) -> Result<Value, String> {
    let parsed = match ty {
        ColumnType::Decimal { .. } => text.parse().ok().map(Value::Decimal),
        ColumnType::F32 | ColumnType::F64 => {
            text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::F64)
        }
        ty if ty.is_integer() => text.parse().map(Value::I64).or_else(|_| text.parse().map(Value::U64)).ok(),
        _ => None,
    };
    parsed.ok_or_else(|| format!("{text} is none of type {ty}"))
}

fn refused(
    dialect: &dyn Dialect,
    table: &'static Table,
    column: &'static ColumnDef,
    what: &str,
    way_out: &str,
) -> Error {
    Error::unsupported(dialect.name(), what, way_out).with_table(table.name).with_columns([column.name])
}
