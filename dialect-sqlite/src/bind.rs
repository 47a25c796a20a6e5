//! Binding values: each goes as the storage class that its column is declared with.

use creole_core::schema::Table;
use creole_core::sql::{Bind, Binds};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};
use rusqlite::Statement;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef as Raw};
use uuid::Uuid;

use crate::dialect::NAME;
use crate::error::from_rusqlite;
use crate::text::TextForm;
use crate::{list, types};

/// A value that SQLite copies out of where it stands.
struct Borrowed<'a>(Raw<'a>);

impl ToSql for Borrowed<'_> {
    #[inline]
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

/// Binds the values of a statement.
pub(crate) fn bind_all(statement: &mut Statement<'_>, binds: &Binds<'_>, table: Option<&'static Table>) -> Result<()> {
    let placeholders = statement.parameter_count();
    if placeholders != binds.len() {
        // SQLite would take the missing ones for NULL.
        let message = format!("the statement has {placeholders} placeholders and {} values", binds.len());
        return Err(Error::new(ErrorKind::Syntax, message).on(NAME));
    }
    binds.try_each(|position, bind| bind_one(statement, position + 1, bind, table))
}

#[inline]
fn bind_one(
    statement: &mut Statement<'_>,
    number: usize,
    bind: &Bind<'_>,
    table: Option<&'static Table>,
) -> Result<()> {
    let mut send =
        |raw: Raw<'_>| statement.raw_bind_parameter(number, Borrowed(raw)).map_err(|error| from_rusqlite(error, table));
    match bind.value {
        ValueRef::List(values) => send(Raw::Text(list::document(values)?.as_bytes())),
        _ => with_raw(bind, send),
    }
}

/// Hands a value to `send` as SQLite has it.
#[inline]
pub(crate) fn with_raw(bind: &Bind<'_>, mut send: impl FnMut(Raw<'_>) -> Result<()>) -> Result<()> {
    match bind.value {
        ValueRef::Null => send(Raw::Null),
        ValueRef::Bool(value) => send(Raw::Integer(value.into())),
        ValueRef::I64(number) => send(Raw::Integer(number)),
        ValueRef::Text(text) => send(Raw::Text(text.as_bytes())),
        ValueRef::Display(text) => send(Raw::Text(text.to_string().as_bytes())),
        ValueRef::Bytes(bytes) => send(Raw::Blob(bytes)),
        ValueRef::Uuid(id) if matches!(bind.ty, ColumnType::Text { .. }) => {
            send(Raw::Text(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes()))
        }
        ValueRef::Uuid(id) => send(Raw::Blob(id.as_bytes())),
        ValueRef::Json(document) => send(Raw::Text(document.text()?.as_bytes())),
        // What is stored was checked when the statement was rendered; what is compared comes here unchecked.
        value @ (ValueRef::U64(_)
        | ValueRef::F64(_)
        | ValueRef::Decimal(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Instant(_)
        | ValueRef::Cut(_)
        | ValueRef::Array(_)
        | ValueRef::List(_)
        | ValueRef::Invalid(_)
        | ValueRef::Other { .. }) => {
            types::check(value).map_err(|reason| Error::new(ErrorKind::InvalidValue, reason).on(NAME))?;
            match value {
                ValueRef::F64(number) => send(Raw::Real(number)),
                ValueRef::U64(number) => send(Raw::Integer(number.cast_signed())),
                value => match TextForm::of(value, bind.ty) {
                    Some(form) => send(Raw::Text(form.as_str().as_bytes())),
                    None => Err(Error::unsupported(NAME, value.kind(), "it has no form in SQLite")),
                },
            }
        }
    }
}
