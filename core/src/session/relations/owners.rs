//! What a relation owns is deleted when it leaves.

use super::super::blame::Failed;
use super::super::entity::{Entry, State};
use super::super::identity_map::IdentityMap;
use super::super::unit_of_work::Plan;
use super::decided::Decided;
use crate::error::Result;
use crate::schema::{ForeignKey, Leaving, Table};

/// Deletes entities that no longer refer to the one that owned them. Returns whether there were any.
pub(in crate::session) fn leave_owners(map: &mut IdentityMap, decided: &mut Decided) -> Result<bool, Failed> {
    let has_left = |(slot, entry): (usize, &Entry)| {
        let is_changed = entry.state == State::Persistent && !entry.changes.is_empty();
        let mut keys = entry.entity.table().foreign_keys.iter().filter(|_| is_changed);
        keys.find(|key| has_left(entry, key)).map(|key| (slot, key.columns))
    };
    let left: Vec<(usize, &[u16])> = map.unwritten_slots().filter_map(has_left).collect();
    for (slot, columns) in &left {
        decided.note(map, *slot);
        map.leave_for_good(*slot, columns)?;
    }
    Ok(!left.is_empty())
}

/// The rows that are deleted because they belong to something no longer, with the columns that said so: what the rows of stale entities
/// must still hold.
pub(in crate::session) fn left(plan: &Plan, map: &IdentityMap) -> Vec<(usize, Vec<u16>)> {
    if !map.lists.has_left() {
        return Vec::new();
    }
    let marked = plan.updates.iter().map(|(slot, columns)| (*slot, columns.as_slice()));
    let going = plan.deletes.iter().map(|slot| (*slot, &[][..]));
    let left = |(slot, written): (usize, &[u16])| Some((slot, [written, map.lists.left_by(slot)?].concat()));
    marked.chain(going).filter_map(left).collect()
}

/// Whether the row that a foreign key refers to owns those that have the key. Rows are those of a table, whichever model they are read by.
pub(super) fn is_owned(table: &'static Table, key: &ForeignKey) -> bool {
    ((key.table)().relations)().iter().filter(|relation| relation.leaving == Leaving::Deleted).any(|relation| {
        let (to, columns) = ((relation.to)(), relation.link.to);
        let mut pairs = columns.iter().zip(key.columns);
        to.is_same_table(table)
            && columns.len() == key.columns.len()
            && pairs.all(|(&column, &own)| table.place_of(column, to) == Some(own))
    })
}

/// Whether an entity referred to its owner by a key, and refers to nothing now.
fn has_left(entry: &Entry, key: &'static ForeignKey) -> bool {
    let is_changed = entry.changes.iter().any(|(column, _)| key.columns.contains(column));
    is_changed
        && entry.reference(key.columns).is_none()
        && key.columns.iter().any(|&column| entry.entity.value(column).is_null())
        && !key.columns.iter().any(|&column| entry.before(column).is_null())
        && is_owned(entry.entity.table(), key)
}
