//! The order of what a flush writes.
//!
//! Inserts come first, parents before children and the rows of one table together; then updates; then deletes, children before
//! parents. Where that can't be, because a row takes a unique value that another one still holds, or because rows refer to one
//! another, what must come first does. Where writes wait for each other in a circle, as where two rows exchange what they hold, one
//! of them gives its value up before.

mod graph;
mod edges;
mod park;

use std::collections::HashSet;
use std::sync::Arc;

use super::entity::{Entity, Entry, columns};
use super::identity_map::IdentityMap;
use super::row_key::Part;
use super::unit_of_work::Plan;
use crate::schema::{Action, ForeignKey, Table, TableKey, creation_order};
use crate::types::Value;
use graph::{Walk, Why};

/// What is written by one or more statements.
pub(super) enum Step {
    /// These entities of one table come in, with values for the same columns.
    Insert { table: &'static Table, columns: Arc<[u16]>, slots: Vec<usize> },
    /// An entity's row gives up the value of a unique column for a while.
    Park { slot: usize, column: u16, value: Value },
    /// These columns of an entity are written.
    Update { slot: usize, columns: Vec<u16> },
    /// An entity's row goes.
    Delete { slot: usize },
}

/// What is done to one entity.
struct Write {
    slot: usize,
    table: &'static Table,
    what: What,
}

enum What {
    /// It comes in, with values for these columns.
    Insert(Arc<[u16]>),
    /// These columns of it are written.
    Update(Vec<u16>),
    Delete,
}

/// The steps of a flush. Those in the slots of `freed` take a key of a row that may go along with one that is deleted.
pub(super) fn steps(map: &IdentityMap, plan: Plan, freed: &HashSet<usize>) -> Vec<Step> {
    let writes = usual(map, plan);
    let graph = edges::of(map, &writes, freed);
    let models = models(&writes);
    let mut steps = Steps { map, models, writes: writes.into_iter().map(Some).collect(), steps: Vec::new() };
    if graph.is_empty() {
        (0..steps.writes.len()).for_each(|write| steps.next(write));
    } else {
        graph.walk(&mut steps);
    }
    steps.steps
}

/// The writes in their usual order.
fn usual(map: &IdentityMap, plan: Plan) -> Vec<Write> {
    let write = |slot: usize, what| {
        let table = map.get(slot).map(|entry| entry.entity.table())?;
        Some(Write { slot, table, what })
    };
    let mut writes = Vec::with_capacity(plan.inserts.len() + plan.updates.len() + plan.deletes.len());
    for table in ordered_tables(map, &plan.inserts) {
        let mut groups: Vec<(Arc<[u16]>, Vec<usize>)> = Vec::new();
        for &slot in &plan.inserts {
            let Some(entry) = map.get(slot).filter(|entry| entry.entity.table() == table) else { continue };
            let columns = given_columns(&*entry.entity);
            match groups.iter_mut().find(|(of, _)| **of == *columns) {
                Some((_, slots)) => slots.push(slot),
                None => groups.push((columns.into(), vec![slot])),
            }
        }
        for (columns, slots) in groups {
            writes.extend(slots.into_iter().filter_map(|slot| write(slot, What::Insert(Arc::clone(&columns)))));
        }
    }
    writes.extend(plan.updates.into_iter().filter_map(|(slot, columns)| write(slot, What::Update(columns))));
    let first_delete = writes.len();
    for table in through_others(ordered_tables(map, &plan.deletes)) {
        let deletes = plan.deletes.iter().filter_map(|&slot| write(slot, What::Delete));
        writes.extend(deletes.filter(|write| write.table == table));
    }
    // Children before parents; within a table the last one that came in first.
    if let Some(deletes) = writes.get_mut(first_delete..) {
        deletes.reverse();
    }
    writes
}

/// The columns an entity gives a value for: all but an automatic key that is still 0.
fn given_columns(entity: &dyn Entity) -> Vec<u16> {
    let auto = entity.table().auto_column().filter(|&column| entity.value(column).is_unnumbered());
    columns(entity.table()).filter(|&column| Some(column) != auto).collect()
}

/// The tables of these slots, parents first. Where foreign keys form a circle, there is no such order, and the rows decide.
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

/// The keys of a table by any of its models, each once, with the model that has it.
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

/// The same tables, those that are referred to first, also by way of tables that are not among them: rows of these may go along.
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

/// Makes steps of writes that come in order.
struct Steps<'m> {
    map: &'m IdentityMap,
    models: Vec<&'static Table>,
    writes: Vec<Option<Write>>,
    steps: Vec<Step>,
}

impl Steps<'_> {
    /// Lets an entity that is to be deleted refer to nothing by some of its foreign keys, as far as these may be NULL. Whether there was
    /// one.
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

/// Lets an entity refer to nothing for a while by the foreign keys that are written, as far as these may be NULL, so that the keys
/// they refer to can be. Whether there was one.
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
    let place = |other: u16| entry.entity.table().place_of(other, (key.table)());
    let is_same = |own: u16, other: u16| place(other).is_some_and(|other| entry.before(own) == entry.before(other));
    key.columns.iter().zip(key.references).all(|(&own, &other)| is_same(own, other))
}

impl Walk for Steps<'_> {
    fn next(&mut self, write: usize) {
        let Some(Write { slot, table, what }) = self.writes.get_mut(write).and_then(Option::take) else { return };
        match what {
            What::Insert(columns) => match self.steps.last_mut() {
                Some(Step::Insert { table: last, columns: given, slots }) if *last == table && *given == columns => {
                    slots.push(slot);
                }
                _ => self.steps.push(Step::Insert { table, columns, slots: vec![slot] }),
            },
            What::Update(columns) => self.steps.push(Step::Update { slot, columns }),
            What::Delete => {
                let map = self.map;
                // Not every database deletes a row that refers to itself.
                self.let_go(slot, table, |key| refers_to_itself(map, slot, key));
                self.steps.push(Step::Delete { slot });
            }
        }
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
        // What is given up here is written again with the rest.
        if let What::Update(columns) = what
            && !columns.contains(&column)
        {
            columns.push(column);
        }
        self.steps.push(Step::Park { slot: *slot, column, value });
        true
    }
}
