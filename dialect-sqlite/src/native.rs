//! From a column that is there back to creole's type.

use creole_core::dialect::Ddl as _;
use creole_core::inspect::ColumnInfo;
use creole_core::inspect::normal::{Strings, normal_form};
use creole_core::schema::{ColumnDef, Storage, Table};
use creole_core::sql::SqlWriter;
use creole_core::types::ColumnType;
use creole_core::write_sql;

use crate::definition;
use crate::dialect::Sqlite;
use crate::types;

/// A column of each type that can be told from the others; where several look the same, the plainest.
static KNOWN: [ColumnDef; 15] = [
    ColumnDef::new("c", ColumnType::I64),
    ColumnDef::new("c", ColumnType::Bool),
    ColumnDef::new("c", ColumnType::I8),
    ColumnDef::new("c", ColumnType::I16),
    ColumnDef::new("c", ColumnType::I32),
    ColumnDef::new("c", ColumnType::U8),
    ColumnDef::new("c", ColumnType::U16),
    ColumnDef::new("c", ColumnType::U32),
    ColumnDef::new("c", ColumnType::U64),
    ColumnDef::new("c", ColumnType::F64),
    ColumnDef::new("c", ColumnType::TEXT),
    ColumnDef::new("c", ColumnType::Json),
    ColumnDef::new("c", ColumnType::BYTES),
    ColumnDef::new("c", ColumnType::Uuid),
    ColumnDef::new("c", ColumnType::Uuid).kept_as(Storage::Text),
];

/// creole's type for a column.
pub(crate) fn column_type(column: &ColumnInfo) -> Option<ColumnType> {
    let check = own_check(column);
    // What is compared by some other rule is text all the same.
    let is_decimal = column.collation.as_deref() == Some("decimal");
    let looks_the_same = |known: &&'static ColumnDef| {
        let other = described(known);
        other.type_name.eq_ignore_ascii_case(&column.type_name)
            && (other.collation.as_deref() == Some("decimal")) == is_decimal
            && own_check(&other) == check
    };
    if let Some(known) = KNOWN.iter().find(looks_the_same) {
        return Some(known.ty);
    }
    let check = check?;
    if let Some(decimal) = decimal(column, &check) {
        return Some(decimal);
    }
    let length = || check.strip_prefix("(<= (length \"c\") ")?.strip_suffix(')')?.parse().ok();
    match (column.type_name.to_ascii_uppercase().as_str(), length()) {
        // Without a length it is one of an enum's labels.
        ("TEXT", length) => Some(ColumnType::Text { length }),
        ("BLOB", Some(length)) => Some(ColumnType::Bytes { length: Some(length) }),
        _ => None,
    }
}

/// The decimal whose digits the condition says.
fn decimal(column: &ColumnInfo, check: &str) -> Option<ColumnType> {
    let (before, after) = match column.type_name.to_ascii_uppercase().as_str() {
        "TEXT" => digits_of_text(check)?,
        "INTEGER" => digits_of_scaled(check)?,
        _ => return None,
    };
    Some(ColumnType::Decimal { precision: before.checked_add(after)?, scale: after })
}

/// How many digits a decimal that is kept as text has before and after the point.
fn digits_of_text(check: &str) -> Option<(u8, u8)> {
    // Numbers that no column has, to find them in the text by.
    const BEFORE: u64 = 8_000_001;
    const AFTER: u64 = 9_000_001;
    let mut w = SqlWriter::for_ddl(&Sqlite);
    types::decimal_check(&mut w, "c", BEFORE - 1, AFTER);
    let form = normal_form(&w.into_text(), Strings::Doubled);
    let (start, rest) = form.split_once(&BEFORE.to_string())?;
    let (middle, end) = rest.split_once(&AFTER.to_string())?;
    let (before, after) = check.strip_prefix(start)?.strip_suffix(end)?.split_once(middle)?;
    Some((before.parse::<u8>().ok()?.checked_sub(1)?, after.parse().ok()?))
}

/// How many digits a decimal that is kept as a scaled integer has before and after the point.
fn digits_of_scaled(check: &str) -> Option<(u8, u8)> {
    let (unit, rest) = check.strip_prefix("(and (>= (/ \"c\" ")?.split_once(") ")?;
    let (least, rest) = rest.split_once(") ")?;
    let most = rest.strip_prefix(&format!("(<= (/ \"c\" {unit}) "))?.strip_suffix("))")?;
    let is_even = least.trim_start_matches('-') == most;
    let before = digits(most.parse::<u64>().ok().filter(|_| is_even)?.checked_add(1)?)?;
    Some((before, digits(unit.parse().ok()?)?))
}

/// Which power of ten a number is.
fn digits(power: u64) -> Option<u8> {
    let digits = power.checked_ilog10()?;
    if 10_u64.checked_pow(digits)? == power { u8::try_from(digits).ok() } else { None }
}

/// How SQLite would describe a column of a model.
pub(crate) fn described(column: &'static ColumnDef) -> ColumnInfo {
    static TABLE: Table = Table::new("t", &[]);
    let mut w = SqlWriter::for_ddl(&Sqlite);
    // The types above can all be had.
    let _ = write_sql!(w, "CREATE TABLE t (", Sqlite.column_definition(&mut w, &TABLE, column), ")");
    definition::read(&w.into_text()).column(column.name)
}

/// The condition of its check, as though the column were called `c`.
fn own_check(column: &ColumnInfo) -> Option<String> {
    let form = normal_form(column.value_check.as_deref()?, Strings::Doubled);
    Some(form.replace(&format!("\"{}\"", column.name), "\"c\""))
}
