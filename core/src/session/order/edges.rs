//! Which writes of a flush must come before which.

use std::collections::{HashMap, HashSet};

use super::graph::{Graph, Why};
use super::{What, Write, keys_of, models};
use crate::query::write::KeyIndex;
use crate::schema::{Action, ForeignKey, Table, TableKey, creation_order, each_once};
use crate::session::entity::Entry;
use crate::session::identity_map::IdentityMap;
use crate::session::taken_along::can_go_along;
use crate::sql::{BindSource, Expr, holds};
use crate::types::ValueRef;

/// What must come before what. References are looked at only if the usual order does not suffice.
pub(super) fn of(map: &IdentityMap, writes: &[Write], freed: &HashSet<usize>) -> Graph {
    let mut edges = Edges { map, writes, graph: Graph::new(writes.len()) };
    let tables = models(writes);
    each_once(&tables).into_iter().for_each(|table| edges.add_keys(table, &keys_of(&tables, table)));
    let refers_to_itself =
        |table: &&'static Table| table.foreign_keys.iter().any(|key| (key.table)().is_same_table(table));
    let is_entangled = tables.iter().any(|table| {
        let is_one = |write: &&Write| write.table.is_same_table(table) && !write.is_update();
        refers_to_itself(table) && writes.iter().filter(is_one).nth(1).is_some()
    });
    edges.add_freed(freed);
    edges.add_awaited();
    let changes_keys = || {
        let keys = tables.iter().flat_map(|table| table.foreign_keys);
        keys.into_iter().any(|key| {
            let target = (key.table)();
            writes.iter().any(|write| write.table.is_same_table(target) && write.changes(target, key.references))
        })
    };
    if is_entangled || changes_keys() || !edges.graph.is_empty() || creation_order(&tables).is_err() {
        tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (*table, key))).for_each(
            |(table, key)| {
                edges.add_references(table, key);
            },
        );
    }
    edges.graph
}

struct Edges<'m> {
    map: &'m IdentityMap,
    writes: &'m [Write],
    graph: Graph,
}

impl<'m> Edges<'m> {
    /// A row that takes a value of a unique key comes after the one that gives it up.
    fn add_keys(&mut self, table: &'static Table, keys: &[(&'static Table, TableKey)]) {
        let is_one = |write: &&Write| write.table.is_same_table(table);
        let gives_up = |write: &Write| !matches!(write.what, What::Insert(_));
        let takes = |write: &Write| !matches!(write.what, What::Delete);
        if !self.writes.iter().filter(is_one).any(gives_up) || !self.writes.iter().filter(is_one).any(takes) {
            return;
        }
        for (number, (table, key)) in keys.iter().enumerate() {
            let filter = key.condition(table);
            let (held, taken) = (self.rows(table, When::Before), self.rows(table, When::After));
            let held = held.only(|rows, row, write| {
                let gives_up = match &write.what {
                    What::Insert(_) => false,
                    What::Update(columns) => concerns(table, key, filter.as_ref(), write, columns),
                    What::Delete => true,
                };
                gives_up && rows.may_be_within(filter.as_ref(), row)
            });
            let taken = taken.only(|rows, row, write| {
                let takes = match &write.what {
                    What::Insert(_) => true,
                    What::Update(columns) => concerns(table, key, filter.as_ref(), write, columns),
                    What::Delete => false,
                };
                takes && rows.may_be_within(filter.as_ref(), row)
            });
            if held.numbers.is_empty() || taken.numbers.is_empty() {
                continue;
            }
            // What they hold is unknown, because their model lacks columns of the key.
            let unknown: Vec<usize> =
                held.numbers.iter().copied().filter(|&write| !self.knows(write, table, &key.columns)).collect();
            let index = KeyIndex::new(table, &key.columns, &held, held.numbers.len());
            for (row, &then) in taken.numbers.iter().enumerate() {
                if let Some(&first) = index.find(&taken, row).and_then(|row| held.numbers.get(row)) {
                    self.graph.add(first, then, Why::Key(number));
                }
                unknown.iter().for_each(|&first| self.graph.add(first, then, Why::Key(number)));
            }
        }
    }

    /// A row whose key is not known yet is inserted before those that wait for it; and before what is written to it afterwards.
    fn add_awaited(&mut self) {
        let waits = |write: &Write| self.map.get(write.slot).is_some_and(|entry| entry.awaited().next().is_some());
        if !self.writes.iter().any(waits) {
            return;
        }
        let inserts = self.writes.iter().enumerate().filter(|(_, write)| matches!(write.what, What::Insert(_)));
        let inserts: HashMap<usize, usize> = inserts.map(|(number, write)| (write.slot, number)).collect();
        for (then, write) in self.writes.iter().enumerate() {
            let Some(entry) = self.map.get(write.slot) else { continue };
            let targets = entry.awaited().map(|reference| reference.target);
            // What is written to a row later comes after its INSERT.
            for first in targets.chain([write.slot]).filter_map(|slot| inserts.get(&slot)) {
                self.graph.add(*first, then, Why::Reference);
            }
        }
    }

    /// What may be free only if a row is deleted by a cascade comes after the deletes that may cascade to it.
    fn add_freed(&mut self, freed: &HashSet<usize>) {
        if freed.is_empty() {
            return;
        }
        for (then, write) in self.writes.iter().enumerate().filter(|(_, write)| freed.contains(&write.slot)) {
            for (first, gone) in self.writes.iter().enumerate() {
                if matches!(gone.what, What::Delete) && can_go_along(write.table, &[gone.table]) {
                    self.graph.add(first, then, Why::GoesAlong);
                }
            }
        }
    }

    /// A row is inserted before those that refer to it, and deleted after them.
    fn add_references(&mut self, table: &'static Table, key: &'static ForeignKey) {
        let target = (key.table)();
        let come = self
            .rows(target, When::After)
            .only(|_, _, write| matches!(write.what, What::Insert(_)) || write.changes(target, key.references));
        let refer = self
            .rows(table, When::After)
            .only(|_, _, write| matches!(write.what, What::Insert(_)) || write.changes(table, key.columns));
        let index = KeyIndex::new(target, key.references, &come, come.numbers.len());
        let through = Through { rows: &refer, key };
        for (row, &then) in refer.numbers.iter().enumerate() {
            if let Some(&first) = index.find(&through, row).and_then(|row| come.numbers.get(row)) {
                self.graph.add(first, then, Why::Reference);
            }
        }
        // If rows follow a key that changes, none has to leave it first.
        let keeps_rows = key.on_update == Action::Restrict;
        let go = self.rows(target, When::Before).only(|_, _, write| {
            matches!(write.what, What::Delete) || (keeps_rows && write.changes(target, key.references))
        });
        let leave = self
            .rows(table, When::Before)
            .only(|_, _, write| matches!(write.what, What::Delete) || write.changes(table, key.columns));
        let index = KeyIndex::new(target, key.references, &go, go.numbers.len());
        let through = Through { rows: &leave, key };
        for (row, &first) in leave.numbers.iter().enumerate() {
            if let Some(&then) = index.find(&through, row).and_then(|row| go.numbers.get(row)) {
                self.graph.add(first, then, Why::Leaves);
            }
        }
    }

    /// The rows of a table, of any of its models, with the columns that this one has.
    fn rows(&self, table: &'static Table, when: When) -> Rows<'m> {
        let is_one = |(_, write): &(usize, &Write)| write.table.is_same_table(table);
        let numbers = self.writes.iter().enumerate().filter(is_one).map(|(number, _)| number).collect();
        Rows { map: self.map, writes: self.writes, table, numbers, when }
    }

    /// Whether the model of a write has these columns of another one.
    fn knows(&self, write: usize, table: &Table, columns: &[u16]) -> bool {
        let Some(write) = self.writes.get(write) else { return false };
        columns.iter().all(|&column| write.table.place_of(column, table).is_some())
    }
}

impl Write {
    fn is_update(&self) -> bool {
        matches!(self.what, What::Update(_))
    }

    /// Whether it changes one of these columns, which are those of a model of its table.
    fn changes(&self, table: &Table, of: &[u16]) -> bool {
        let What::Update(columns) = &self.what else { return false };
        columns.iter().filter_map(|&column| table.place_of(column, self.table)).any(|column| of.contains(&column))
    }
}

/// Whether a change of these columns may free or take a value of a key.
fn concerns(table: &Table, key: &TableKey, filter: Option<&Expr>, write: &Write, changed: &[u16]) -> bool {
    let is_read = |column: u16| {
        filter.is_some_and(|filter| filter.any(&mut |part| matches!(part, Expr::Column(read) if read.index == column)))
    };
    changed
        .iter()
        .filter_map(|&column| table.place_of(column, write.table))
        .any(|column| key.columns.contains(&column) || is_read(column))
}

/// The rows of some writes, by the numbers of these.
struct Rows<'m> {
    map: &'m IdentityMap,
    writes: &'m [Write],
    /// The model whose columns are asked for.
    table: &'static Table,
    numbers: Vec<usize>,
    when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// As the database has them before the flush.
    Before,
    /// As they are after the flush.
    After,
}

impl Rows<'_> {
    /// Those for which this holds, by their row and their write.
    fn only(self, holds: impl Fn(&Self, usize, &Write) -> bool) -> Self {
        let is_kept = |(row, number): (usize, &usize)| {
            let write = self.writes.get(*number)?;
            holds(&self, row, write).then_some(*number)
        };
        let numbers = self.numbers.iter().enumerate().filter_map(is_kept).collect();
        Rows { numbers, ..self }
    }

    /// Whether a partial index may have this row.
    fn may_be_within(&self, filter: Option<&Expr>, row: usize) -> bool {
        let Some(filter) = filter else { return true };
        let is_absent = |part: &Expr| matches!(part, Expr::Column(column) if self.index(row, column.index).is_none());
        filter.any(&mut |part| is_absent(part))
            || holds(filter, &|column| self.value(row, column).to_owned()) != Some(false)
    }

    /// The index of a column in the model of a row.
    fn index(&self, row: usize, column: u16) -> Option<u16> {
        self.entry(row)?.entity.table().place_of(column, self.table)
    }

    fn entry(&self, row: usize) -> Option<&Entry> {
        let write = self.numbers.get(row).and_then(|&number| self.writes.get(number))?;
        self.map.get(write.slot)
    }
}

impl BindSource for Rows<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let Some(entry) = self.entry(row) else { return ValueRef::Null };
        let Some(column) = entry.entity.table().place_of(column, self.table) else { return ValueRef::Null };
        if self.when == When::Before {
            return entry.before(column);
        }
        // What the database generates is not known yet.
        if entry.knows(&[column]) { entry.entity.value(column) } else { ValueRef::Null }
    }
}

/// Rows by what they refer to: the columns of the other table have the values of a foreign key.
struct Through<'r, 'm> {
    rows: &'r Rows<'m>,
    key: &'static ForeignKey,
}

impl BindSource for Through<'_, '_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let index = self.key.references.iter().position(|reference| *reference == column);
        let own = index.and_then(|index| self.key.columns.get(index));
        own.map_or(ValueRef::Null, |&own| self.rows.value(row, own))
    }
}
