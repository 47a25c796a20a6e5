//! References of new rows that are written after their INSERT, because the rows that they lead to come later, or are these rows themselves.

use super::{What, Write};
use crate::model::Part;
use crate::schema::ForeignKey;
use crate::session::entity::Entry;
use crate::session::identity_map::IdentityMap;

/// Postpones the references of new rows to themselves, whose keys are not known before they are inserted. Returns the slots of the
/// entities, with the columns.
pub(super) fn to_themselves(map: &IdentityMap, writes: &mut Vec<Write>) -> Vec<(usize, u16)> {
    let mut later = Vec::new();
    for number in 0..writes.len() {
        let Some(&Write { slot, table, what: What::Insert(_) }) = writes.get(number) else { continue };
        let refers_to_itself = |entry: &Entry| entry.awaited().any(|reference| reference.target == slot);
        if !map.get(slot).is_some_and(refers_to_itself) {
            continue;
        }
        if let Some(columns) = references(map, slot, slot) {
            later.extend(columns.iter().map(|&column| (slot, column)));
            writes.push(Write { slot, table, what: What::Update(columns) });
        }
    }
    later
}

/// Nullable columns by which an entity refers to another one, one for each foreign key; `None` if one of the keys has none.
pub(super) fn references(map: &IdentityMap, slot: usize, to: usize) -> Option<Vec<u16>> {
    let (entry, target) = (map.get(slot)?, map.get(to)?);
    let (table, target_table) = (entry.entity.table(), target.entity.table());
    let refers = |key: &&ForeignKey| {
        if let Some(reference) = entry.reference(key.columns) {
            return reference.target == to;
        }
        (key.table)().is_same_table(target_table)
            && key.columns.iter().zip(key.references).all(|(&own, &reference)| {
                let Some(other) = target_table.place_of(reference, (key.table)()) else { return false };
                Part::of(table, own, entry.entity.value(own))
                    == Part::of(target_table, other, target.entity.value(other))
            })
    };
    let keys = table.foreign_keys.iter().filter(refers);
    let mut columns: Vec<u16> = keys.map(|key| left_out(entry, key)).collect::<Option<Vec<_>>>()?.concat();
    columns.sort_unstable();
    columns.dedup();
    (!columns.is_empty()).then_some(columns)
}

/// The columns of a foreign key without which a row can be inserted: one that may be NULL is enough, but each must be that is not known
/// yet.
fn left_out(entry: &Entry, key: &ForeignKey) -> Option<Vec<u16>> {
    let table = entry.entity.table();
    let may_be_null = |column: &u16| table.column(*column).is_some_and(|column| column.nullable);
    let mut optional: Vec<u16> = key.columns.iter().copied().filter(may_be_null).collect();
    if let Some(reference) = entry.reference(key.columns).filter(|reference| !reference.unknown().is_empty()) {
        return reference.unknown().iter().all(may_be_null).then(|| reference.unknown().to_vec());
    }
    optional.truncate(1);
    (!optional.is_empty()).then_some(optional)
}
