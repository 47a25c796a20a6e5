//! CREATE TABLE.

use creole_core::schema::{Generated, Table};
use creole_core::sql::{SqlWriter, standard};
use creole_core::types::ColumnType;
use creole_core::{Error, Result};

use crate::dialect::Flavor;
use crate::types::key_bytes;

/// How many bytes a key of InnoDB holds.
const LONGEST_KEY: u32 = 3_072;

/// The table with its keys, checks and indexes. Indexes stand within it, because MySQL has no CREATE INDEX that leaves an
/// index alone which is there.
pub(crate) fn create_table(w: &mut SqlWriter<'_>, table: &'static Table, flavor: Flavor) -> Result<()> {
    check_keys(w, table)?;
    standard::open_table(w, table);
    standard::columns(w, table)?;
    w.push(",\n  ");
    standard::primary_key(w, table);
    standard::constraints(w, table)?;
    for index in table.indexes {
        w.push(",\n  KEY ").ident(&index.name(table)).push(" ");
        standard::column_list(w, table, index.columns);
    }
    w.push("\n) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ").push(flavor.collation());
    Ok(())
}

fn check_keys(w: &SqlWriter<'_>, table: &'static Table) -> Result<()> {
    let backend = w.dialect().name();
    check_key(backend, table, &table.primary_key_name(), table.primary_key)?;
    for key in table.uniques {
        check_key(backend, table, &key.name(table), key.columns)?;
    }
    for index in table.indexes {
        check_key(backend, table, &index.name(table), index.columns)?;
    }
    for key in table.foreign_keys {
        check_key(backend, table, &key.name(table), key.columns)?;
    }
    check_auto(backend, table)
}

fn check_key(backend: &'static str, table: &'static Table, key: &str, columns: &[u16]) -> Result<()> {
    let mut bytes = 0_u32;
    for column in columns.iter().filter_map(|&index| table.column(index)) {
        let Some(more) = key_bytes(column.ty) else {
            let what = format!("the column {} of {table}, of type {}, in the key {key}", column.name, column.ty);
            let way_out = match column.ty {
                ColumnType::Json => "index a value taken out of the document",
                _ => "give it a length with `#[model(length = n)]`, at most 768 for text",
            };
            return Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns([column.name]));
        };
        bytes = bytes.saturating_add(more);
    }
    if bytes <= LONGEST_KEY {
        return Ok(());
    }
    let what = format!("the key {key} of {table}, with up to {bytes} bytes");
    let way_out = "keys hold 3072 bytes, and a character takes four: shorten a column with `#[model(length = n)]`";
    Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns(table.column_names(columns)))
}

/// A column is numbered by the largest number there is, which takes a key that begins with it.
fn check_auto(backend: &'static str, table: &'static Table) -> Result<()> {
    let begins_with = |columns: &[u16], auto| columns.first() == Some(&auto);
    for (place, column) in (0_u16..).zip(table.columns) {
        if column.generated != Generated::Auto {
            continue;
        }
        let is_key = begins_with(table.primary_key, place)
            || table.uniques.iter().any(|key| begins_with(key.columns, place))
            || table.indexes.iter().any(|index| begins_with(index.columns, place));
        if !is_key {
            let what = format!("the automatic column {} of {table} without a key that begins with it", column.name);
            let way_out = "put it first in the primary key, or index it";
            return Err(Error::unsupported(backend, &what, way_out).with_table(table.name).with_columns([column.name]));
        }
    }
    Ok(())
}
