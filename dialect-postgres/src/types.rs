//! PostgreSQL's own types: how creole's column types are spelled, cast and told apart on the wire.

use std::borrow::Cow;

use creole_core::schema::{ColumnDef, Table, short_name};
use creole_core::sql::{Ident, SqlWriter, standard};
use creole_core::types::{ColumnType, TypeFamily};
use creole_core::{Result, write_sql};

use crate::dialect::Postgres;
use crate::enums;

/// What the names of the checks that belong to a column's type begin with; the column's name follows.
const VALUE_CHECK: &str = "fits_type_";

macro_rules! scalars {
    ($($(#[$doc:meta])* $variant:ident $oid:literal $array:literal $name:literal;)*) => {
        /// A type of PostgreSQL that creole reads and writes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Scalar { $($(#[$doc])* $variant,)* }

        impl Scalar {
            /// The number by which the protocol names the type. Those of built-in types never change.
            pub(crate) const fn oid(self) -> u32 {
                match self { $(Scalar::$variant => $oid,)* }
            }

            /// The number of the type of its arrays.
            pub(crate) const fn array_oid(self) -> u32 {
                match self { $(Scalar::$variant => $array,)* }
            }

            /// Whether this number is that of a type of arrays of one of these.
            pub(crate) const fn is_array(oid: u32) -> bool {
                // char[], name[], bpchar[] and varchar[] hold text.
                matches!(oid, $($array |)* 1002 | 1003 | 1014 | 1015)
            }

            /// The type's short name, as a cast spells it.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Scalar::$variant => $name,)* }
            }

            /// The type with this number. Everything that is sent as plain text is [`Scalar::Text`].
            pub(crate) const fn from_oid(oid: u32) -> Option<Scalar> {
                match oid {
                    $($oid => Some(Scalar::$variant),)*
                    // "char", name, xml, unknown, bpchar, varchar.
                    18 | 19 | 142 | 705 | 1042 | 1043 => Some(Scalar::Text),
                    _ => None,
                }
            }
        }
    };
}

scalars! {
    Bool 16 1000 "bool";
    Bytea 17 1001 "bytea";
    Int8 20 1016 "int8";
    Int2 21 1005 "int2";
    Int4 23 1007 "int4";
    Text 25 1009 "text";
    /// Numbers of catalogue rows: 32 bits without a sign.
    Oid 26 1028 "oid";
    Json 114 199 "json";
    Float4 700 1021 "float4";
    Float8 701 1022 "float8";
    Date 1082 1182 "date";
    Time 1083 1183 "time";
    Timestamp 1114 1115 "timestamp";
    Timestamptz 1184 1185 "timestamptz";
    Numeric 1700 1231 "numeric";
    Uuid 2950 2951 "uuid";
    Jsonb 3802 3807 "jsonb";
}

/// Writes a column type.
pub(crate) fn column_type(w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
    let name = match ty {
        ColumnType::Bool => "boolean",
        ColumnType::I8 | ColumnType::I16 | ColumnType::U8 => "smallint",
        ColumnType::I32 | ColumnType::U16 => "integer",
        ColumnType::I64 | ColumnType::U32 => "bigint",
        ColumnType::U64 => "numeric(20)",
        ColumnType::F32 => "real",
        ColumnType::F64 => "double precision",
        ColumnType::Text { length: None } => "text",
        ColumnType::Text { length: Some(length) } => {
            return write_sql!(w, "varchar(", length, ")");
        }
        ColumnType::Bytes { .. } => "bytea",
        ColumnType::Decimal { precision, scale } => {
            return write_sql!(w, "numeric(", precision, ", ", scale, ")");
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
        ColumnType::Enum(_) => "text",
        ColumnType::Array(ColumnType::Text { .. } | ColumnType::Enum(_)) => "text[]",
        ColumnType::Array(element) => {
            column_type(w, *element)?;
            "[]"
        }
        ColumnType::Other(name) => name,
    };
    w.push(name);
    Ok(())
}

/// Writes the type of a column of a table. Identity columns are bigint at most, and both ends of a foreign key must be of one
/// type.
pub(crate) fn declared_type(w: &mut SqlWriter<'_>, table: &'static Table, column: &'static ColumnDef) -> Result<()> {
    if column.ty == ColumnType::U64 && table.is_numbered(column) {
        w.push("bigint");
        return Ok(());
    }
    column_type(w, column.ty)
}

/// The type in which values of a column type are sent; `None` for types that only the database knows.
///
/// A `u64` goes as `int8`, because that compares with a bigint and with a numeric column and lets either use its index.
/// What is too large for it is sent as numeric, and the statement's text says so: see [`mark_large`](super::bind).
pub(crate) fn wire(ty: ColumnType) -> Option<Scalar> {
    Some(match ty {
        ColumnType::Bool => Scalar::Bool,
        ColumnType::I8 | ColumnType::I16 | ColumnType::U8 => Scalar::Int2,
        ColumnType::I32 | ColumnType::U16 => Scalar::Int4,
        ColumnType::I64 | ColumnType::U32 | ColumnType::U64 => Scalar::Int8,
        ColumnType::F32 => Scalar::Float4,
        ColumnType::F64 => Scalar::Float8,
        ColumnType::Text { .. } | ColumnType::Enum(_) => Scalar::Text,
        ColumnType::Bytes { .. } => Scalar::Bytea,
        ColumnType::Decimal { .. } => Scalar::Numeric,
        ColumnType::Uuid => Scalar::Uuid,
        ColumnType::Date => Scalar::Date,
        ColumnType::Time => Scalar::Time,
        ColumnType::DateTime => Scalar::Timestamp,
        ColumnType::Instant => Scalar::Timestamptz,
        ColumnType::Json => Scalar::Jsonb,
        ColumnType::Array(_) | ColumnType::Other(_) => return None,
    })
}

/// The number of the type in which values of a column type are sent; `None` for types that only the database knows.
pub(crate) fn wire_oid(ty: ColumnType) -> Option<u32> {
    match ty {
        ColumnType::Array(element) => wire(*element).map(Scalar::array_oid),
        ty => wire(ty).map(Scalar::oid),
    }
}

/// The name that a cast to a column type writes; `None` for a column type this crate does not know.
pub(crate) fn cast_name(ty: ColumnType) -> Option<&'static str> {
    match ty {
        // Not sent as a decimal is, so the text must tell the two apart.
        ColumnType::U64 => Some("numeric(20)"),
        ColumnType::Other(name) => Some(name),
        other => wire(other).map(Scalar::name),
    }
}

/// Whether values of this type can be sent as an array: those of arrays would be taken apart, the server alone knows arrays of its
/// own types, and a `u64` is sent in two ways.
pub(crate) fn has_arrays(ty: ColumnType) -> bool {
    ty != ColumnType::U64 && ty.native_enum().is_none() && wire(ty).is_some()
}

/// The condition that keeps a column to what its type holds, where PostgreSQL's own type holds more.
///
/// # Errors
/// [`InvalidValue`](creole_core::ErrorKind::InvalidValue) for a label that can't be text here.
pub(crate) fn value_condition(column: &ColumnDef) -> Result<Option<String>> {
    let mut w = SqlWriter::for_ddl(&Postgres);
    match column.ty {
        ColumnType::Enum(of) if of.native.is_none() => standard::is_label(&mut w, column.name, of.labels)?,
        ColumnType::Bytes { length: Some(length) } => {
            write_sql!(w, "octet_length(", Ident(column.name), ") <= ", length)?;
        }
        ty => {
            let Some(range) = range_condition(ty) else { return Ok(None) };
            w.ident(column.name).push(" ").push(range);
        }
    }
    Ok(Some(w.into_text()))
}

/// Whether a column of this type holds text, and so has a collation.
pub(crate) fn is_text(ty: ColumnType) -> bool {
    use TypeFamily::*;
    match ty.family() {
        Array => matches!(ty, ColumnType::Array(ColumnType::Text { .. } | ColumnType::Enum(_))),
        Text => true,
        Enum => ty.native_enum().is_none(),
        Bool | Integer | Float | Bytes | Decimal | Uuid | Date | Time | DateTime | Json | Other => false,
    }
}

/// The name of the check that belongs to a column's type.
pub(crate) fn value_check_name(column: &str) -> Cow<'static, str> {
    short_name(format!("{VALUE_CHECK}{column}"))
}

/// Whether a check belongs to a column's type.
pub(crate) fn is_value_check(constraint: &str) -> bool {
    constraint.starts_with(VALUE_CHECK)
}

/// The column whose check this is, where the name says it whole.
pub(crate) fn checked_column(constraint: &str) -> Option<&str> {
    let column = constraint.strip_prefix(VALUE_CHECK)?;
    (value_check_name(column) == constraint).then_some(column)
}

/// What follows the column's name.
fn range_condition(ty: ColumnType) -> Option<&'static str> {
    match ty {
        ColumnType::I8 => Some("BETWEEN -128 AND 127"),
        ColumnType::U8 => Some("BETWEEN 0 AND 255"),
        ColumnType::U16 => Some("BETWEEN 0 AND 65535"),
        ColumnType::U32 => Some("BETWEEN 0 AND 4294967295"),
        ColumnType::U64 => Some(">= 0"),
        ColumnType::Bool
        | ColumnType::I16
        | ColumnType::I32
        | ColumnType::I64
        | ColumnType::F32
        | ColumnType::F64
        | ColumnType::Text { .. }
        | ColumnType::Bytes { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Uuid
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::DateTime
        | ColumnType::Instant
        | ColumnType::Json
        | ColumnType::Enum(_)
        | ColumnType::Array(_)
        | ColumnType::Other(_) => None,
    }
}
