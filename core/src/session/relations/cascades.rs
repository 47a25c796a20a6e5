//! What deleting a row does to the entities that refer to it.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::blame::Failed;
use super::super::entity::{Entry, State};
use super::super::identity_map::IdentityMap;
use super::super::kept::Kept;
use super::super::replace::leaving;
use super::super::same_row::goes_elsewhere;
use super::decided::Decided;
use super::index::{By, Target};
use super::owners::is_owned;
use crate::error::{Error, ErrorKind, Result};
use crate::model::RowKey;
use crate::schema::{Action, ForeignKey, Table};
use crate::types::{Value, ValueRef};

/// Makes entities leave those that are to be deleted, where the database does not do it: what is owned is deleted too, and a foreign
/// key that may be NULL becomes so. Returns whether there were any.
///
/// # Errors
/// [`ForeignKeyViolation`](ErrorKind::ForeignKeyViolation) where neither is so.
pub(in crate::session) fn leave_deleted(map: &mut IdentityMap, decided: &mut Decided) -> Result<bool, Failed> {
    let mut has_left = false;
    let mut waiting = leaving(map);
    while let Some(slot) = waiting.pop() {
        for (child, key) in referring(map, slot) {
            if key.on_delete != Action::Restrict {
                continue;
            }
            let Some(table) = map.get(child).map(|entry| entry.entity.table()) else { continue };
            has_left = true;
            decided.note(map, child);
            if is_owned(table, key) || goes_elsewhere(map, child) {
                // A row that is only marked would still refer to it.
                go(map, child, decided)?;
                waiting.push(child);
            } else if !set_null(map, child, key)? {
                return Err(Failed { error: still_refers(table, key), slot: Some(child) });
            }
        }
    }
    Ok(has_left)
}

/// Stale entities that refer to those that are to be deleted.
#[derive(Default)]
pub(in crate::session) struct StaleReferring {
    /// Those that are as they were read, by model.
    pub(in crate::session) unchanged: Vec<Vec<usize>>,
    /// The others, with the columns that have changed.
    pub(in crate::session) changed: Vec<(usize, Vec<u16>)>,
}

/// The stale entities that refer to those that are to be deleted.
pub(in crate::session) fn stale_referring(map: &IdentityMap) -> StaleReferring {
    let mut stale: Vec<(&'static Table, Vec<usize>)> = Vec::new();
    let mut changed = Vec::new();
    let (mut waiting, mut seen) = (leaving(map), HashSet::new());
    while let Some(slot) = waiting.pop() {
        for (child, key) in referring(map, slot) {
            let Some(entry) = map.get(child).filter(|_| seen.insert(child)) else { continue };
            let table = entry.entity.table();
            if key.on_delete == Action::Cascade || (key.on_delete == Action::Restrict && is_owned(table, key)) {
                // It goes along, and others refer to it.
                waiting.push(child);
            }
            if entry.state != State::Persistent || !map.is_stale(child) {
                continue;
            }
            if entry.snapshot.is_some() {
                let differences = entry.differences().into_iter().map(|(column, _)| column);
                changed.push((child, differences.chain(entry.unknown()).collect()));
                continue;
            }
            match stale.iter_mut().find(|(known, _)| std::ptr::eq(*known, table)) {
                Some((_, slots)) => slots.push(child),
                None => stale.push((table, vec![child])),
            }
        }
    }
    StaleReferring { unchanged: stale.into_iter().map(|(_, slots)| slots).collect(), changed }
}

/// Sets a foreign key of an entity to NULL. Returns whether it may be.
pub(super) fn set_null(map: &mut IdentityMap, slot: usize, key: &ForeignKey) -> Result<bool> {
    let Some(columns) = map.get(slot).map(|entry| optional(entry.entity.table(), key.columns)) else { return Ok(true) };
    if columns.is_empty() {
        return Ok(false);
    }
    let Some(entry) = map.touch(slot) else { return Ok(true) };
    entry.forget_reference(key.columns);
    entry.put(columns.into_iter().map(|column| (column, Value::Null)).collect())?;
    entry.compare();
    Ok(true)
}

/// Makes an entity one that is to be removed, or that is never inserted.
fn go(map: &mut IdentityMap, slot: usize, decided: &mut Decided) -> Result<()> {
    if map.get(slot).is_none_or(|entry| entry.state != State::Pending) {
        return map.purge(slot);
    }
    map.given_up(slot);
    for orphan in map.orphans(slot) {
        decided.note(map, orphan.slot);
        if orphan.goes {
            go(map, orphan.slot, decided)?;
        } else if let Some(entry) = map.get_mut(orphan.slot) {
            entry.give_up_reference(orphan.columns)?;
        }
    }
    Ok(())
}

/// An entity that was to refer to another one, which is never inserted.
struct Orphan {
    slot: usize,
    columns: &'static [u16],
    /// Whether it is never inserted either; else it refers to what it did before.
    goes: bool,
}

/// The columns of a key that may be NULL.
fn optional(table: &'static Table, columns: &[u16]) -> Vec<u16> {
    let may_be_null = |column: &u16| table.column(*column).is_some_and(|column| column.nullable);
    columns.iter().copied().filter(may_be_null).collect()
}

impl IdentityMap {
    /// Lets those go that were to refer to an entity which is never inserted: what it owns, and rows that were made for it, never come
    /// either, and the others refer to what they did before.
    pub(in crate::session) fn never_comes(&mut self, slot: usize) -> Result<()> {
        for orphan in self.orphans(slot) {
            if orphan.goes {
                self.purge(orphan.slot)?;
            } else if let Some(entry) = self.get_mut(orphan.slot) {
                entry.give_up_reference(orphan.columns)?;
            }
        }
        Ok(())
    }

    /// What was to refer to an entity that is never inserted.
    fn orphans(&self, slot: usize) -> Vec<Orphan> {
        let referring = self.referred.by(slot).into_iter().filter_map(|child| {
            let entry = self.get(child)?;
            let columns = entry.reference_to(slot)?.columns;
            let table = entry.entity.table();
            let key = table.foreign_keys.iter().find(|key| key.columns == columns);
            let is_part = key.is_some_and(|key| key.on_delete == Action::Cascade || is_owned(table, key));
            let goes = entry.state == State::Pending && (is_part || self.lists.is_made(child));
            let may_stay = entry.state != State::Pending || !optional(table, columns).is_empty();
            (goes || may_stay).then_some(Orphan { slot: child, columns, goes })
        });
        referring.collect()
    }
}

/// Follows in memory what the database does where a row is deleted: ON DELETE CASCADE and SET NULL.
pub(in crate::session) fn go_along(map: &mut IdentityMap, slot: usize) -> Result<()> {
    let mut waiting = vec![slot];
    while let Some(slot) = waiting.pop() {
        if map.get(slot).is_none_or(|entry| entry.state != State::Deleted) {
            continue;
        }
        for (child, key) in referring(map, slot) {
            match key.on_delete {
                Action::Cascade => {
                    map.deleted(child);
                    waiting.push(child);
                }
                Action::SetNull => was_set_null(map, child, key.columns)?,
                Action::Restrict | Action::SetDefault => {}
            }
        }
    }
    Ok(())
}

/// Records that a foreign key of an entity's row is NULL now.
fn was_set_null(map: &mut IdentityMap, slot: usize, columns: &[u16]) -> Result<()> {
    let level = map.level;
    let Some(entry) = map.get_mut(slot) else { return Ok(()) };
    entry.before_change(level);
    for &column in columns {
        if let Some(snapshot) = &mut entry.snapshot
            && let Some(kept) = Arc::make_mut(snapshot).get_mut(usize::from(column))
        {
            *kept = Kept::Value(Value::Null);
        }
        entry.entity.assign(column, ValueRef::Null)?;
    }
    Ok(())
}

/// The entities that refer to one whose row goes, each with its foreign key.
fn referring(map: &IdentityMap, slot: usize) -> Vec<(usize, &'static ForeignKey)> {
    let Some(entry) = map.get(slot) else { return Vec::new() };
    let table = entry.entity.table();
    let mut found = Vec::new();
    for &other in map.tables() {
        for key in other.foreign_keys {
            let owner = (key.table)();
            let place = |&column: &u16| table.place_of(column, owner);
            if !owner.is_same_table(table) {
                continue;
            }
            let Some(places) = key.references.iter().map(place).collect::<Option<Vec<u16>>>() else { continue };
            let like = (owner, key.references);
            let value = |index: usize| places.get(index).map_or(ValueRef::Null, |&place| entry.before(place));
            let target = Target::Row(RowKey::new(owner, key.references, |index, _| value(index)));
            // Where another entity takes the key over, those that refer to the row in the database are meant.
            let is_taken = !map.find_by(By { table: owner, columns: key.references, like }, &target).is_empty();
            let by = By { table: other, columns: key.columns, like };
            let refers =
                |entry: &Entry| by.key(|column| entry.before(column)).map(Target::Row).as_ref() == Some(&target);
            let is_one = |row: &usize| {
                let entry = map.get(*row);
                !is_taken || entry.is_some_and(|entry| entry.state == State::Persistent && refers(entry))
            };
            let related = map.find_by(by, &Target::Entity(slot)).into_iter();
            let rows = related.chain(map.find_by(by, &target).into_iter().filter(is_one));
            found.extend(rows.map(|row| (row, key)));
        }
    }
    found
}

fn still_refers(table: &'static Table, key: &ForeignKey) -> Error {
    let target = (key.table)().name;
    let names = table.column_names(key.columns);
    let message = format!(
        "a row of {target} is to be deleted, and an entity of {} still refers to it by {}, which can't be NULL: delete that one too, \
         relate it to another, or declare the foreign key with on_delete",
        table.name,
        names.join(", ")
    );
    Error::new(ErrorKind::ForeignKeyViolation, message).with_table(table.name).with_columns(names)
}
