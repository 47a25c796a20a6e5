//! The unit of work: what a flush writes, and in which order.
//!
//! Inserts come first, parents before children and the rows of one table together; then updates, of the columns that
//! changed; then deletes, children before parents.

use super::entity::{Entity, Entry, State, columns};
use super::identity_map::IdentityMap;
use super::verify::verify;
use crate::dialect::{Dialect, Support};
use crate::driver::{RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::given_out;
use crate::schema::{Table, creation_order};
use crate::sql::{Assignment, BindSource, Delete, Expr, Insert, Matched, Returning, Update};
use crate::types::{ColumnType, SqlValue, Value, ValueRef};

/// How many rows one INSERT of a flush has at most.
const ROWS_PER_INSERT: usize = 500;

/// What is to be written, by slot.
pub(super) struct Plan {
    inserts: Vec<usize>,
    updates: Vec<(usize, Vec<u16>)>,
    deletes: Vec<usize>,
}

/// What is pending; `None` where nothing is.
pub(super) fn plan(map: &mut IdentityMap) -> Option<Plan> {
    map.settle();
    let changed = |slot: usize| {
        let columns = map.get(slot)?.changed_columns();
        (!columns.is_empty()).then_some((slot, columns))
    };
    let plan = Plan {
        inserts: map.in_state(State::Pending),
        updates: map.in_state(State::Persistent).into_iter().filter_map(changed).collect(),
        deletes: map.in_state(State::Deleting),
    };
    let is_empty = plan.inserts.is_empty() && plan.updates.is_empty() && plan.deletes.is_empty();
    (!is_empty).then_some(plan)
}

/// Writes what is pending. The map follows statement by statement.
pub(super) async fn run(
    plan: Plan,
    map: &mut IdentityMap,
    link: &mut Link,
    dialect: &'static dyn Dialect,
) -> Result<()> {
    verify(&plan.updates, map, link, dialect).await?;
    for group in insert_groups(map, &plan.inserts) {
        for chunk in group.slots.chunks(rows_per_insert(dialect, group.columns.len())) {
            insert(map, group.table, &group.columns, chunk, link, dialect).await?;
        }
    }
    for (slot, columns) in plan.updates {
        update(map, slot, &columns, link, dialect).await?;
    }
    for slot in delete_order(map, plan.deletes) {
        delete(map, slot, link, dialect).await?;
    }
    Ok(())
}

/// Rows that one INSERT statement can hold: of one table, with the same columns given.
struct InsertGroup {
    table: &'static Table,
    columns: Vec<u16>,
    slots: Vec<usize>,
}

fn insert_groups(map: &IdentityMap, slots: &[usize]) -> Vec<InsertGroup> {
    let mut groups: Vec<InsertGroup> = Vec::new();
    for table in ordered_tables(map, slots) {
        for (&slot, entry) in entries(map, slots).filter(|(_, entry)| entry.entity.table() == table) {
            let columns = given_columns(&*entry.entity);
            match groups.iter_mut().find(|group| group.table == table && group.columns == columns) {
                Some(group) => group.slots.push(slot),
                None => groups.push(InsertGroup { table, columns, slots: vec![slot] }),
            }
        }
    }
    groups
}

/// The columns an entity gives a value for: all but an automatic key that is still 0.
fn given_columns(entity: &dyn Entity) -> Vec<u16> {
    let auto = entity.table().auto_column().filter(|&column| is_zero(entity.value(column)));
    columns(entity.table()).filter(|&column| Some(column) != auto).collect()
}

/// Whether an automatic key has not been given out yet.
pub(crate) fn is_zero(value: ValueRef<'_>) -> bool {
    matches!(value, ValueRef::I64(0) | ValueRef::U64(0) | ValueRef::Null)
}

fn rows_per_insert(dialect: &dyn Dialect, columns: usize) -> usize {
    (dialect.capabilities().max_binds / columns.max(1)).clamp(1, ROWS_PER_INSERT)
}

async fn insert(
    map: &mut IdentityMap,
    table: &'static Table,
    columns: &[u16],
    slots: &[usize],
    link: &mut Link,
    dialect: &'static dyn Dialect,
) -> Result<()> {
    let auto = table.auto_column().filter(|column| !columns.contains(column));
    // A row of nothing but defaults has no place for a second one behind it.
    let batches = if columns.is_empty() { slots.chunks(1) } else { slots.chunks(slots.len().max(1)) };
    for slots in batches {
        let native = dialect.capabilities().insert_returning == Support::Native;
        let mut statement = Insert::rows(table, columns.to_vec(), slots.len());
        if let Some(auto) = auto.filter(|_| native) {
            statement.returning = Returning::Columns(vec![auto]);
        }
        let ids = {
            let source = Slots { map, slots };
            let compiled = statement.compile(dialect, &source)?;
            if statement.returning.is_nothing() {
                let done =
                    link.execute(&compiled).await.map_err(|error| error.unnumbered(table, slots.len(), &source))?;
                auto.map(|_| given_out(done.numbers, slots.len())).transpose()?
            } else {
                let mut ids = Ids(Vec::with_capacity(slots.len()));
                let sent = link.fetch(&compiled, &mut ids).await;
                sent.map_err(|error| error.unnumbered(table, slots.len(), &source))?;
                // The database numbers rows in the order they are given, but returns them in any.
                ids.0.sort_unstable();
                Some(ids.0)
            }
        };
        if ids.as_ref().is_some_and(|ids| ids.len() != slots.len()) {
            let message = "the database did not return one key for each inserted row";
            return Err(Error::new(ErrorKind::Other, message).with_table(table.name));
        }
        for (place, &slot) in slots.iter().enumerate() {
            let Some(entry) = map.get_mut(slot) else { continue };
            if let (Some(column), Some(id)) = (auto, ids.as_ref().and_then(|ids| ids.get(place))) {
                entry.entity.assign(column, ValueRef::I64(*id))?;
            }
            map.inserted(slot);
        }
    }
    Ok(())
}

async fn update(
    map: &mut IdentityMap,
    slot: usize,
    changed: &[u16],
    link: &mut Link,
    dialect: &'static dyn Dialect,
) -> Result<()> {
    let Some(entry) = map.get(slot) else { return Ok(()) };
    let table = entry.entity.table();
    let defaults: Vec<(u16, Value)> = table.update_defaults().filter(|(column, _)| !changed.contains(column)).collect();
    let values = changed.iter().map(|&column| (column, entry.entity.value(column).to_owned()));
    let assignments = values.chain(defaults.iter().cloned()).filter_map(|(column, value)| {
        let ty = table.column(column)?.ty;
        Some(Assignment { column, value: Expr::stored(value, ty) })
    });
    let rows = Matched::of(table, Some(entry.entity.by_key(entry.snapshot.as_deref())));
    let statement = Update::new(rows, assignments.collect());
    let compiled = statement.compile(dialect)?;
    if link.execute(&compiled).await?.rows_affected == 0 {
        return Err(gone(table));
    }
    if let Some(entry) = map.get_mut(slot) {
        entry.snapshot = None;
        for (column, value) in &defaults {
            entry.entity.assign(*column, value.as_ref().kept())?;
        }
    }
    if changed.iter().any(|column| table.primary_key.contains(column)) {
        map.moved(slot);
    }
    Ok(())
}

async fn delete(map: &mut IdentityMap, slot: usize, link: &mut Link, dialect: &'static dyn Dialect) -> Result<()> {
    // Where an INSERT before it has taken its key, its row is gone already, and that one's must stay.
    let Some(entry) = map.get(slot).filter(|entry| entry.state == State::Deleting) else { return Ok(()) };
    let table = entry.entity.table();
    let statement = Delete::new(Matched::of(table, Some(entry.entity.by_key(entry.snapshot.as_deref()))));
    let compiled = statement.compile(dialect)?;
    if link.execute(&compiled).await?.rows_affected == 0 {
        return Err(gone(table));
    }
    map.deleted(slot);
    Ok(())
}

/// The error of a row that is to be written and is gone.
pub(super) fn gone(table: &'static Table) -> Error {
    Error::new(ErrorKind::StaleVersion, "the row to write is not there any more: it was deleted since it was read")
        .with_table(table.name)
}

/// Children before parents; within a table the last one added first.
fn delete_order(map: &IdentityMap, slots: Vec<usize>) -> Vec<usize> {
    let mut ordered: Vec<usize> = Vec::with_capacity(slots.len());
    for table in ordered_tables(map, &slots) {
        ordered.extend(entries(map, &slots).filter(|(_, entry)| entry.entity.table() == table).map(|(slot, _)| *slot));
    }
    ordered.reverse();
    ordered
}

/// The tables of these slots, parents first. Where foreign keys form a circle, there is no such order, and the database
/// decides: it may check them only at the end.
fn ordered_tables(map: &IdentityMap, slots: &[usize]) -> Vec<&'static Table> {
    let mut tables: Vec<&'static Table> = Vec::new();
    for (_, entry) in entries(map, slots) {
        if !tables.contains(&entry.entity.table()) {
            tables.push(entry.entity.table());
        }
    }
    creation_order(&tables).unwrap_or(tables)
}

fn entries<'m>(map: &'m IdentityMap, slots: &'m [usize]) -> impl Iterator<Item = (&'m usize, &'m Entry)> {
    slots.iter().filter_map(|slot| Some((slot, map.get(*slot)?)))
}

/// The values of the entities in these slots.
struct Slots<'m> {
    map: &'m IdentityMap,
    slots: &'m [usize],
}

impl BindSource for Slots<'_> {
    fn value(&self, row: usize, column: u16) -> ValueRef<'_> {
        let entry = self.slots.get(row).and_then(|&slot| self.map.get(slot));
        entry.map_or(ValueRef::Null, |entry| entry.entity.value(column))
    }
}

/// Collects the keys that the database made.
struct Ids(Vec<i64>);

impl RowSink for Ids {
    fn row(&mut self, row: &dyn crate::driver::Row) -> Result<std::ops::ControlFlow<()>> {
        let value = RowReader::new(row).read_value(ColumnType::I64)?;
        self.0.push(i64::from_value(value)?);
        Ok(std::ops::ControlFlow::Continue(()))
    }
}
