//! How PostgreSQL spells tables, and what else they need: collations, enums and sequences.

use std::fmt::Write as _;

use creole_core::dialect::Ddl;
use creole_core::schema::{ColumnDef, ServerDefault, Table};
use creole_core::sql::{Ident, SqlWriter, standard};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result, write_sql};

use crate::dialect::{NAME, Postgres};
use crate::{collation, enums, types};

/// How many bytes of a name PostgreSQL keeps.
const LONGEST_NAME: usize = 63;

impl Ddl for Postgres {
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        types::column_type(w, ty)
    }

    /// Text is of collation "C", so that it is compared and sorted by code point whatever the database's own collation.
    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        collation::write(w, column);
        Ok(())
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        let (text, name) = match value {
            ValueRef::Text(text) if text.contains('\0') => {
                return Err(Error::new(ErrorKind::InvalidValue, "text with a NUL character can't be stored"));
            }
            ValueRef::F64(number) if ty == ColumnType::F32 => (format!("{number:e}"), "float4"),
            ValueRef::F64(number) => (format!("{number:e}"), "float8"),
            ValueRef::Bytes(bytes) => (hex(bytes), "bytea"),
            ValueRef::Uuid(id) => (id.to_string(), "uuid"),
            ValueRef::Date(date) if date.is_storable() => (date.to_string(), "date"),
            ValueRef::Time(time) if time.is_storable() => (time.to_string(), "time"),
            ValueRef::DateTime(moment) if moment.is_storable() => (moment.to_string(), "timestamp"),
            ValueRef::Instant(instant) if instant.is_storable() => (format!("{instant}+00"), "timestamptz"),
            ValueRef::Json(document) => (document.text()?.into_owned(), "jsonb"),
            ValueRef::Null
            | ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::Text(_)
            | ValueRef::Display(_)
            | ValueRef::Decimal(_)
            | ValueRef::Date(_)
            | ValueRef::Time(_)
            | ValueRef::DateTime(_)
            | ValueRef::Instant(_)
            | ValueRef::Cut(_)
            | ValueRef::Array(_)
            | ValueRef::List(_)
            | ValueRef::Invalid(_)
            | ValueRef::Other { .. } => return standard::literal(w, value, ty),
        };
        w.text_literal(&text).push("::").push(name);
        Ok(())
    }

    /// Names that PostgreSQL would cut without a word are refused.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        let columns = table.columns.iter().map(|column| column.name);
        let long = table.schema.into_iter().chain([table.name]).chain(columns).find(|name| name.len() > LONGEST_NAME);
        if let Some(name) = long {
            let message = format!("the name {name:?} has {} bytes, PostgreSQL keeps {LONGEST_NAME}", name.len());
            return Err(Error::new(ErrorKind::Limit, message).on(NAME));
        }
        standard::create_table(w, table)
    }

    /// Where PostgreSQL's type holds more than the column's, a check keeps the difference out.
    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        write_sql!(
            w,
            Ident(column.name),
            " ",
            types::declared_type(w, table, column),
            self.collation(w, column),
            standard::column_options(w, table, column)
        )?;
        if let Some(condition) = types::value_condition(column)? {
            write_sql!(w, " CONSTRAINT ", Ident(&types::value_check_name(column.name)), " CHECK (", &condition, ")")?;
        }
        Ok(())
    }

    /// What is not in UTC by itself is made so, whatever the session's time zone.
    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        let sql = match (default, column.ty) {
            (ServerDefault::Now, ColumnType::DateTime) => "timezone('UTC', CURRENT_TIMESTAMP)",
            (ServerDefault::Now, ColumnType::Date) => "timezone('UTC', CURRENT_TIMESTAMP)::date",
            (ServerDefault::Now, ColumnType::Time) => "timezone('UTC', CURRENT_TIMESTAMP)::time",
            (ServerDefault::Uuid, _) => "gen_random_uuid()",
            _ => return standard::column_default(w, table, column, default),
        };
        w.push(sql);
        Ok(())
    }

    fn before_table(&self, table: &'static Table) -> Vec<String> {
        let mut statements = collation::create(table);
        statements.extend(enums::create(self, table));
        statements
    }

    fn after_drop(&self, table: &'static Table) -> Vec<String> {
        enums::drop(self, table)
    }

    /// An identity column counts by a sequence, which does not look at the rows.
    fn sync_sequence(&self, table: &'static Table) -> Option<String> {
        let column = table.column(table.auto_column()?)?.name;
        let mut name = SqlWriter::for_ddl(self);
        name.table(table);
        let mut w = SqlWriter::for_ddl(self);
        w.push("SELECT setval(s.name, s.last) FROM (SELECT n.name, greatest(max(t.").ident(column);
        w.push("), pg_sequence_last_value(n.name)) AS last FROM (SELECT pg_get_serial_sequence(");
        w.text_literal(&name.into_text()).push(", ").text_literal(column);
        w.push(")::regclass AS name) AS n CROSS JOIN ")
            .table(table)
            .push(" AS t GROUP BY n.name) AS s WHERE s.last > 0");
        Some(w.into_text())
    }
}

/// `\x` and two digits for each byte.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
