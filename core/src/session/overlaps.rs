//! One row that is changed through two models.
//!
//! Each model has its own entity of a row, and neither sees what the other holds. A flush writes both, and what they have changed in
//! different columns goes together; of one column the last write would silently win.

use super::blame::Failed;
use super::identity_map::IdentityMap;
use crate::error::{Error, ErrorKind, Result};
use crate::query::write::KeyIndex;
use crate::schema::{Table, each_once};
use crate::sql::BindSource;
use crate::types::ValueRef;

/// Refuses changes to one column of one row through two models.
///
/// # Errors
/// [`StaleVersion`](ErrorKind::StaleVersion), naming the column.
pub(super) fn check(changes: &[(usize, Vec<u16>)], map: &IdentityMap) -> Result<(), Failed> {
    let models = models(changes, map);
    if each_once(models.iter().map(|(model, _)| model)).len() == models.len() {
        return Ok(());
    }
    for (index, (model, changes)) in models.iter().enumerate() {
        let earlier = models.iter().take(index);
        for (_, others) in earlier.filter(|(other, _)| other.is_same_table(model)) {
            check_models(model, &Rows { map, model, changes }, &Rows { map, model, changes: others })?;
        }
    }
    Ok(())
}

/// The rows of one model: their slots, and the columns that the program has changed.
type Changes<'c> = Vec<&'c (usize, Vec<u16>)>;

fn models<'c>(changes: &'c [(usize, Vec<u16>)], map: &IdentityMap) -> Vec<(&'static Table, Changes<'c>)> {
    let mut models: Vec<(&'static Table, Changes<'c>)> = Vec::new();
    for change in changes {
        let Some(entry) = map.get(change.0) else { continue };
        let table = entry.entity.table();
        match models.iter_mut().find(|(known, _)| *known == table) {
            Some((_, changes)) => changes.push(change),
            None => models.push((table, vec![change])),
        }
    }
    models
}

fn check_models(model: &'static Table, own: &Rows<'_>, others: &Rows<'_>) -> Result<(), Failed> {
    let keys = KeyIndex::new(model, model.primary_key, own, own.changes.len());
    for row in 0..others.changes.len() {
        let Some(twin) = keys.find(others, row) else { continue };
        let changed = own.changed(twin);
        if let Some(column) = others.changed(row).into_iter().find(|column| changed.contains(column)) {
            let slot = own.changes.get(twin).map(|(slot, _)| *slot);
            return Err(Failed { error: overlap(model, column), slot });
        }
    }
    Ok(())
}

/// The rows of a model, by the columns of another one of its table.
struct Rows<'r> {
    map: &'r IdentityMap,
    /// The model whose columns are asked for.
    model: &'static Table,
    changes: &'r Changes<'r>,
}

impl Rows<'_> {
    fn changed(&self, row: usize) -> Vec<u16> {
        let Some((slot, columns)) = self.changes.get(row) else { return Vec::new() };
        let Some(entry) = self.map.get(*slot) else { return Vec::new() };
        let table = entry.entity.table();
        columns.iter().filter_map(|&column| self.model.place_of(column, table)).collect()
    }
}

impl BindSource for Rows<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let entry = self.changes.get(row).and_then(|(slot, _)| self.map.get(*slot));
        let Some(entry) = entry else { return ValueRef::Null };
        let index = entry.entity.table().place_of(column, self.model);
        index.map_or(ValueRef::Null, |index| entry.before(index))
    }
}

fn overlap(table: &'static Table, column: u16) -> Error {
    let name = table.column(column).map_or("", |column| column.name);
    let message = format!(
        "column {name} of one row has been changed by way of two models, and to write both would undo the first: roll back and change it \
         by way of one, or flush, `refresh` the other entity and change it then"
    );
    Error::new(ErrorKind::StaleVersion, message).with_table(table.name).with_columns([name])
}
