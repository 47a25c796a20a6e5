//! Which writes of a flush must come before which.

use super::graph::{Graph, Why};
use super::{What, Write};
use crate::query::keys::KeyIndex;
use crate::schema::{ForeignKey, Table, TableKey, creation_order};
use crate::session::entity::{Entry, State};
use crate::session::identity_map::IdentityMap;
use crate::session::unit_of_work::is_zero;
use crate::sql::{BindSource, Expr, holds};
use crate::types::ValueRef;

/// What must come before what. References are looked at only where the usual order does not do.
pub(super) fn of(map: &IdentityMap, writes: &[Write]) -> Graph {
    let mut edges = Edges { map, writes, graph: Graph::new(writes.len()) };
    let tables = tables(writes);
    tables.iter().for_each(|table| edges.add_keys(table));
    let refers_to_itself = |table: &&&'static Table| table.foreign_keys.iter().any(|key| (key.table)() == **table);
    let is_entangled = tables.iter().any(|table| {
        refers_to_itself(&table)
            && writes.iter().filter(|write| write.table == *table && !write.is_update()).nth(1).is_some()
    });
    if is_entangled || !edges.graph.is_empty() || creation_order(&tables).is_err() {
        tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (*table, key))).for_each(
            |(table, key)| {
                edges.add_references(table, key);
            },
        );
    }
    edges.graph
}

fn tables(writes: &[Write]) -> Vec<&'static Table> {
    let mut tables: Vec<&'static Table> = Vec::new();
    for write in writes {
        if tables.last() != Some(&write.table) && !tables.contains(&write.table) {
            tables.push(write.table);
        }
    }
    tables
}

struct Edges<'m> {
    map: &'m IdentityMap,
    writes: &'m [Write],
    graph: Graph,
}

impl<'m> Edges<'m> {
    /// A row that takes a value of a unique key comes after the one that gives it up.
    fn add_keys(&mut self, table: &'static Table) {
        let is_one = |write: &&Write| write.table == table;
        let gives_up = |write: &Write| !matches!(write.what, What::Insert(_));
        let takes = |write: &Write| !matches!(write.what, What::Delete);
        if !self.writes.iter().filter(is_one).any(gives_up) || !self.writes.iter().filter(is_one).any(takes) {
            return;
        }
        for (number, key) in table.keys().into_iter().enumerate() {
            let filter = key.filter.map(|filter| filter());
            let (held, taken) = (self.rows(table, When::Before), self.rows(table, When::After));
            let held = held.only(|rows, row, write| {
                let gives_up = match &write.what {
                    What::Insert(_) => false,
                    What::Update(columns) => concerns(&key, filter.as_ref(), columns),
                    What::Delete => true,
                };
                gives_up && rows.may_be_within(filter.as_ref(), row)
            });
            let taken = taken.only(|rows, row, write| {
                let takes = match &write.what {
                    What::Insert(_) => true,
                    What::Update(columns) => concerns(&key, filter.as_ref(), columns),
                    What::Delete => false,
                };
                takes && rows.may_be_within(filter.as_ref(), row)
            });
            if held.numbers.is_empty() || taken.numbers.is_empty() {
                continue;
            }
            let index = KeyIndex::new(table, &key.columns, &held, held.numbers.len());
            for (row, &then) in taken.numbers.iter().enumerate() {
                if let Some(&first) = index.find(&taken, row).and_then(|row| held.numbers.get(row)) {
                    self.graph.add(first, then, Why::Key(number));
                }
            }
        }
    }

    /// A row comes in before those that refer to it, and goes after them.
    fn add_references(&mut self, table: &'static Table, key: &'static ForeignKey) {
        let target = (key.table)();
        let changes = |what: &What, of: &[u16]| matches!(what, What::Update(columns) if columns.iter().any(|column| of.contains(column)));
        let come = self
            .rows(target, When::After)
            .only(|_, _, write| matches!(write.what, What::Insert(_)) || changes(&write.what, key.references));
        let refer = self
            .rows(table, When::After)
            .only(|_, _, write| matches!(write.what, What::Insert(_)) || changes(&write.what, key.columns));
        let index = KeyIndex::new(target, key.references, &come, come.numbers.len());
        let through = Through { rows: &refer, key };
        for (row, &then) in refer.numbers.iter().enumerate() {
            if let Some(&first) = index.find(&through, row).and_then(|row| come.numbers.get(row)) {
                self.graph.add(first, then, Why::Reference);
            }
        }
        let go = self.rows(target, When::Before).only(|_, _, write| matches!(write.what, What::Delete));
        let leave = self
            .rows(table, When::Before)
            .only(|_, _, write| matches!(write.what, What::Delete) || changes(&write.what, key.columns));
        let index = KeyIndex::new(target, key.references, &go, go.numbers.len());
        let through = Through { rows: &leave, key };
        for (row, &first) in leave.numbers.iter().enumerate() {
            if let Some(&then) = index.find(&through, row).and_then(|row| go.numbers.get(row)) {
                self.graph.add(first, then, Why::Reference);
            }
        }
    }

    fn rows(&self, table: &'static Table, when: When) -> Rows<'m> {
        let is_one = |(_, write): &(usize, &Write)| write.table == table;
        let numbers = self.writes.iter().enumerate().filter(is_one).map(|(number, _)| number).collect();
        Rows { map: self.map, writes: self.writes, numbers, when }
    }
}

impl Write {
    fn is_update(&self) -> bool {
        matches!(self.what, What::Update(_))
    }
}

/// Whether a change of these columns may give up or take a value of a key.
fn concerns(key: &TableKey, filter: Option<&Expr>, changed: &[u16]) -> bool {
    let is_read = |column: u16| {
        filter.is_some_and(|filter| filter.any(&mut |part| matches!(part, Expr::Column(read) if read.index == column)))
    };
    changed.iter().any(|&column| key.columns.contains(&column) || is_read(column))
}

/// The rows of some writes, by the numbers of these.
struct Rows<'m> {
    map: &'m IdentityMap,
    writes: &'m [Write],
    numbers: Vec<usize>,
    when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// As the database has them.
    Before,
    /// As the flush leaves them.
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

    /// Whether an index of some rows may have this one.
    fn may_be_within(&self, filter: Option<&Expr>, row: usize) -> bool {
        filter.is_none_or(|filter| holds(filter, &|column| self.value(row, column).to_owned()) != Some(false))
    }

    fn entry(&self, row: usize) -> Option<&Entry> {
        let write = self.numbers.get(row).and_then(|&number| self.writes.get(number))?;
        self.map.get(write.slot)
    }
}

impl BindSource for Rows<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let Some(entry) = self.entry(row) else { return ValueRef::Null };
        if self.when == When::Before {
            return entry.before(column);
        }
        let value = entry.entity.value(column);
        // What the database makes is not known yet.
        let is_made =
            entry.state == State::Pending && entry.entity.table().auto_column() == Some(column) && is_zero(value);
        if is_made { ValueRef::Null } else { value }
    }
}

/// Rows by what they refer to: the columns of the other table have the values of a foreign key.
struct Through<'r, 'm> {
    rows: &'r Rows<'m>,
    key: &'static ForeignKey,
}

impl BindSource for Through<'_, '_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let place = self.key.references.iter().position(|reference| *reference == column);
        let own = place.and_then(|place| self.key.columns.get(place));
        own.map_or(ValueRef::Null, |&own| self.rows.value(row, own))
    }
}
