//! The order of what a flush writes.
//!
//! Inserts come first, parents before children and the rows of one table together; then updates, those of the same columns
//! together; then deletes, children before parents. Neighbours whose order does not matter are written by one statement. Where
//! this order does not do, because a row takes a unique value that another one still holds, or because rows refer to one another,
//! what must come first comes first. If writes wait for each other in a circle, as when two rows exchange what they hold, one of
//! them gives up its value first.

mod graph;
mod edges;
mod park;
mod later;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::blame::Failed;
use super::entity::Entry;
use super::follow::is_followed;
use super::identity_map::IdentityMap;
use super::taken_along::can_go_along;
use super::unit_of_work::Plan;
use crate::error::Result;
use crate::model::{Entity, Part};
use crate::query::write::keys_fold;
use crate::schema::{Action, ForeignKey, Table, TableKey, creation_order};
use crate::types::Value;
use graph::{Walk, Why};

/// A step of a flush, written by one or more statements.
pub(super) enum Step {
    /// Inserts these entities of one model; `numbered` is the column by which the database is to number them, if it is.
    ///
    /// The columns in `later`, of the entity in a slot, are NULL until an update writes them.
    Insert { table: &'static Table, numbered: Option<u16>, slots: Vec<usize>, later: Vec<(usize, u16)> },
    /// Frees the value that an entity's row has in a unique column, for a while.
    Park { slot: usize, column: u16, value: Value },
    /// Updates these columns of entities of one model, in any order of the entities.
    Update { table: &'static Table, columns: Vec<u16>, slots: Vec<usize> },
    /// Deletes the rows of these entities of one model, in any order.
    Delete { table: &'static Table, slots: Vec<usize> },
}

/// What is done to one entity.
struct Write {
    slot: usize,
    table: &'static Table,
    what: What,
}

enum What {
    /// Insert; the database is to number it by this column, or it has all its values.
    Insert(Option<u16>),
    /// Update of these columns.
    Update(Vec<u16>),
    Delete,
}

/// The steps of a flush. The slots of `freed` take a key of a row that a cascade may delete.
///
/// # Errors
/// [`Unsupported`](ErrorKind::Unsupported) if rows exchange a unique foreign key that is never NULL.
pub(super) fn steps(map: &IdentityMap, plan: Plan, freed: &HashSet<usize>) -> Result<Vec<Step>, Failed> {
    let mut writes = usual(map, plan);
    let later = later::to_themselves(map, &mut writes);
    let graph = edges::of(map, &writes, freed);
    let models = models(&writes);
    let writes = writes.into_iter().map(Some).collect();
    let mut steps = Steps { map, models, writes, later, steps: Vec::new(), walked: 0, begun: None, refused: None };
    if graph.is_empty() {
        (0..steps.writes.len()).for_each(|write| steps.next(write, 0));
    } else {
        graph.walk(&mut steps);
    }
    steps.refused.map_or(Ok(steps.steps), Err)
}

/// The writes in their usual order.
fn usual(map: &IdentityMap, plan: Plan) -> Vec<Write> {
    let write = |slot: usize, what| {
        let table = map.get(slot).map(|entry| entry.entity.table())?;
        Some(Write { slot, table, what })
    };
    let mut writes = Vec::with_capacity(plan.inserts.len() + plan.updates.len() + plan.deletes.len());
    for table in ordered_tables(map, &plan.inserts) {
        let of_table = plan.inserts.iter().filter_map(|&slot| Some((slot, &*map.get(slot)?.entity)));
        let of_table = of_table.filter(|(_, entity)| entity.table() == table);
        for (numbered, slots) in grouped(of_table.map(|(slot, entity)| (numbered(entity), slot))) {
            writes.extend(slots.into_iter().filter_map(|slot| write(slot, What::Insert(numbered))));
        }
    }
    let table_of = |slot: usize| map.get(slot).map(|entry| std::ptr::from_ref(entry.entity.table()));
    let updates = plan.updates.into_iter().map(|(slot, columns)| ((table_of(slot), columns), slot));
    for ((_, columns), slots) in grouped(updates) {
        writes.extend(slots.into_iter().filter_map(|slot| write(slot, What::Update(columns.clone()))));
    }
    let first_delete = writes.len();
    for table in through_others(ordered_tables(map, &plan.deletes)) {
        let deletes = plan.deletes.iter().filter_map(|&slot| write(slot, What::Delete));
        writes.extend(deletes.filter(|write| write.table == table));
    }
    // Children before parents; within a table the last added first.
    if let Some(deletes) = writes.get_mut(first_delete..) {
        deletes.reverse();
    }
    writes
}

/// Groups slots that are alike in something, in the order of the first of each group.
fn grouped<L: Eq + Hash + Clone>(slots: impl Iterator<Item = (L, usize)>) -> Vec<(L, Vec<usize>)> {
    let mut groups: Vec<(L, Vec<usize>)> = Vec::new();
    let mut known: HashMap<L, usize> = HashMap::new();
    for (likeness, slot) in slots {
        let group = *known.entry(likeness).or_insert_with_key(|likeness| {
            groups.push((likeness.clone(), Vec::new()));
            groups.len() - 1
        });
        if let Some((_, slots)) = groups.get_mut(group) {
            slots.push(slot);
        }
    }
    groups
}

/// The column that the database is to number an entity by: an automatic key that is still 0.
fn numbered(entity: &dyn Entity) -> Option<u16> {
    entity.table().auto_column().filter(|&column| entity.value(column).is_unnumbered())
}

/// The tables of these slots, parents first. If foreign keys form a circle, there is no such order, and the rows decide.
fn ordered_tables(map: &IdentityMap, slots: &[usize]) -> Vec<&'static Table> {
    let mut tables: Vec<&'static Table> = Vec::new();
    for entry in slots.iter().filter_map(|&slot| map.get(slot)) {
        if !tables.contains(&entry.entity.table()) {
            tables.push(entry.entity.table());
        }
    }
    creation_order(&tables).unwrap_or(tables)
}

/// The models whose rows are written. There may be several of one table.
fn models(writes: &[Write]) -> Vec<&'static Table> {
    let mut models: Vec<&'static Table> = Vec::new();
    for write in writes {
        if models.last() != Some(&write.table) && !models.contains(&write.table) {
            models.push(write.table);
        }
    }
    models
}

/// The keys of a table in all of its models, each once, with the model that has it.
fn keys_of(models: &[&'static Table], table: &'static Table) -> Vec<(&'static Table, TableKey)> {
    let mut keys: Vec<(&'static Table, TableKey)> = Vec::new();
    for &model in models.iter().filter(|model| model.is_same_table(table)) {
        for key in model.keys() {
            let is_same = |(known, other): &(&'static Table, TableKey)| {
                *known != model
                    && (other.filter.is_some(), known.column_names(&other.columns))
                        == (key.filter.is_some(), model.column_names(&key.columns))
            };
            if !keys.iter().any(is_same) {
                keys.push((model, key));
            }
        }
    }
    keys
}

/// The same tables, those that are referred to first, also through tables that are not among them, whose rows a cascade may
/// delete.
fn through_others(tables: Vec<&'static Table>) -> Vec<&'static Table> {
    if tables.len() < 2 {
        return tables;
    }
    let mut all = tables.clone();
    let mut next = 0;
    while let Some(table) = all.get(next) {
        next += 1;
        for target in table.foreign_keys.iter().map(|key| (key.table)()) {
            if !all.contains(&target) {
                all.push(target);
            }
        }
    }
    match creation_order(&all) {
        Ok(ordered) => ordered.into_iter().filter(|table| tables.contains(table)).collect(),
        Err(_) => tables,
    }
}

/// Makes steps out of writes in order.
struct Steps<'m> {
    map: &'m IdentityMap,
    models: Vec<&'static Table>,
    writes: Vec<Option<Write>>,
    /// What is inserted as NULL, and updated later: the slots of entities, with columns.
    later: Vec<(usize, u16)>,
    steps: Vec<Step>,
    /// How many writes were taken.
    walked: usize,
    /// How many were taken before the last step, if others may still join that.
    begun: Option<usize>,
    /// Why there is no such order.
    refused: Option<Failed>,
}

impl Steps<'_> {
    /// Adds the INSERT of an entity, to the last step if both can be done at once.
    fn insert(&mut self, slot: usize, table: &'static Table, numbered: Option<u16>, not_before: usize) {
        // What waits for a key of another row can't be sent together with that one.
        let waits = self.map.get(slot).is_some_and(|entry| entry.awaited().next().is_some());
        let is_early = !waits || self.begun.is_some_and(|begun| not_before <= begun);
        let own = self.later.iter().copied().filter(|(other, _)| *other == slot);
        if let Some(Step::Insert { table: last, numbered: of_last, slots, later }) = self.steps.last_mut()
            && is_early
            && std::ptr::eq(*last, table)
            && *of_last == numbered
        {
            slots.push(slot);
            later.extend(own);
            return;
        }
        let later = own.collect();
        self.begun = Some(self.walked);
        self.steps.push(Step::Insert { table, numbered, slots: vec![slot], later });
    }

    /// Adds the UPDATE of an entity, to the last step if both can be done at once.
    fn update(&mut self, slot: usize, table: &'static Table, columns: Vec<u16>, not_before: usize) {
        if let Some(Step::Update { table: last, columns: written, slots }) = self.steps.last_mut()
            && self.begun.is_some_and(|begun| not_before <= begun)
            && std::ptr::eq(*last, table)
            && *written == columns
        {
            slots.push(slot);
            return;
        }
        let is_alone = keys_fold(table, table.primary_key)
            || columns.iter().any(|column| table.primary_key.contains(column))
            || table.has_unique_expressions()
            || is_followed(self.map, table, &columns);
        self.begun = (!is_alone).then_some(self.walked);
        self.steps.push(Step::Update { table, columns, slots: vec![slot] });
    }

    /// The same of a DELETE.
    fn delete(&mut self, slot: usize, table: &'static Table, not_before: usize) {
        if let Some(Step::Delete { table: last, slots }) = self.steps.last_mut()
            && self.begun.is_some_and(|begun| not_before <= begun)
            && std::ptr::eq(*last, table)
        {
            slots.push(slot);
            return;
        }
        // Rows that one of them deletes by cascade are not counted by every database.
        let is_alone = can_go_along(table, &[table]);
        self.begun = (!is_alone).then_some(self.walked);
        self.steps.push(Step::Delete { table, slots: vec![slot] });
    }

    /// Sets some nullable foreign keys of an entity that is to be deleted to NULL. Returns whether there was one.
    fn let_go(&mut self, slot: usize, table: &'static Table, is_one: impl Fn(&ForeignKey) -> bool) -> bool {
        let before = self.steps.len();
        for key in table.foreign_keys.iter().filter(|key| key.on_delete == Action::Restrict && is_one(key)) {
            let may_be_null = |column: &&u16| table.column(**column).is_some_and(|column| column.nullable);
            let is_free = key.columns.iter().any(|&column| is_null(self.map, slot, column));
            if let Some(&column) = key.columns.iter().find(may_be_null).filter(|_| !is_free) {
                self.steps.push(Step::Park { slot, column, value: Value::Null });
            }
        }
        self.steps.len() > before
    }
}

/// Sets the nullable foreign keys that are written of an entity to NULL for a while, so that the keys they refer to can be
/// written first. Returns whether there was one.
fn let_follow(steps: &mut Vec<Step>, map: &IdentityMap, slot: usize, table: &'static Table, written: &[u16]) -> bool {
    let before = steps.len();
    let is_one =
        |key: &&ForeignKey| key.on_update == Action::Restrict && key.columns.iter().any(|own| written.contains(own));
    for key in table.foreign_keys.iter().filter(is_one) {
        let may_be_null =
            |column: &&u16| written.contains(column) && table.column(**column).is_some_and(|column| column.nullable);
        let is_free = key.columns.iter().any(|&column| is_null(map, slot, column));
        if let Some(&column) = key.columns.iter().find(may_be_null).filter(|_| !is_free) {
            steps.push(Step::Park { slot, column, value: Value::Null });
        }
    }
    steps.len() > before
}

fn is_null(map: &IdentityMap, slot: usize, column: u16) -> bool {
    map.get(slot).is_none_or(|entry| entry.before(column).is_null())
}

fn refers_to_itself(map: &IdentityMap, slot: usize, key: &ForeignKey) -> bool {
    let Some(entry) = map.get(slot).filter(|entry| entry.entity.table().is_same_table((key.table)())) else {
        return false;
    };
    let index = |other: u16| entry.entity.table().place_of(other, (key.table)());
    let is_same = |own: u16, other: u16| index(other).is_some_and(|other| entry.before(own) == entry.before(other));
    key.columns.iter().zip(key.references).all(|(&own, &other)| is_same(own, other))
}

impl Walk for Steps<'_> {
    fn next(&mut self, write: usize, not_before: usize) {
        let Some(Write { slot, table, what }) = self.writes.get_mut(write).and_then(Option::take) else { return };
        match what {
            What::Insert(numbered) => self.insert(slot, table, numbered, not_before),
            What::Update(columns) => self.update(slot, table, columns, not_before),
            What::Delete => {
                let map = self.map;
                // Not every database deletes a row that refers to itself.
                self.let_go(slot, table, |key| refers_to_itself(map, slot, key));
                self.delete(slot, table, not_before);
            }
        }
        self.walked += 1;
    }

    fn free(&mut self, write: usize, why: Why) -> bool {
        let Some(Some(Write { slot, table, what })) = self.writes.get_mut(write) else { return false };
        let key = match why {
            Why::Key(key) => key,
            Why::GoesAlong => return true,
            Why::Reference => return false,
            Why::Leaves => {
                let (slot, table) = (*slot, *table);
                return match what {
                    What::Insert(_) => false,
                    What::Update(columns) => let_follow(&mut self.steps, self.map, slot, table, columns),
                    What::Delete => self.let_go(slot, table, |_| true),
                };
            }
        };
        let (map, steps) = (self.map, &self.steps);
        let is_held = |column: u16, value: &Value| {
            let part = Part::of(table, column, value.as_ref());
            let is_parked = |step: &Step| match step {
                Step::Park { column: other, value: held, .. } => {
                    *other == column && Part::of(table, column, held.as_ref()) == part
                }
                _ => false,
            };
            let has_it = |entry: &Entry| {
                let Some(own) = entry.entity.table().place_of(column, table) else { return false };
                [entry.before(own), entry.entity.value(own)].map(|held| Part::of(table, column, held)).contains(&part)
            };
            let mut entries = map.unwritten().filter(|entry| entry.entity.table().is_same_table(table));
            entries.any(has_it) || steps.iter().any(is_parked)
        };
        let keys = keys_of(&self.models, table);
        let parked = keys.get(key).and_then(|(model, key)| {
            let columns = key.columns.iter().filter_map(|&column| table.place_of(column, model)).collect();
            park::parked(table, &TableKey { columns, ..key.clone() }, is_held)
        });
        let Some((column, value)) = parked else { return false };
        // What is given up here is written again with the rest, in the order of the columns, as other writes of the same ones.
        if let What::Update(columns) = what
            && !columns.contains(&column)
        {
            columns.push(column);
            columns.sort_unstable();
        }
        self.steps.push(Step::Park { slot: *slot, column, value });
        true
    }

    fn give_up(&mut self, write: usize, why: Why) {
        let (Some(Some(Write { slot, table, .. })), Why::Key(key)) = (self.writes.get(write), why) else { return };
        let keys = keys_of(&self.models, table);
        let Some((model, key)) = keys.get(key).filter(|(_, key)| key.filter.is_none()) else { return };
        let columns: Vec<u16> = key.columns.iter().filter_map(|&column| table.place_of(column, model)).collect();
        if columns.len() == key.columns.len() && park::is_of_references(table, &columns) {
            let error = park::exchanged(table, &columns);
            self.refused.get_or_insert(Failed { error, slot: Some(*slot) });
        }
    }

    fn postpone(&mut self, referred: usize, refers: usize) -> bool {
        let (Some(Some(referred)), Some(Some(refers))) = (self.writes.get(referred), self.writes.get(refers)) else {
            return false;
        };
        let (slot, table) = (refers.slot, refers.table);
        if !matches!(refers.what, What::Insert(_)) {
            return false;
        }
        let Some(columns) = later::references(self.map, slot, referred.slot) else { return false };
        self.later.extend(columns.iter().map(|&column| (slot, column)));
        self.writes.push(Some(Write { slot, table, what: What::Update(columns) }));
        true
    }
}
