//! [`Postgres`]: where PostgreSQL differs from standard SQL. NULL order, LIMIT, RETURNING, BEGIN and the operators do not.

use std::fmt::Write as _;

use creole_core::dialect::{Capabilities, Diagnosis, Dialect, IndexPlacement, RawError, Support};
use creole_core::driver::Compiled;
use creole_core::schema::{ColumnDef, Table};
use creole_core::sql::{Aggregate, BinaryOp, Expr, Function, Precedence, SqlWriter, Typing, standard};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};

use crate::{arithmetic, bind, enums, error, types};

/// PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Postgres;

/// The name in messages.
pub(crate) const NAME: &str = "postgres";

/// How many bytes of a name PostgreSQL keeps.
const LONGEST_NAME: usize = 63;

static CAPABILITIES: Capabilities = Capabilities {
    max_binds: bind::MOST_BINDS,
    insert_returning: Support::Native,
    transactional_ddl: Support::Native,
    indexes: IndexPlacement::Separate,
};

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> &Capabilities {
        &CAPABILITIES
    }

    /// `$1`, or `$1::int8` where nothing beside it says the type.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        let number = w.bind_count() as u64;
        w.push("$").number(number);
        if let Some(of) = ty.native_enum() {
            // Sent as text, since only the server knows the number of a type that was made in it.
            w.push("::text::");
            enums::name(w, of);
            return;
        }
        let (ty, suffix) = match ty {
            ColumnType::Array(element) => (*element, "[]"),
            ty => (ty, ""),
        };
        if let (Typing::Cast, Some(name)) = (typing, types::cast_name(ty)) {
            w.push("::").push(name).push(suffix);
        }
    }

    /// Text is of collation "C", so that it is compared and sorted by code point whatever the database's own collation.
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        let name = match ty {
            ColumnType::Bool => "boolean",
            ColumnType::I8 | ColumnType::I16 | ColumnType::U8 => "smallint",
            ColumnType::I32 | ColumnType::U16 => "integer",
            ColumnType::I64 | ColumnType::U32 => "bigint",
            ColumnType::U64 => "numeric(20)",
            ColumnType::F32 => "real",
            ColumnType::F64 => "double precision",
            ColumnType::Text { length: None } => "text COLLATE \"C\"",
            ColumnType::Text { length: Some(length) } => {
                w.push("varchar(").number(length.into()).push(") COLLATE \"C\"");
                return Ok(());
            }
            ColumnType::Bytes { .. } => "bytea",
            ColumnType::Decimal { precision, scale } => {
                w.push("numeric(").number(precision.into()).push(", ").number(scale.into()).push(")");
                return Ok(());
            }
            ColumnType::Uuid => "uuid",
            ColumnType::Date => "date",
            ColumnType::Time => "time",
            ColumnType::DateTime => "timestamp",
            ColumnType::Instant => "timestamptz",
            ColumnType::Json => "jsonb",
            ColumnType::Enum(of) if of.native.is_some() => {
                enums::name(w, of);
                return Ok(());
            }
            ColumnType::Enum(_) => "text COLLATE \"C\"",
            ColumnType::Array(ColumnType::Text { .. } | ColumnType::Enum(_)) => "text[] COLLATE \"C\"",
            ColumnType::Array(element) => {
                self.column_type(w, *element)?;
                "[]"
            }
            ColumnType::Other(name) => name,
            unknown => {
                let what = format!("a column of type {unknown}");
                return Err(Error::unsupported(NAME, &what, "use a type that creole-postgres knows"));
            }
        };
        w.push(name);
        Ok(())
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw)
    }

    /// A `real` would round what is not exact in 32 bits.
    fn check(&self, value: ValueRef<'_>, ty: ColumnType) -> Result<(), String> {
        match (value, ty) {
            (ValueRef::F64(number), ColumnType::F32) => bind::exact_f32(number).map(|_| ()),
            _ => Ok(()),
        }
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
            other => return standard::literal(w, other, ty),
        };
        w.text_literal(&text).push("::").push(name);
        Ok(())
    }

    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        if op.is_arithmetic() {
            return arithmetic::binary(w, op, left, right);
        }
        standard::binary(w, op, left, right)
    }

    /// Under collation "C" only the letters of ASCII have two cases, so letters are mapped under ICU's; what comes of it is
    /// compared by code point again.
    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        let (Function::Lower | Function::Upper, [text]) = (function, arguments) else {
            return standard::call(w, function, arguments);
        };
        w.push(function.sql()).push("(");
        w.expr(text, Precedence::Atom)?;
        w.push(" COLLATE \"und-x-icu\") COLLATE \"C\"");
        Ok(())
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
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
        w.ident(column.name).push(" ");
        // Identity columns are bigint at most, and both ends of a foreign key must be of one type.
        if column.ty == ColumnType::U64 && table.is_numbered(column) {
            w.push("bigint");
        } else {
            self.column_type(w, column.ty)?;
        }
        standard::column_options(w, column);
        if let Some(condition) = types::range_condition(column.ty) {
            w.push(" CHECK (").ident(column.name).push(" ").push(condition).push(")");
        }
        if let ColumnType::Enum(of) = column.ty
            && of.native.is_none()
        {
            w.push(" CHECK (");
            standard::is_label(w, column.name, of.labels)?;
            w.push(")");
        }
        if let ColumnType::Bytes { length: Some(length) } = column.ty {
            w.push(" CHECK (octet_length(").ident(column.name).push(") <= ").number(length.into()).push(")");
        }
        Ok(())
    }

    fn before_table(&self, table: &'static Table) -> Vec<String> {
        enums::create(self, table)
    }

    fn after_drop(&self, table: &'static Table) -> Vec<String> {
        enums::drop(self, table)
    }

    fn finish(&self, statement: &mut Compiled<'_>) {
        bind::mark_large(statement);
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

#[cfg(test)]
mod tests;
