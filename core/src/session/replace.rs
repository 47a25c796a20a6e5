//! Entities that take the place of others: what is deleted and added again with its key, in one flush, is a row that changes.
//!
//! The row never goes, and what refers to it goes on to. It gets all that the new entity holds, as an INSERT would write it: also the
//! columns that no other UPDATE writes, and its own values where every UPDATE writes some. Only its version is counted on. Where
//! something would become of other rows if it went, it goes, and another one comes.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::blame::Failed;
use super::entity::{Entry, State, columns};
use super::identity_map::IdentityMap;
use super::same_row::goes_elsewhere;
use super::unit_of_work::Plan;
use crate::error::Result;
use crate::model::{Leaving, RowKey};
use crate::schema::{Action, ForeignKey, Table};
use crate::types::Value;

/// Makes updates of what is deleted and added again. Returns the slots of the entities that are in the place of others now.
///
/// What it changes in memory only a rollback takes back, which must follow where the flush fails.
pub(super) fn replace(map: &mut IdentityMap, plan: &mut Plan) -> Result<HashSet<usize>, Failed> {
    let pairs = replacements(map);
    let (old, new): (HashSet<usize>, HashSet<usize>) = pairs.iter().copied().unzip();
    if new.is_empty() {
        return Ok(new);
    }
    plan.inserts.retain(|slot| !new.contains(slot));
    plan.deletes.retain(|slot| !old.contains(slot));
    plan.updates.retain(|(slot, _)| !old.contains(slot));
    for (old, new) in pairs {
        take_place(map, old, new).map_err(Failed::with(new))?;
        let columns = map.get(new).map(Entry::changed).unwrap_or_default();
        if !columns.is_empty() {
            plan.updates.push((new, columns));
        }
    }
    Ok(new)
}

/// The entities whose rows the next flush removes: that are to be deleted, and whose place no other one takes.
pub(super) fn leaving(map: &IdentityMap) -> Vec<usize> {
    let mut leaving = map.in_state(State::Deleting);
    if !leaving.is_empty() {
        let replaced: HashSet<usize> = replacements(map).into_iter().map(|(old, _)| old).collect();
        leaving.retain(|slot| !replaced.contains(slot));
    }
    leaving
}

/// The entities to be deleted that others of their model have the keys of, which are to be added; each with that other one.
fn replacements(map: &IdentityMap) -> Vec<(usize, usize)> {
    let is_added = |entry: &Entry| entry.state == State::Pending && entry.knows(entry.entity.table().primary_key);
    let mut added: Vec<&'static Table> = Vec::new();
    for table in map.unwritten().filter(|entry| is_added(entry)).map(|entry| entry.entity.table()) {
        if !added.iter().any(|known| std::ptr::eq(*known, table)) {
            added.push(table);
        }
    }
    let goes = |slot: usize, entry: &Entry| match entry.state {
        State::Deleting => !(takes_along(entry.entity.table()) || map.is_stale(slot) && is_key_alone(entry)),
        // Nothing becomes of others where a row is only marked.
        State::Marking => true,
        _ => false,
    };
    // Who deletes it by way of another model too means the row.
    let going = map.unwritten_slots().filter(|(slot, entry)| {
        added.iter().any(|table| std::ptr::eq(*table, entry.entity.table()))
            && goes(*slot, entry)
            && !goes_elsewhere(map, *slot)
    });
    let key = |entry: &Entry, key: RowKey| -> (TypeId, RowKey) { (entry.entity.as_any().type_id(), key) };
    let mut going: HashMap<(TypeId, RowKey), usize> =
        going.map(|(slot, entry)| (key(entry, entry.row_key()), slot)).collect();
    if going.is_empty() {
        return Vec::new();
    }
    let takes = |(slot, entry): (usize, &Entry)| {
        let old = going.remove(&key(entry, entry.entity.row_key()))?;
        Some((old, slot))
    };
    map.unwritten_slots().filter(|(_, entry)| is_added(entry)).filter_map(takes).collect()
}

/// Whether deleting a row of this model does something to rows of others, as its relations say.
fn takes_along(table: &'static Table) -> bool {
    (table.relations)().iter().any(|relation| {
        let (other, columns) = match relation.link.through {
            Some(between) => ((between.table)(), between.from),
            None => ((relation.to)(), relation.link.to),
        };
        let refers_here = |key: &&ForeignKey| key.columns == columns && (key.table)().is_same_table(table);
        let key = other.foreign_keys.iter().find(refers_here);
        relation.leaving == Leaving::Deleted || key.is_some_and(|key| key.on_delete != Action::Restrict)
    })
}

/// Whether its row has nothing that an UPDATE could write, and so find out whether it is there.
fn is_key_alone(entry: &Entry) -> bool {
    let table = entry.entity.table();
    columns(table).all(|column| table.matched().any(|matched| matched == column))
}

/// Makes an entity that was to be added the one of the row that another one was of.
fn take_place(map: &mut IdentityMap, old: usize, new: usize) -> Result<()> {
    let is_stale = map.is_stale(old);
    let now = map.writes.now();
    let Some(before) = map.get(old) else { return Ok(()) };
    let snapshot = before.snapshot.clone().unwrap_or_else(|| Arc::new(before.entity.values()));
    let (texts, read) = (before.texts.clone(), before.read);
    map.deleted(old);
    let Some(entry) = map.get_mut(new) else { return Ok(()) };
    let table = entry.entity.table();
    if let Some(version) = table.version
        && let Some(kept) = snapshot.get(usize::from(version))
    {
        entry.entity.assign(version, kept.as_ref())?;
    }
    (entry.state, entry.snapshot, entry.texts, entry.read) = (State::Persistent, Some(snapshot), texts, read);
    entry.compare();
    if is_stale {
        // Nobody knows which columns of the row differ.
        let every = columns(table).filter(|column| !table.matched().any(|matched| matched == *column));
        entry.write_too(every);
        entry.read = Some(now);
    }
    if !entry.changes.is_empty() {
        entry.write_too(table.update_defaults().map(|(column, _)| column));
    } else if entry.awaited().next().is_none() {
        entry.snapshot = None;
    }
    map.moved(new);
    Ok(())
}

impl Entry {
    /// Has these columns written too, with what they hold.
    fn write_too(&mut self, columns: impl Iterator<Item = u16>) {
        let is_left_out = |column: &u16| !self.changes.iter().any(|(changed, _)| changed == column);
        let more: Vec<(u16, Value)> =
            columns.filter(is_left_out).map(|column| (column, self.entity.value(column).to_owned())).collect();
        let mut changes = std::mem::take(&mut self.changes).into_vec();
        changes.extend(more);
        self.changes = changes.into();
    }
}
