//! creole's types in SQLite's four storage classes.
//!
//! Columns are declared INTEGER, REAL, TEXT or BLOB and nothing else: any other word gives a column "numeric affinity", which
//! rewrites text that looks like a number. What else a type says is a named CHECK, so that a value that another program
//! writes is refused as one of ours is. The prefix of its name tells the error apart from a constraint of the model.

use creole_core::schema::{ColumnDef, Generated, ServerDefault, Storage};
use creole_core::sql::{Ident, SqlWriter, standard};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result, write_sql};

use crate::dialect::NAME;
use crate::float;
use crate::storage::StoredForm;
use crate::text::TextForm;

/// What the names of the checks that belong to a column's type begin with; the column's name follows.
pub(crate) const VALUE_CHECK: &str = "fits_type_";

/// The floats that SQLite reads from their digits as they are. Those of other sizes it may take for a neighbour.
pub(crate) const READ_EXACTLY: std::ops::Range<f64> = 1e-15..1e15;

/// As many decimal digits as every integer of SQLite's has room for.
const MOST_SCALED_DIGITS: u8 = 18;

/// The declared type of a column.
pub(crate) fn declaration(ty: ColumnType) -> Result<&'static str> {
    Ok(match ty {
        ColumnType::Bool => "INTEGER",
        ColumnType::I8
        | ColumnType::I16
        | ColumnType::I32
        | ColumnType::I64
        | ColumnType::U8
        | ColumnType::U16
        | ColumnType::U32
        | ColumnType::U64 => "INTEGER",
        ColumnType::F32 | ColumnType::F64 => "REAL",
        ColumnType::Text { .. } | ColumnType::Json => "TEXT",
        ColumnType::Date | ColumnType::Time | ColumnType::DateTime | ColumnType::Instant => "TEXT",
        ColumnType::Decimal { .. } => "TEXT COLLATE decimal",
        ColumnType::Bytes { .. } | ColumnType::Uuid => "BLOB",
        ColumnType::Enum(of) if of.native.is_none() => "TEXT",
        ColumnType::Enum(of) => {
            let feature = format!("{}, an enum of the database's own,", of.name);
            let way_out = "leave `native` off the enum: its labels are then text with a check";
            return Err(Error::unsupported(NAME, &feature, way_out));
        }
        ColumnType::Array(element) => {
            let feature = format!("an array of {element}");
            return Err(Error::unsupported(NAME, &feature, "use `Json<Vec<…>>`, which every database keeps"));
        }
        ColumnType::Other(_) => {
            let feature = format!("the column type {ty}");
            return Err(Error::unsupported(NAME, &feature, "use a type of creole's, or text or bytes"));
        }
    })
}

/// Writes the declared type of a model's column, in the form in which it is kept.
pub(crate) fn column_type(w: &mut SqlWriter<'_>, column: &'static ColumnDef) -> Result<()> {
    check_storage(column)?;
    w.push(match StoredForm::of(column) {
        Some(StoredForm::Scaled { .. }) => "INTEGER",
        Some(StoredForm::Text) => "TEXT",
        None => declaration(column.ty)?,
    });
    Ok(())
}

/// What the derive has refused already, for tables that were written by hand.
fn check_storage(column: &ColumnDef) -> Result<()> {
    let refuse = |feature: &str, way_out: &str| {
        let feature = format!("{feature} (column {})", column.name);
        Err(Error::unsupported(NAME, &feature, way_out))
    };
    match (column.storage, StoredForm::of(column)) {
        (Storage::Usual, _) => Ok(()),
        (_, None) => refuse("a storage that is not for its type", "scaled integers are for decimals, text for UUIDs"),
        (_, Some(StoredForm::Scaled { precision, .. })) if precision > MOST_SCALED_DIGITS => {
            refuse("a scaled integer of more than 18 digits", "lower the precision, or leave the storage off")
        }
        _ if matches!(column.generated, Generated::ServerDefault(ServerDefault::Sql(_))) => refuse(
            "a default as one SQL for every backend in a storage of its own",
            "write it as a value, such as `server_default = 1.50`, or one SQL for each database",
        ),
        _ => Ok(()),
    }
}

/// ` CONSTRAINT "fits_type_age" CHECK ("age" BETWEEN 0 AND 255)`; nothing where the declared type says it all.
pub(crate) fn value_check(w: &mut SqlWriter<'_>, column: &'static ColumnDef) -> Result<()> {
    if let ColumnType::Enum(of) = column.ty {
        return write_sql!(w, open_check(w, column), standard::is_label(w, column.name, of.labels), ")");
    }
    if let Some(kept) = StoredForm::of(column) {
        let (before, after) = form_check(kept);
        return write_sql!(w, open_check(w, column), before, Ident(column.name), &after, ")");
    }
    if let ColumnType::Decimal { precision, scale } = column.ty {
        let before = precision.saturating_sub(scale).into();
        return write_sql!(w, open_check(w, column), decimal_check(w, column.name, before, scale.into()), ")");
    }
    let (before, after) = match column.ty {
        ColumnType::Bool => ("", " IN (0, 1)".to_owned()),
        ColumnType::I64 => return Ok(()),
        // SQLite's own integers end where those with a sign do.
        ColumnType::U64 => ("", " >= 0".to_owned()),
        ColumnType::Text { length: Some(length) } | ColumnType::Bytes { length: Some(length) } => {
            ("length(", format!(") <= {length}"))
        }
        ColumnType::Uuid => ("length(", ") = 16".to_owned()),
        ColumnType::Json => ("json_valid(", ")".to_owned()),
        ty @ (ColumnType::I8
        | ColumnType::I16
        | ColumnType::I32
        | ColumnType::U8
        | ColumnType::U16
        | ColumnType::U32) => match ty.integer_range() {
            Some((low, high)) => ("", format!(" BETWEEN {low} AND {high}")),
            None => return Ok(()),
        },
        ColumnType::F32
        | ColumnType::F64
        | ColumnType::Text { .. }
        | ColumnType::Bytes { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::DateTime
        | ColumnType::Instant
        | ColumnType::Enum(_)
        | ColumnType::Array(_)
        | ColumnType::Other(_) => return Ok(()),
    };
    write_sql!(w, open_check(w, column), before, Ident(column.name), &after, ")")
}

/// How many digits a decimal has before and after its point. Zeros at either end do not count, so that a text with other
/// ones than creole would write is taken as well. It is said without the collation, which other programs may not have.
pub(crate) fn decimal_check(w: &mut SqlWriter<'_>, column: &str, before: u64, after: u64) {
    w.ident(column).push(" NOT GLOB '*[^-.0-9]*'");
    w.push(" AND instr(ltrim(").ident(column).push(", '-0') || '.', '.') <= ").number(before.saturating_add(1));
    w.push(" AND length(rtrim(").ident(column).push(", '0'))");
    w.push(" - instr(").ident(column).push(" || '.', '.') <= ").number(after);
}

/// What keeps a column to its form, before and after its name. Of a scaled integer it says the digits before and after the
/// point.
fn form_check(kept: StoredForm) -> (&'static str, String) {
    match kept {
        StoredForm::Scaled { precision, scale } => {
            let most = 10_u64.saturating_pow(precision.saturating_sub(scale).into()) - 1;
            ("", format!(" / {} BETWEEN -{most} AND {most}", 10_u64.saturating_pow(scale.into())))
        }
        StoredForm::Text => {
            let digits = |count| "[0-9a-f]".repeat(count);
            ("", format!(" GLOB '{}'", [8, 4, 4, 4, 12].map(digits).join("-")))
        }
    }
}

fn open_check(w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
    w.push(" CONSTRAINT ").ident(&format!("{VALUE_CHECK}{}", column.name)).push(" CHECK (");
}

/// Refuses what SQLite would keep as something else: it has no NaN, which it stores as NULL, and no integers beyond
/// 2⁶³ − 1, which would become floating point numbers or, kept as text, no longer sort among the others.
pub(crate) fn check(value: ValueRef<'_>) -> Result<(), String> {
    match value {
        ValueRef::F64(number) if number.is_nan() => Err("SQLite has no NaN".into()),
        ValueRef::U64(number) if i64::try_from(number).is_err() => {
            Err(format!("the number is out of range for SQLite (at most {})", i64::MAX))
        }
        ValueRef::Other { type_name, .. } => Err(format!("SQLite has no type {type_name}")),
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
        | ValueRef::Json(_)
        | ValueRef::Array(_)
        | ValueRef::List(_)
        | ValueRef::Invalid(_) => Ok(()),
    }
}

/// A value in the text of a DDL statement, in the form in which it is stored.
pub(crate) fn literal(w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
    check(value).map_err(|reason| Error::new(ErrorKind::InvalidValue, reason).on(NAME))?;
    if let Some(form) = TextForm::of(value, ty) {
        w.text_literal(form.as_str());
        return Ok(());
    }
    match value {
        ValueRef::Bool(true) => w.push("1"),
        ValueRef::Bool(false) => w.push("0"),
        ValueRef::F64(number) if number == f64::INFINITY => w.push("9e999"),
        ValueRef::F64(number) if number == f64::NEG_INFINITY => w.push("-9e999"),
        ValueRef::F64(number) if number != 0.0 && !READ_EXACTLY.contains(&number.abs()) => {
            w.push(&float::exact(number))
        }
        ValueRef::Bytes(bytes) => blob(w, bytes),
        ValueRef::Uuid(id) if matches!(ty, ColumnType::Text { .. }) => w.text_literal(&id.hyphenated().to_string()),
        ValueRef::Uuid(id) => blob(w, id.as_bytes()),
        ValueRef::Json(document) => w.text_literal(&document.text()?),
        ValueRef::Null
        | ValueRef::I64(_)
        | ValueRef::U64(_)
        | ValueRef::F64(_)
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
    Ok(())
}

/// `X'00ff'`
fn blob<'w, 'a>(w: &'w mut SqlWriter<'a>, bytes: &[u8]) -> &'w mut SqlWriter<'a> {
    w.push("X'");
    for byte in bytes {
        w.push(&format!("{byte:02x}"));
    }
    w.push("'")
}
