//! ON DELETE CASCADE: rows that go with those that a flush deletes, also through rows that the session has not read.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::entity::{Entry, State};
use super::identity_map::IdentityMap;
use super::unit_of_work::Plan;
use crate::driver::{Row, RowReader, RowSink};
use crate::error::Result;
use crate::model::Part;
use crate::pool::Link;
use crate::query::write::{among, keys_per_statement};
use crate::schema::{Action, Table, TableKey};
use crate::sql::{ColumnRef, DeletedRows, Expr, Item, Select, Source, TableRef};
use crate::types::{ColumnType, Value};

/// Whether deleting a row from one of these tables can delete rows of a table.
pub(super) fn can_go_along(table: &'static Table, with: &[&'static Table]) -> bool {
    let (mut waiting, mut seen) = (vec![table], Vec::new());
    while let Some(table) = waiting.pop() {
        if seen.contains(&table) {
            continue;
        }
        seen.push(table);
        for key in table.foreign_keys.iter().filter(|key| key.on_delete == Action::Cascade) {
            let target = (key.table)();
            if with.iter().any(|other| other.is_same_table(target)) {
                return true;
            }
            waiting.push(target);
        }
    }
    false
}

/// The slots of what is to be written with a key that a row has now, where that row may go along with one that is deleted.
/// It costs a statement for each such key, and nothing where a flush has none.
pub(super) async fn freed(plan: &Plan, map: &IdentityMap, link: &mut Link) -> Result<HashSet<usize>> {
    let mut slots = HashSet::new();
    let table_of = |slot: &usize| map.get(*slot).map(|entry| entry.entity.table());
    let mut deleted: Vec<&'static Table> = Vec::new();
    for table in plan.deletes.iter().filter_map(table_of) {
        if !deleted.contains(&table) {
            deleted.push(table);
        }
    }
    if deleted.is_empty() {
        return Ok(slots);
    }
    let written = plan.inserts.iter().chain(plan.updates.iter().map(|(slot, _)| slot));
    for &table in map.tables().iter().filter(|table| can_go_along(table, &deleted)) {
        let takers: Vec<usize> = written
            .clone()
            .copied()
            .filter(|slot| table_of(slot).is_some_and(|other| std::ptr::eq(other, table)))
            .collect();
        if takers.is_empty() {
            continue;
        }
        for key in table.keys() {
            held(table, &key, &takers, map, link, &mut slots).await?;
        }
    }
    Ok(slots)
}

/// Adds the slots whose entities will have a key that a row of the table has now.
async fn held(
    table: &'static Table,
    key: &TableKey,
    takers: &[usize],
    map: &IdentityMap,
    link: &mut Link,
    slots: &mut HashSet<usize>,
) -> Result<()> {
    let taken = |slot: &usize| Some((*slot, taken(map.get(*slot)?, &key.columns)?));
    let takers: Vec<(usize, Vec<Value>)> = takers.iter().filter_map(taken).collect();
    for chunk in takers.chunks(keys_per_statement(link.dialect().capabilities(), key.columns.len())) {
        let value = |row: usize, column: u16| {
            let index = key.columns.iter().position(|own| *own == column);
            let value = index.and_then(|index| chunk.get(row)?.1.get(index));
            value.cloned().unwrap_or(Value::Null)
        };
        let column = |&index: &u16| Item::Expr(Expr::Column(ColumnRef { table: TableRef::new(table), index }));
        let mut select = Select::of(key.columns.iter().map(column).collect());
        select.set_from(Source::Table(TableRef::new(table)));
        select.set_deleted(DeletedRows::Found);
        select.add_filter(among(TableRef::new(table), &key.columns, chunk.len(), value));
        let mut found = Held { table, key, rows: HashSet::new() };
        link.fetch(&select.compile(link.destination())?, &mut found).await?;
        let parts = |values: &[Value]| -> Vec<Part> {
            let columns = key.columns.iter().zip(values);
            columns.map(|(&column, value)| Part::of(table, column, value.as_ref())).collect()
        };
        slots.extend(chunk.iter().filter(|(_, values)| found.rows.contains(&parts(values))).map(|(slot, _)| *slot));
    }
    Ok(())
}

/// The values that a key takes with an entity that is written; `None` if it takes none, or keeps those it has.
fn taken(entry: &Entry, columns: &[u16]) -> Option<Vec<Value>> {
    let is_new = entry.state == State::Pending;
    if !is_new && !entry.changed().iter().any(|column| columns.contains(column)) {
        return None;
    }
    let value = |&column: &u16| {
        let value = entry.entity.value(column);
        (entry.knows(&[column]) && !value.is_null()).then(|| value.kept().to_owned())
    };
    columns.iter().map(value).collect()
}

/// Collects the values of a key.
struct Held<'k> {
    table: &'static Table,
    key: &'k TableKey,
    rows: HashSet<Vec<Part>>,
}

impl RowSink for Held<'_> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut reader = RowReader::new(row);
        let mut part = |&column: &u16| {
            let ty = self.table.column(column).map_or(ColumnType::TEXT, |column| column.ty);
            Ok(Part::of(self.table, column, reader.read_value(ty)?))
        };
        self.rows.insert(self.key.columns.iter().map(&mut part).collect::<Result<_>>()?);
        Ok(ControlFlow::Continue(()))
    }
}
