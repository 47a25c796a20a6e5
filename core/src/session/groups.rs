//! Groups of entities that a flush writes together: of one model, inserted, changed in the same columns, or deleted.
//!
//! The identity map is updated up to the last statement that succeeded, even if a later one fails.

use super::blame::Failed;
use super::entity::{Entry, State};
use super::identity_map::IdentityMap;
use super::kept::KnownTexts;
use super::taken_along::can_go_along;
use super::verify::first_missing;
use super::versions;
use crate::error::Result;
use crate::pool::Link;
use crate::query::write::{DeleteRows, Inserted, Missing, Removal, UpdateKind, UpdateRows, insert_group, stale};
use crate::schema::Table;
use crate::sql::{Assignment, BindSource};
use crate::types::{Value, ValueRef};

/// Inserts the entities in these slots: of one model, all of which have their automatic key or none of which has. The columns in
/// `later`, of the entity in a slot, are written as NULL: an update follows.
pub(super) async fn insert(
    map: &mut IdentityMap,
    table: &'static Table,
    slots: &[usize],
    later: &[(usize, u16)],
    link: &mut Link,
) -> Result<(), Failed> {
    let mut inserted = Vec::with_capacity(slots.len());
    let result = insert_group(table, &Entities { map, slots, later }, slots.len(), link, &mut inserted).await;
    for Inserted { row, number, documents } in inserted {
        let Some(&slot) = slots.get(row) else { continue };
        let Some(entry) = map.get_mut(slot) else { continue };
        if let (Some(column), Some(number)) = (table.auto_column(), number) {
            entry.entity.assign(column, ValueRef::I64(number))?;
        }
        map.inserted(slot, KnownTexts::sent(documents));
    }
    result.map_err(|error| Failed::among(error, map, table, slots))
}

/// Writes these columns of the entities in these slots: of one model, all or none of whose rows are marked as deleted; and none of the columns is one of its key or of one that
/// others follow.
pub(super) async fn update(
    map: &mut IdentityMap,
    table: &'static Table,
    columns: &[u16],
    slots: &[usize],
    kind: UpdateKind,
    link: &mut Link,
) -> Result<(), Failed> {
    // Each row has values of its own in the columns that every UPDATE writes, as one by one.
    let mut defaults: Vec<Vec<(u16, Value)>> = slots.iter().map(|_| defaults(table, columns)).collect();
    let of_all = defaults.first().into_iter().flatten().map(|(column, _)| *column);
    let columns: Vec<u16> = columns.iter().copied().chain(of_all).collect();
    for (&slot, defaults) in slots.iter().zip(&mut defaults) {
        let Some(entry) = map.get(slot) else { continue };
        defaults.extend(table.next_version(|column| entry.before(column))?);
    }
    let counted: Vec<Assignment> = Assignment::count_up(table).into_iter().collect();
    let source = Rows { map, table, slots, defaults: &defaults };
    let deleted = slots.first().and_then(|&slot| map.get(slot)).map(Entry::deleted_rows).unwrap_or_default();
    let rows = UpdateRows {
        table,
        columns: &columns,
        defaults: &counted,
        source: &source,
        count: slots.len(),
        deleted,
        timeout: None,
        kind,
    };
    let mut written = 0;
    let result = rows.write_group(link, &mut written).await;
    for (&slot, defaults) in slots.iter().zip(&defaults).take(written) {
        map.updated(slot, defaults)?;
    }
    versions::follow(map, table, slots.get(..written).unwrap_or_default());
    match result {
        Ok(true) => Ok(()),
        Ok(false) => {
            let slot = first_missing(table, slots.get(written..).unwrap_or_default(), map, link).await;
            Err(Failed { error: stale(table), slot })
        }
        Err(error) => Err(Failed::among(error, map, table, slots)),
    }
}

/// Deletes the entities in these slots: of one model, whose rows do not refer to one another. Those of the tables in `deleted` were
/// deleted before by this flush, and may have taken some with them.
pub(super) async fn delete(
    map: &mut IdentityMap,
    table: &'static Table,
    slots: &[usize],
    deleted: &[&'static Table],
    link: &mut Link,
) -> Result<(), Failed> {
    // If an INSERT before it has taken its key, its row is gone already, and that one's must stay.
    let is_there = |slot: &usize| map.get(*slot).is_some_and(|entry| entry.state == State::Deleting);
    let slots: Vec<usize> = slots.iter().copied().filter(is_there).collect();
    let missing = if can_go_along(table, deleted) { Missing::PassedOver } else { Missing::Stops };
    let mut written = 0;
    let source = Rows { map, table, slots: &slots, defaults: &[] };
    let rows = DeleteRows { table, source: &source, count: slots.len(), removal: Removal::Purge, timeout: None };
    let result = rows.write_group(link, &mut written, missing).await;
    slots.iter().take(written).for_each(|&slot| map.deleted(slot));
    match (result, missing) {
        (Ok(true), _) => Ok(()),
        (Ok(false), Missing::Stops) => {
            versions::refuse_changed(map, table, &slots, link).await?;
            // Those that were there are gone too by now, so nobody can say which one was not.
            Err(stale(table).into())
        }
        (Ok(false), Missing::PassedOver) => versions::refuse_changed(map, table, &slots, link).await,
        (Err(error), _) => Err(Failed::among(error, map, table, &slots)),
    }
}

/// What an UPDATE of these columns writes as well: columns with a value that every UPDATE writes.
pub(super) fn defaults(table: &'static Table, columns: &[u16]) -> Vec<(u16, Value)> {
    table.update_defaults().filter(|(column, _)| !columns.contains(column)).collect()
}

impl Entry {
    /// Records that the changes were written, and these values with them.
    pub(super) fn updated(&mut self, defaults: &[(u16, Value)]) -> Result<()> {
        self.snapshot = None;
        self.references_are_written();
        for (column, value) in std::mem::take(&mut self.changes) {
            self.texts.written(column, &value);
        }
        for (column, value) in defaults {
            self.entity.assign(*column, value.as_ref().kept())?;
        }
        Ok(())
    }
}

/// The entities in some slots, as they are now.
struct Entities<'m> {
    map: &'m IdentityMap,
    slots: &'m [usize],
    later: &'m [(usize, u16)],
}

impl BindSource for Entities<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let Some(&slot) = self.slots.get(row) else { return ValueRef::Null };
        if !self.later.is_empty() && self.later.contains(&(slot, column)) {
            return ValueRef::Null;
        }
        self.map.get(slot).map_or(ValueRef::Null, |entry| entry.entity.value(column))
    }
}

/// The changes of the entities in some slots, with the keys and versions by which the database knows their rows.
struct Rows<'m> {
    map: &'m IdentityMap,
    table: &'static Table,
    slots: &'m [usize],
    /// What is written for each entity in addition to its changes.
    defaults: &'m [Vec<(u16, Value)>],
}

impl BindSource for Rows<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let Some(entry) = self.slots.get(row).and_then(|&slot| self.map.get(slot)) else { return ValueRef::Null };
        if self.table.matched().any(|matched| matched == column) {
            return entry.before(column);
        }
        let mut defaults = self.defaults.get(row).into_iter().flatten();
        match defaults.find(|(other, _)| *other == column) {
            Some((_, value)) => value.as_ref(),
            None => entry.to_write(column),
        }
    }
}
