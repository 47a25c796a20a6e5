//! Rows that the session has an entity of in several models.

use std::collections::{HashMap, HashSet};

use super::entity::{Entry, State};
use super::identity_map::IdentityMap;
use crate::model::Part;
use crate::schema::Table;

/// A row, whichever model it is read by.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct SameRow {
    schema: Option<&'static str>,
    table: &'static str,
    key: Vec<(&'static str, Part)>,
}

/// Whether the row of an entity is to be removed by way of an entity of another model.
pub(super) fn goes_elsewhere(map: &IdentityMap, slot: usize) -> bool {
    let Some(entry) = map.get(slot) else { return false };
    if !is_of_several(map, entry.entity.table()) {
        return false;
    }
    let row = SameRow::of(entry);
    let is_same =
        |(other, entry): (usize, &Entry)| other != slot && entry.state == State::Deleting && SameRow::of(entry) == row;
    map.unwritten_slots().any(is_same)
}

/// Leaves one entity of each row among those to be deleted, and returns the others by that one.
pub(super) fn once(map: &IdentityMap, deletes: &mut Vec<usize>) -> HashMap<usize, Vec<usize>> {
    let mut others: HashMap<usize, Vec<usize>> = HashMap::new();
    let models: HashSet<*const Table> =
        deletes.iter().filter_map(|&slot| table_of(map, slot)).map(std::ptr::from_ref).collect();
    if models.len() < 2 {
        return others;
    }
    let mut first: HashMap<SameRow, usize> = HashMap::new();
    deletes.retain(|&slot| {
        let Some(entry) = map.get(slot).filter(|entry| is_of_several(map, entry.entity.table())) else { return true };
        let known = *first.entry(SameRow::of(entry)).or_insert(slot);
        if known != slot {
            others.entry(known).or_default().push(slot);
        }
        known == slot
    });
    others
}

impl SameRow {
    fn of(entry: &Entry) -> SameRow {
        let table = entry.entity.table();
        let part = |&column: &u16| {
            let name = table.column(column).map_or("", |column| column.name);
            (name, Part::of(table, column, entry.before(column)))
        };
        let mut key: Vec<(&str, Part)> = table.primary_key.iter().map(part).collect();
        key.sort_unstable_by_key(|(name, _)| *name);
        SameRow { schema: table.schema, table: table.name, key }
    }
}

fn is_of_several(map: &IdentityMap, table: &'static Table) -> bool {
    map.tables().iter().any(|other| !std::ptr::eq(*other, table) && other.is_same_table(table))
}

fn table_of(map: &IdentityMap, slot: usize) -> Option<&'static Table> {
    map.get(slot).map(|entry| entry.entity.table())
}
