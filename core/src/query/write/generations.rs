//! Rows of one list that refer to one another by a foreign key of their table to itself.

use super::key_index::KeyIndex;
use crate::schema::{ForeignKey, Table};
use crate::sql::BindSource;
use crate::types::ValueRef;

/// The rows of a list by generations: those that refer to no other one of the list, then those that refer to these alone, and so on;
/// those of a circle come last, together. Within a generation rows keep their order. Nothing where no row refers to another one.
pub(super) fn generations(table: &'static Table, source: &dyn BindSource, count: usize) -> Option<Vec<Vec<usize>>> {
    let keys: Vec<Referring> = table.foreign_keys.iter().filter_map(|key| Referring::new(table, key)).collect();
    if count < 2 || keys.is_empty() {
        return None;
    }
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut parents = vec![0_usize; count];
    for key in &keys {
        let index = KeyIndex::new(table, &key.references, source, count);
        let referred = Referred { source, key };
        for child in 0..count {
            let Some(parent) = index.find(&referred, child).filter(|&parent| parent != child) else { continue };
            children.get_mut(parent)?.push(child);
            *parents.get_mut(child)? += 1;
        }
    }
    if parents.iter().all(|&parents| parents == 0) {
        return None;
    }
    let mut left: Vec<usize> = (0..count).collect();
    let mut generations = Vec::new();
    while !left.is_empty() {
        let (ready, waiting): (Vec<usize>, Vec<usize>) =
            left.iter().partition(|&&row| parents.get(row).is_none_or(|&parents| parents == 0));
        if ready.is_empty() {
            generations.push(waiting);
            break;
        }
        for &child in ready.iter().filter_map(|&row| children.get(row)).flatten() {
            if let Some(parents) = parents.get_mut(child) {
                *parents -= 1;
            }
        }
        generations.push(ready);
        left = waiting;
    }
    Some(generations)
}

/// A foreign key of a table to itself.
struct Referring {
    columns: &'static [u16],
    /// The columns it refers to, as the model of its own columns has them: it may name another model of the table.
    references: Vec<u16>,
}

impl Referring {
    fn new(table: &'static Table, key: &ForeignKey) -> Option<Referring> {
        let target = (key.table)();
        if !target.is_same_table(table) {
            return None;
        }
        let references: Option<Vec<u16>> =
            key.references.iter().map(|&column| table.place_of(column, target)).collect();
        Some(Referring { columns: key.columns, references: references? })
    }
}

/// Rows by what they refer to: the columns that a foreign key refers to have its values.
struct Referred<'s> {
    source: &'s dyn BindSource,
    key: &'s Referring,
}

impl BindSource for Referred<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let position = self.key.references.iter().position(|reference| *reference == column);
        let own = position.and_then(|position| self.key.columns.get(position));
        own.map_or(ValueRef::Null, |&own| self.source.value(row, own))
    }
}
