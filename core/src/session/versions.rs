//! The versions of rows in a flush: [`Table::version`].
//!
//! An UPDATE counts the version up, and it and a DELETE find a row only as it was read. What others have changed since is so
//! noticed by the number of rows that a statement has found.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::blame::Failed;
use super::entity::{Entry, State};
use super::identity_map::IdentityMap;
use super::kept::Kept;
use crate::driver::{Row, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Part, RowKey};
use crate::pool::Link;
use crate::query::write::{keys_per_statement, stale};
use crate::schema::Table;
use crate::sql::{ColumnRef, DeletedRows, Expr, Item, TableRef, key_items, select_keys};
use crate::types::{ColumnType, Value, ValueRef};

/// Refuses an entity that the program has given another version: what it holds is not what was read with the row.
///
/// # Errors
/// [`StaleVersion`](ErrorKind::StaleVersion), naming the version's column.
pub(super) fn check(changes: &[(usize, Vec<u16>)], map: &IdentityMap) -> Result<(), Failed> {
    for (slot, columns) in changes {
        let Some(entry) = map.get(*slot) else { continue };
        let table = entry.entity.table();
        let Some(version) = table.version.filter(|version| columns.contains(version)) else { continue };
        let message = "the entity was given another version than its row was read with: a row of another time can't be written over \
                       this one, and the version itself is counted by the flush";
        let name = table.column(version).map(|column| column.name);
        let error = Error::new(ErrorKind::StaleVersion, message).with_table(table.name).with_columns(name);
        return Err(Failed { error, slot: Some(*slot) });
    }
    Ok(())
}

/// Refuses rows that were not found as they were read and are still there, so that no cascade of this flush has deleted them.
///
/// # Errors
/// [`StaleVersion`](ErrorKind::StaleVersion) if there is one.
pub(super) async fn refuse_changed(
    map: &IdentityMap,
    table: &'static Table,
    slots: &[usize],
    link: &mut Link,
) -> Result<(), Failed> {
    let Some(version) = table.version else { return Ok(()) };
    for slots in slots.chunks(keys_per_statement(link.dialect().capabilities(), table.primary_key.len())) {
        let key = |slot: &usize| -> Option<Vec<Value>> {
            let entry = map.get(*slot)?;
            Some(table.primary_key.iter().map(|&column| entry.before(column).to_owned()).collect())
        };
        let keys: Vec<Vec<Value>> = slots.iter().filter_map(key).collect();
        let mut items = key_items(table);
        items.push(Item::Expr(Expr::Column(ColumnRef { table: TableRef::new(table), index: version })));
        let select = select_keys(table, &keys, items, DeletedRows::Found);
        let mut found = Found { table, version, rows: HashMap::new() };
        link.fetch(&select.compile(link.destination())?, &mut found).await?;
        let is_changed = |slot: &&usize| {
            let entry = map.get(**slot);
            entry.is_some_and(|entry| {
                found.rows.get(&entry.row_key()).is_some_and(|now| now.as_ref() != entry.before(version))
            })
        };
        if let Some(&slot) = slots.iter().find(is_changed) {
            return Err(Failed { error: stale(table), slot: Some(slot) });
        }
    }
    Ok(())
}

/// Makes known that a flush has written these entities to those that other models have of their rows, and that it is still to write.
pub(super) fn follow(map: &mut IdentityMap, table: &'static Table, slots: &[usize]) {
    let is_other = |other: &Table| !std::ptr::eq(other, table) && other.is_same_table(table) && other.version.is_some();
    if table.version.is_none() || !map.tables().iter().any(|other| is_other(other)) {
        return;
    }
    let is_waiting = |entry: &Entry| match entry.state {
        State::Persistent => entry.snapshot.is_some() && is_other(entry.entity.table()),
        State::Deleting | State::Marking => is_other(entry.entity.table()),
        State::Pending | State::Deleted => false,
    };
    let all: Range<usize> = map.slots();
    let waiting: Vec<usize> = all.filter(|slot| map.get(*slot).is_some_and(is_waiting)).collect();
    for &written in slots {
        for &other in &waiting {
            if let Some(version) = version_of(map, table, written, other) {
                set_version(map, other, version);
            }
        }
    }
}

/// The version that an entity was written with, if another one is of the same row.
fn version_of(map: &IdentityMap, table: &'static Table, written: usize, other: usize) -> Option<Value> {
    let (written, other) = (map.get(written)?, map.get(other)?);
    let others = other.entity.table();
    let part = |entry: &Entry, column: u16| Part::of(table, column, entry.before(column));
    let is_same = |&column: &u16| {
        let place = others.place_of(column, table);
        place.is_some_and(|place| Part::of(table, column, other.before(place)) == part(written, column))
    };
    let version = table.version.filter(|&version| others.place_of(version, table) == others.version)?;
    table.primary_key.iter().all(is_same).then(|| written.entity.value(version).to_owned())
}

fn set_version(map: &mut IdentityMap, slot: usize, version: Value) {
    let level = map.level;
    let Some(entry) = map.get_mut(slot) else { return };
    let Some(column) = entry.entity.table().version else { return };
    entry.before_change(level);
    // Both models read it as the integer that it is; where one has a narrower type, its row is stale.
    if entry.entity.assign(column, version.as_ref()).is_err() {
        return;
    }
    if let Some(snapshot) = &mut entry.snapshot
        && let Some(kept) = Arc::make_mut(snapshot).get_mut(usize::from(column))
    {
        *kept = Kept::Value(version);
    }
}

/// Collects the versions of rows by their keys.
struct Found {
    table: &'static Table,
    version: u16,
    rows: HashMap<RowKey, Value>,
}

impl RowSink for Found {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut reader = RowReader::new(row);
        let mut read = |column: u16| -> Result<Value> {
            let ty = self.table.column(column).map_or(ColumnType::TEXT, |column| column.ty);
            Ok(reader.read_value(ty)?.to_owned())
        };
        let values: Vec<Value> = self.table.primary_key.iter().map(|&column| read(column)).collect::<Result<_>>()?;
        let version = read(self.version)?;
        let value = |index: usize, _: u16| values.get(index).map_or(ValueRef::Null, Value::as_ref);
        self.rows.insert(RowKey::primary(self.table, value), version);
        Ok(ControlFlow::Continue(()))
    }
}
