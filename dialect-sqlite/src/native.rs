//! From a column that is there back to creole's type.

use creole_core::Dialect as _;
use creole_core::inspect::ColumnInfo;
use creole_core::inspect::normal::{Strings, normal_form};
use creole_core::schema::{ColumnDef, Storage, Table};
use creole_core::sql::SqlWriter;
use creole_core::types::ColumnType;

use crate::definition;
use crate::dialect::Sqlite;

/// A column of each type that can be told from the others; where several look the same, the plainest.
static KNOWN: [ColumnDef; 16] = [
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
    ColumnDef::new("c", ColumnType::DECIMAL),
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
    let length = || check.strip_prefix("(<= (length \"c\") ")?.strip_suffix(')')?.parse().ok();
    match (column.type_name.to_ascii_uppercase().as_str(), length()) {
        // Without a length it is one of an enum's labels.
        ("TEXT", length) => Some(ColumnType::Text { length }),
        ("BLOB", Some(length)) => Some(ColumnType::Bytes { length: Some(length) }),
        _ => None,
    }
}

/// How SQLite would describe a column of a model.
pub(crate) fn described(column: &'static ColumnDef) -> ColumnInfo {
    static TABLE: Table = Table::new("t", &[]);
    let mut w = SqlWriter::for_ddl(&Sqlite);
    w.push("CREATE TABLE t (");
    // The types above can all be had.
    let _ = Sqlite.column_definition(&mut w, &TABLE, column);
    w.push(")");
    definition::read(&w.into_text()).column(column.name)
}

/// The condition of its check, as though the column were called `c`.
fn own_check(column: &ColumnInfo) -> Option<String> {
    let form = normal_form(column.value_check.as_deref()?, Strings::Doubled);
    Some(form.replace(&format!("\"{}\"", column.name), "\"c\""))
}
