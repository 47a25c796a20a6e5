//! ON UPDATE CASCADE: what becomes of the keys of entities when a flush changes a key that they refer to.
//!
//! A row is found by the key that its entity has, so an entity has to follow before it is written to, or looked for. The way
//! from the changed row to one that follows may lead over rows that the session has not read, so it is found by foreign keys.

use std::sync::Arc;

use super::entity::Entry;
use super::identity_map::IdentityMap;
use super::kept::Kept;
use crate::dialect::{Capabilities, Support};
use crate::error::Result;
use crate::model::Part;
use crate::schema::{Action, Table};
use crate::types::Value;

/// What happens to rows of a table that refer to a row whose key changes.
pub(super) struct Follow {
    table: &'static Table,
    columns: Vec<u16>,
    from: Vec<Part>,
    to: Vec<Value>,
}

/// Whether rows that the session may have entities of follow where these columns of a model's row are written.
pub(super) fn is_followed(map: &IdentityMap, table: &'static Table, columns: &[u16]) -> bool {
    map.tables().iter().any(|other| leads_to(other, table, columns, &mut Vec::new()))
}

fn leads_to(from: &'static Table, table: &'static Table, columns: &[u16], seen: &mut Vec<&'static Table>) -> bool {
    if seen.contains(&from) {
        return false;
    }
    seen.push(from);
    from.foreign_keys.iter().filter(|key| key.on_update == Action::Cascade).any(|key| {
        let target = (key.table)();
        if !target.is_same_table(table) {
            return leads_to(target, table, columns, seen);
        }
        key.references.iter().any(|&column| table.place_of(column, target).is_some_and(|own| columns.contains(&own)))
    })
}

/// What follows where these columns of an entity's row are written; to be asked before they are.
pub(super) fn follows(
    map: &IdentityMap,
    slot: usize,
    values: &[(u16, Value)],
    capabilities: &Capabilities,
) -> Vec<Follow> {
    let Some(entry) = map.get(slot) else { return Vec::new() };
    let change = Change { entry, values, spelling: capabilities.spelling_cascades };
    map.tables().iter().flat_map(|table| change.reaches(table, &mut Vec::new())).collect()
}

/// Updates the entities of rows that have followed.
pub(super) fn follow(map: &mut IdentityMap, follows: &[Follow]) -> Result<()> {
    if follows.is_empty() {
        return Ok(());
    }
    for slot in map.slots() {
        for follow in follows {
            let Some(entry) = map.get(slot).filter(|entry| follow.concerns(entry)) else { continue };
            let table = entry.entity.table();
            let has_new_key = follow.columns.iter().any(|column| table.primary_key.contains(column));
            let level = map.level;
            let Some(entry) = map.get_mut(slot) else { continue };
            entry.before_change(level);
            for (&column, value) in follow.columns.iter().zip(&follow.to) {
                follow_column(entry, column, value)?;
            }
            if !has_new_key {
                continue;
            }
            if entry.entity.row_key() == entry.row_key() {
                map.moved(slot);
            } else {
                // The program has changed its key too, and nobody finds it until that is written.
                map.leave(slot);
            }
            break;
        }
    }
    Ok(())
}

fn follow_column(entry: &mut Entry, column: u16, value: &Value) -> Result<()> {
    // Also by the program, which may have spelled it in its own way.
    let is_changed = entry.entity.value(column).kept() != entry.before(column).kept();
    if let Some(snapshot) = &mut entry.snapshot
        && let Some(kept) = Arc::make_mut(snapshot).get_mut(usize::from(column))
    {
        *kept = Kept::Value(value.clone());
    }
    if is_changed {
        // It is written later in the flush.
        return Ok(());
    }
    entry.entity.assign(column, value.as_ref())
}

impl Follow {
    fn concerns(&self, entry: &Entry) -> bool {
        let table = entry.entity.table();
        let mut columns = self.columns.iter().zip(&self.from);
        entry.state.is_there()
            && std::ptr::eq(table, self.table)
            && columns.all(|(&column, from)| Part::of(table, column, entry.before(column)) == *from)
    }
}

/// The written columns of an entity's row.
struct Change<'c> {
    entry: &'c Entry,
    values: &'c [(u16, Value)],
    /// Whether a key that is only spelled anew is followed.
    spelling: Support,
}

impl Change<'_> {
    /// What follows it in a table, directly or through other tables.
    fn reaches(&self, table: &'static Table, seen: &mut Vec<&'static Table>) -> Vec<Follow> {
        let mut found = Vec::new();
        if seen.contains(&table) {
            return found;
        }
        seen.push(table);
        for key in table.foreign_keys.iter().filter(|key| key.on_update == Action::Cascade) {
            let target = (key.table)();
            if target.is_same_table(self.entry.entity.table()) {
                found.extend(self.follow(table, key.columns, target, key.references));
                continue;
            }
            for follow in self.reaches(target, seen) {
                let own = |column: &u16| {
                    let index = key.references.iter().position(|reference| reference == column)?;
                    key.columns.get(index).copied()
                };
                // What refers to a part of it that stays, stays.
                if let Some(columns) = follow.columns.iter().map(own).collect() {
                    found.push(Follow { table, columns, ..follow });
                }
            }
        }
        seen.pop();
        found
    }

    fn follow(
        &self,
        table: &'static Table,
        columns: &'static [u16],
        target: &'static Table,
        references: &'static [u16],
    ) -> Option<Follow> {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        let mut is_written = false;
        for (&column, &reference) in columns.iter().zip(references) {
            let reference = self.entry.entity.table().place_of(reference, target)?;
            let before = self.entry.before(reference);
            let written = self.values.iter().find(|(column, _)| *column == reference);
            is_written |= written.is_some();
            from.push(Some(Part::of(table, column, before)).filter(|part| *part != Part::Null)?);
            to.push(written.map_or_else(|| before.to_owned(), |(_, value)| value.clone()));
        }
        let parts = columns.iter().zip(&to).map(|(&column, value)| Part::of(table, column, value.as_ref()));
        if self.spelling == Support::Absent && parts.eq(from.iter().cloned()) {
            return None;
        }
        is_written.then(|| Follow { table, columns: columns.to_vec(), from, to })
    }
}
