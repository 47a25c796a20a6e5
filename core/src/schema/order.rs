//! The order in which tables can be created: those that are referred to first.

use super::Table;
use crate::error::{Error, ErrorKind, Result};

/// Sorts `tables` so that each comes after those it refers to; tables that do not depend on each other keep their order,
/// and a description given twice is taken once. Where several describe one table, all of them come before what refers to it.
///
/// # Errors
/// [`ErrorKind::Unsupported`] where tables refer to each other in a circle. A table may refer to itself.
pub(crate) fn creation_order(tables: &[&'static Table]) -> Result<Vec<&'static Table>> {
    let mut waiting: Vec<&'static Table> = Vec::with_capacity(tables.len());
    for &table in tables {
        if !waiting.contains(&table) {
            waiting.push(table);
        }
    }
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |table: &&'static Table| {
            table.foreign_keys.iter().all(|key| {
                let target = (key.table)();
                target.is_same_table(table) || !waiting.iter().any(|other| other.is_same_table(target))
            })
        };
        let Some(place) = waiting.iter().position(is_free) else {
            let names: Vec<String> = waiting.iter().map(|table| table.to_string()).collect();
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the foreign keys of these tables form a circle: {}; leave `references` off one of them",
                    names.join(", ")
                ),
            ));
        };
        ordered.push(waiting.remove(place));
    }
    Ok(ordered)
}

/// The first description of each table.
pub(crate) fn each_once<'t>(tables: impl IntoIterator<Item = &'t &'static Table>) -> Vec<&'static Table> {
    let mut once: Vec<&'static Table> = Vec::new();
    for &table in tables {
        if !once.iter().any(|known| known.is_same_table(table)) {
            once.push(table);
        }
    }
    once
}
