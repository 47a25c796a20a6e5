//! What must hold of a table on every backend, although some would find out only later, or never.

use std::borrow::Cow;

use super::{ColumnDef, ForeignKey, Storage, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::types::ColumnType;

/// Refuses models of one table where the first, by which it is created, lacks a column of another one.
pub(crate) fn check_models(tables: &[&'static Table]) -> Result<()> {
    for (place, &table) in tables.iter().enumerate() {
        let Some(first) = tables.iter().take(place).find(|first| first.is_same_table(table)) else { continue };
        let is_absent = |column: &&ColumnDef| !first.columns.iter().any(|own| own.name == column.name);
        if let Some(column) = table.columns.iter().find(is_absent) {
            let message = format!(
                "several models describe {table}, and the first, by which it is created, has no column {}: name the one that has all \
                 columns first",
                column.name
            );
            return Err(Error::new(ErrorKind::Unsupported, message).with_table(table.name).with_columns([column.name]));
        }
    }
    Ok(())
}

/// Refuses tables whose indexes or constraints have one name: on some databases names are the whole schema's, and there CREATE
/// INDEX IF NOT EXISTS would leave the second one out without a word.
pub(crate) fn check_names(tables: &[&'static Table]) -> Result<()> {
    let mut taken: Vec<(Option<&str>, String, &'static Table)> = Vec::new();
    for &table in tables {
        for name in names_of(table) {
            // Databases do not tell `Name` from `name`.
            let key = name.to_lowercase();
            let is_same = |(schema, other, owner): &&(Option<&str>, String, &'static Table)| {
                *schema == table.schema && *other == key && !owner.is_same_table(table)
            };
            if let Some((_, _, other)) = taken.iter().find(is_same) {
                let message =
                    format!("{other} and {table} both have something called {name}: give one of them another name");
                return Err(Error::new(ErrorKind::Unsupported, message).with_table(table.name).with_constraint(name));
            }
            taken.push((table.schema, key, table));
        }
    }
    Ok(())
}

/// The names that a table takes.
fn names_of(table: &'static Table) -> Vec<Cow<'static, str>> {
    let mut names = vec![Cow::Borrowed(table.name), table.primary_key_name()];
    names.extend(table.uniques.iter().map(|key| key.name(table)));
    names.extend(table.indexes.iter().map(|index| index.name(table)));
    names.extend(table.foreign_keys.iter().map(|key| key.name(table)));
    names.extend(table.checks.iter().map(|check| check.name(table)));
    names
}

/// Refuses foreign keys whose columns are compared by another rule than those they refer to, or kept in another form: the
/// databases do not agree which rows would then belong together, and some refuse.
pub(crate) fn check_foreign_keys(table: &'static Table) -> Result<()> {
    for key in table.foreign_keys {
        check_collations(table, key)?;
        check_storages(table, key)?;
    }
    Ok(())
}

fn check_collations(table: &'static Table, key: &ForeignKey) -> Result<()> {
    let target = (key.table)();
    for (&own, &other) in key.columns.iter().zip(key.references) {
        let (Some(own), Some(other)) = (table.column(own), target.column(other)) else { continue };
        if own.collation != other.collation {
            let message = format!(
                "the foreign key {} can't refer to {target}.{}, whose collation is another one: give both columns the same",
                key.name(table),
                other.name
            );
            return Err(Error::new(ErrorKind::Unsupported, message).with_table(table.name).with_columns([own.name]));
        }
    }
    Ok(())
}

fn check_storages(table: &'static Table, key: &ForeignKey) -> Result<()> {
    let target = (key.table)();
    for (&own, &other) in key.columns.iter().zip(key.references) {
        let (Some(own), Some(other)) = (table.column(own), target.column(other)) else { continue };
        if form(own) != form(other) {
            let message = format!(
                "the foreign key {} can't refer to {target}.{}, which is stored in another form: give both columns the same storage",
                key.name(table),
                other.name
            );
            return Err(Error::new(ErrorKind::Unsupported, message).with_table(table.name).with_columns([own.name]));
        }
    }
    Ok(())
}

/// In which form a column is kept. Scaled integers are so by their digits after the point.
fn form(column: &ColumnDef) -> (Storage, Option<u8>) {
    match (column.storage, column.ty) {
        (Storage::ScaledInteger, ColumnType::Decimal { scale, .. }) => (column.storage, Some(scale)),
        (storage, _) => (storage, None),
    }
}
