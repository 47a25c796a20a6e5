//! Column types: how they are spelled, how much room they take in a key, and what they can't hold.

use std::borrow::Cow;

use creole_core::schema::{ColumnDef, short_name};
use creole_core::sql::{Expr, SqlWriter, standard};
use creole_core::types::{ColumnType, EnumType, JsonRef, ValueRef};
use creole_core::{Dialect, Error, Result, write_sql};
use uuid::Uuid;

use crate::dialect::Flavor;

/// What the names of the checks that belong to a column's type begin with; the table and the column follow.
const VALUE_CHECK: &str = "fits_type_";

/// The longest `varchar`, in characters: rows have 65,535 bytes, characters up to four.
const LONGEST_VARCHAR: u32 = 16_383;
/// The longest `varbinary`, in bytes, with room for its length.
const LONGEST_VARBINARY: u32 = 65_532;

impl Flavor {
    /// Writes a column type.
    ///
    /// # Errors
    /// [`Unsupported`](creole_core::ErrorKind::Unsupported) for arrays.
    pub(crate) fn write_type(self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        let name = match ty {
            ColumnType::Bool => "tinyint(1)",
            ColumnType::I8 => "tinyint",
            ColumnType::I16 => "smallint",
            ColumnType::I32 => "int",
            ColumnType::I64 => "bigint",
            ColumnType::U8 => "tinyint unsigned",
            ColumnType::U16 => "smallint unsigned",
            ColumnType::U32 => "int unsigned",
            ColumnType::U64 => "bigint unsigned",
            // `float` is shown with six digits and compared inexactly; every f32 is a double.
            ColumnType::F32 | ColumnType::F64 => "double",
            ColumnType::Text { length: Some(length) } if length <= LONGEST_VARCHAR => {
                return write_sql!(w, "varchar(", length, ")");
            }
            ColumnType::Text { .. } => "longtext",
            ColumnType::Bytes { length: Some(length) } if length <= LONGEST_VARBINARY => {
                return write_sql!(w, "varbinary(", length, ")");
            }
            ColumnType::Bytes { .. } => "longblob",
            ColumnType::Decimal { precision, scale } => {
                return write_sql!(w, "decimal(", precision, ", ", scale, ")");
            }
            ColumnType::Uuid => match self {
                Flavor::MySql => "binary(16)",
                Flavor::MariaDb => "uuid",
            },
            ColumnType::Date => "date",
            ColumnType::Time => "time(6)",
            ColumnType::DateTime | ColumnType::Instant => "datetime(6)",
            ColumnType::Json => "json",
            ColumnType::Enum(of) if of.native.is_some() => {
                return write_sql!(w, "enum(", labels(w, of), ")");
            }
            ColumnType::Enum(of) => {
                return write_sql!(w, "varchar(", of.longest_label() as u64, ")");
            }
            ColumnType::Array(element) => {
                let feature = format!("an array of {element}");
                let way_out = "use `Json<Vec<…>>`, which every database keeps";
                return Err(Error::unsupported(w.dialect().name(), &feature, way_out));
            }
            ColumnType::Other(name) => name,
        };
        w.push(name);
        Ok(())
    }

    /// Writes a value into the text of a DDL statement.
    pub(crate) fn write_literal(self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        match value {
            ValueRef::Text(text) => text_literal(w, text),
            ValueRef::Bytes(bytes) => hex(w, bytes),
            ValueRef::Uuid(id) if self == Flavor::MySql => hex(w, id.as_bytes()),
            ValueRef::Uuid(id) => w.text_literal(&id.to_string()),
            ValueRef::Date(date) => w.push("DATE").text_literal(&date.to_string()),
            ValueRef::Time(time) => w.push("TIME").text_literal(&time.to_string()),
            ValueRef::DateTime(moment) | ValueRef::Instant(moment) => {
                w.push("TIMESTAMP").text_literal(&moment.to_string())
            }
            ValueRef::Null
            | ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::F64(_)
            | ValueRef::Display(_)
            | ValueRef::Decimal(_)
            | ValueRef::Cut(_)
            | ValueRef::Json(_)
            | ValueRef::Array(_)
            | ValueRef::List(_)
            | ValueRef::Invalid(_)
            | ValueRef::Other { .. } => return standard::literal(w, value, ty),
        };
        Ok(())
    }

    /// Refuses values that the server would keep otherwise than given.
    pub(crate) fn check_value(self, value: ValueRef<'_>) -> Result<(), String> {
        match value {
            ValueRef::F64(number) if !number.is_finite() => Err("NaN and infinity can't be stored".into()),
            ValueRef::Json(document) => self.check_json(document),
            ValueRef::Uuid(id) if self == Flavor::MariaDb && is_no_uuid(id) => {
                Err("MariaDB takes no UUID of version 8 or later whose variant is not that of RFC 9562".into())
            }
            ValueRef::Null
            | ValueRef::Bool(_)
            | ValueRef::I64(_)
            | ValueRef::U64(_)
            | ValueRef::F64(_)
            | ValueRef::Text(_)
            | ValueRef::Display(_)
            | ValueRef::Bytes(_)
            | ValueRef::Decimal(_)
            | ValueRef::Uuid(_)
            | ValueRef::Date(_)
            | ValueRef::Time(_)
            | ValueRef::DateTime(_)
            | ValueRef::Instant(_)
            | ValueRef::Cut(_)
            | ValueRef::Array(_)
            | ValueRef::List(_)
            | ValueRef::Invalid(_)
            | ValueRef::Other { .. } => Ok(()),
        }
    }

    /// How deeply a document may nest.
    pub(crate) fn deepest_json(self) -> usize {
        match self {
            Flavor::MySql => 100,
            Flavor::MariaDb => 31,
        }
    }

    /// Both servers refuse documents that nest deeply; MariaDB by a check that does not say why.
    fn check_json(self, document: JsonRef<'_>) -> Result<(), String> {
        let deepest = self.deepest_json();
        let depth = document.depth().map_err(|error| error.to_string())?;
        if depth <= deepest {
            return Ok(());
        }
        Err(format!("the JSON document nests {depth} levels deep, the database keeps at most {deepest}"))
    }
}

/// The condition that keeps a column to what its type holds, where the server's own type holds more.
///
/// # Errors
/// What writing a label says.
pub(crate) fn value_condition(dialect: &dyn Dialect, column: &ColumnDef) -> Result<Option<String>> {
    let ColumnType::Enum(of) = column.ty else { return Ok(None) };
    if of.native.is_some() {
        return Ok(None);
    }
    let mut w = SqlWriter::for_ddl(dialect);
    standard::is_label(&mut w, column.name, of.labels)?;
    Ok(Some(w.into_text()))
}

/// The name of the check that belongs to a column's type: `fits_type_articles.status`. It has the table in it, because names
/// of checks are the whole database's on MySQL.
pub(crate) fn value_check_name(table: &str, column: &str) -> Cow<'static, str> {
    short_name(format!("{VALUE_CHECK}{table}.{column}"))
}

/// Whether a check belongs to a column's type.
pub(crate) fn is_value_check(constraint: &str) -> bool {
    constraint.starts_with(VALUE_CHECK)
}

/// The table and the column whose check this is, where the name says them whole.
pub(crate) fn checked_column(constraint: &str) -> Option<(&str, &str)> {
    let (table, column) = constraint.strip_prefix(VALUE_CHECK)?.rsplit_once('.')?;
    (value_check_name(table, column) == constraint).then_some((table, column))
}

/// How many bytes a column of this type takes in a key; `None` where it can't be part of one.
pub(crate) fn key_bytes(ty: ColumnType) -> Option<u32> {
    Some(match ty {
        ColumnType::Bool | ColumnType::I8 | ColumnType::U8 => 1,
        ColumnType::I16 | ColumnType::U16 => 2,
        ColumnType::I32 | ColumnType::U32 => 4,
        ColumnType::Text { length: Some(length) } if length <= LONGEST_VARCHAR => length * 4,
        ColumnType::Bytes { length: Some(length) } if length <= LONGEST_VARBINARY => length,
        ColumnType::Text { .. } | ColumnType::Bytes { .. } | ColumnType::Json => return None,
        ColumnType::Decimal { precision, .. } => u32::from(precision) / 2 + 1,
        ColumnType::Uuid => 16,
        ColumnType::Enum(of) if of.native.is_some() => 2,
        ColumnType::Enum(of) => u32::try_from(of.longest_label()).ok()?.saturating_mul(4),
        ColumnType::I64
        | ColumnType::U64
        | ColumnType::F32
        | ColumnType::F64
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::DateTime
        | ColumnType::Instant
        | ColumnType::Array(_)
        | ColumnType::Other(_) => 8,
    })
}

/// `'happy', 'sad'`
fn labels(w: &mut SqlWriter<'_>, of: &EnumType) -> Result<()> {
    w.commas(of.labels, |w, label| {
        text_literal(w, label);
        Ok(())
    })
}

/// The position of a label in its enum, from 1: `NULLIF(FIELD(…, 'happy', 'sad'), 0)`. Compared as they are, the labels of
/// an enum of the database's own would be ordered as text, though the database sorts by their positions.
pub(crate) fn position_of_label<'a>(w: &mut SqlWriter<'a>, expr: &'a Expr, of: &EnumType) -> Result<()> {
    write_sql!(w, "NULLIF(FIELD(", expr, ", ", labels(w, of), "), 0)")
}

/// Whether MariaDB refuses these bytes, found by trying all of them on 10.11.
pub(crate) fn is_no_uuid(id: Uuid) -> bool {
    let [_, _, _, _, _, _, version, _, variant, ..] = id.into_bytes();
    version >= 0x80 && (0x01..=0x80).contains(&variant)
}

/// Backslashes are doubled: in quoted text they escape what follows.
fn text_literal<'w, 'a>(w: &'w mut SqlWriter<'a>, text: &str) -> &'w mut SqlWriter<'a> {
    w.text_literal(&text.replace('\\', "\\\\"))
}

fn hex<'w, 'a>(w: &'w mut SqlWriter<'a>, bytes: &[u8]) -> &'w mut SqlWriter<'a> {
    w.push("x'");
    for byte in bytes {
        w.push(&format!("{byte:02x}"));
    }
    w.push("'")
}

/// The error of a value that is of another kind than its column.
#[cold]
pub(crate) fn mismatch(value: ValueRef<'_>, ty: ColumnType) -> Error {
    Error::new(creole_core::ErrorKind::InvalidValue, format!("a value of type {} can't be sent as {ty}", value.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_that_the_server_does_not_keep_are_refused() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Flavor::MariaDb.check_value(ValueRef::Json(JsonRef::Text(&deep(31)))).is_ok());
        assert!(Flavor::MariaDb.check_value(ValueRef::Json(JsonRef::Text(&deep(32)))).is_err());
        assert!(Flavor::MySql.check_value(ValueRef::Json(JsonRef::Text(&deep(100)))).is_ok());
        assert!(Flavor::MySql.check_value(ValueRef::Json(JsonRef::Text(&deep(101)))).is_err());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Flavor::MySql.check_value(ValueRef::F64(number)).is_err());
        }
        assert!(Flavor::MySql.check_value(ValueRef::F64(-0.0)).is_ok());
    }
}
