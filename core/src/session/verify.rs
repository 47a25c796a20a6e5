//! What is checked before changes of stale entities are written.
//!
//! A handle stays readable after its row may have changed, and the program may write to it without reading anew. The
//! UPDATE of such an entity would overwrite what it has never seen, so its row is read first, under lock, and compared
//! with what the entity was when it was read. Entities that are not stale cost nothing.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::blame::Failed;
use super::entity::{Entry, columns};
use super::identity_map::IdentityMap;
use super::kept::KnownTexts;
use crate::driver::{Row, RowReader, RowSink};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Entity, ReadEntity, RowKey};
use crate::pool::Link;
use crate::query::write::{keys_per_statement, stale};
use crate::schema::Table;
use crate::sql::{DeletedRows, Item, Select, TableRef, select_keys};
use crate::types::{Value, ValueRef};

/// An entity's slot, and the columns that the program has changed.
type Change = (usize, Vec<u16>);

/// A row as an entity, with the texts of its documents.
type Found = (Box<dyn Entity>, KnownTexts);

/// Reads the rows of those entities among these that are stale, one SELECT for a table. Columns that the program left
/// alone take the row's values.
///
/// # Errors
/// [`StaleVersion`](ErrorKind::StaleVersion) if a row is gone, or has another version, or a column has changed that the program
/// has changed too.
pub(super) async fn verify(changes: &[Change], map: &mut IdentityMap, link: &mut Link) -> Result<(), Failed> {
    for (table, prototype, changes) in by_model(changes, map) {
        for chunk in changes.chunks(keys_per_statement(link.dialect().capabilities(), table.primary_key.len())) {
            verify_chunk(table, prototype, chunk, map, link).await?;
        }
    }
    Ok(())
}

/// The stale ones by model, each with the slot of one of its entities. Tables do not tell models apart: one table may
/// have two.
fn by_model<'c>(changes: &'c [Change], map: &IdentityMap) -> Vec<(&'static Table, usize, Vec<&'c Change>)> {
    let mut models: Vec<(&'static Table, usize, Vec<&Change>)> = Vec::new();
    for change in changes.iter().filter(|(slot, _)| map.is_stale(*slot)) {
        let Some(entry) = map.get(change.0) else { continue };
        let table = entry.entity.table();
        match models.iter_mut().find(|(known, ..)| std::ptr::eq(*known, table)) {
            Some((.., changes)) => changes.push(change),
            None => models.push((table, change.0, vec![change])),
        }
    }
    models
}

async fn verify_chunk(
    table: &'static Table,
    prototype: usize,
    changes: &[&Change],
    map: &mut IdentityMap,
    link: &mut Link,
) -> Result<(), Failed> {
    let keys: Vec<Vec<Value>> = changes.iter().filter_map(|(slot, _)| key_when_read(map, *slot)).collect();
    let select = select_keys(table, &keys, vec![Item::Table(TableRef::new(table))], DeletedRows::Found);
    let rows = fetch(&select, prototype, map, link).await?;
    let found: HashMap<RowKey, &Found> = rows.iter().map(|found| (found.0.row_key(), found)).collect();
    let mut missing = Vec::new();
    for (change, key) in changes.iter().zip(&keys) {
        let row_key = RowKey::primary(table, |index, _| key.get(index).map_or(ValueRef::Null, Value::as_ref));
        match found.get(&row_key) {
            Some((row, texts)) => adopt(map, change, &**row, texts).map_err(Failed::with(change.0))?,
            None => missing.push((*change, key)),
        }
    }
    if missing.len() + found.len() == changes.len() {
        // Every row that was found belongs to another entity.
        return missing.first().map_or(Ok(()), |(change, _)| Err(Failed::with(change.0)(stale(table))));
    }
    // Rows were found by keys that are written otherwise than creole knows to be the same: the database knows whose they are.
    for (change, key) in missing {
        let select =
            select_keys(table, std::slice::from_ref(key), vec![Item::Table(TableRef::new(table))], DeletedRows::Found);
        let found = fetch(&select, change.0, map, link).await?;
        let blamed = Failed::with(change.0);
        let Some((row, texts)) = found.first() else { return Err(blamed(stale(table))) };
        adopt(map, change, &**row, texts).map_err(blamed)?;
    }
    Ok(())
}

/// The first of these entities, of one model, whose row is not there, or has been changed by others. It is asked for after the number of
/// rows has told that there is one; what goes wrong with that leaves it unknown.
pub(super) async fn first_missing(
    table: &'static Table,
    slots: &[usize],
    map: &IdentityMap,
    link: &mut Link,
) -> Option<usize> {
    let most = keys_per_statement(link.dialect().capabilities(), table.primary_key.len());
    let mut doubtful = Vec::new();
    for slots in slots.chunks(most) {
        let keys: Vec<Vec<Value>> = slots.iter().filter_map(|&slot| key_when_read(map, slot)).collect();
        let select = select_keys(table, &keys, vec![Item::Table(TableRef::new(table))], DeletedRows::Found);
        let rows = fetch(&select, *slots.first()?, map, link).await.ok()?;
        let found: HashMap<RowKey, &dyn Entity> = rows.iter().map(|(row, _)| (row.row_key(), &**row)).collect();
        for &slot in slots {
            let Some(entry) = map.get(slot) else { continue };
            match found.get(&entry.row_key()).map(|row| standing(entry, *row)) {
                None | Some(Standing::Changed) => return Some(slot),
                Some(Standing::Doubtful) => doubtful.push(slot),
                Some(Standing::Written) => {}
            }
        }
    }
    // Two that may be it are one too many.
    doubtful.first().copied().filter(|_| doubtful.len() == 1)
}

/// Whether a row that was not marked as deleted is so now, and not by what is written of its entity.
fn is_marked_by_others(entry: &Entry, row: &dyn Entity) -> bool {
    let Some(soft) = row.table().soft_delete else { return false };
    let is_own = || is_same(row.value(soft.column), entry.to_write(soft.column));
    row.is_marked() && !entry.was_marked() && !is_own()
}

/// What has become of a row in a group of updates of which one has not found its own.
enum Standing {
    Written,
    /// By others.
    Changed,
    /// It has the version that the update would have given it, but not its values: others may have given it that.
    Doubtful,
}

fn standing(entry: &Entry, row: &dyn Entity) -> Standing {
    let table = row.table();
    if is_marked_by_others(entry, row) {
        return Standing::Changed;
    }
    let Some(version) = table.version else { return Standing::Written };
    let now = row.value(version);
    let next = table.next_version(|column| entry.before(column)).ok().flatten();
    let is_next = next.is_some_and(|(_, next)| is_same(now, next.as_ref()));
    if !is_next {
        let is_untouched = is_same(now, entry.before(version));
        return if is_untouched { Standing::Written } else { Standing::Changed };
    }
    let is_written = |(column, value): &(u16, Value)| is_same(row.value(*column), value.as_ref());
    if entry.changes.iter().all(is_written) { Standing::Written } else { Standing::Doubtful }
}

/// The rows that a SELECT finds, as entities of the same model as the one in a slot.
async fn fetch(select: &Select, slot: usize, map: &IdentityMap, link: &mut Link) -> Result<Vec<Found>> {
    let statement = select.compile(link.destination())?;
    let Some(prototype) = map.get(slot) else { return Ok(Vec::new()) };
    let mut rows = Rows { reader: prototype.entity.reader(), found: Vec::new() };
    link.fetch(&statement, &mut rows).await?;
    Ok(rows.found)
}

/// Sets an entity to its row, except for the columns that the program has changed.
fn adopt(map: &mut IdentityMap, change: &Change, row: &dyn Entity, texts: &KnownTexts) -> Result<()> {
    let (slot, changed) = (change.0, &change.1);
    let now = map.writes.now();
    let Some(entry) = map.get_mut(slot) else { return Ok(()) };
    if row.is_marked() && !entry.was_marked() {
        // It is as though it were gone, whoever has marked it.
        return Err(stale(row.table()));
    }
    let Some(snapshot) = entry.snapshot.take() else { return Ok(()) };
    if let Some(version) = row.table().version
        && let Some(before) = snapshot.get(usize::from(version))
        && !is_same(row.value(version), before.as_ref())
    {
        return Err(stale(row.table()));
    }
    for (column, before) in columns(row.table()).zip(snapshot.iter()) {
        if !changed.contains(&column) {
            entry.take_value(column, row)?;
            continue;
        }
        let differ = entry.texts.differ(texts, column);
        if differ.unwrap_or_else(|| !is_same(row.value(column), before.as_ref())) {
            return Err(overtaken(row.table(), column));
        }
    }
    entry.snapshot = Some(Arc::new(row.values()));
    entry.texts = texts.clone();
    entry.read = Some(now);
    if entry.entity.row_key() == row.row_key() {
        // It may be spelled differently than before.
        map.moved(slot);
    }
    Ok(())
}

/// The key by which an entity's row is found: the one it had when it was read.
fn key_when_read(map: &IdentityMap, slot: usize) -> Option<Vec<Value>> {
    let entry = map.get(slot)?;
    Some(entry.entity.key_values(entry.snapshot.as_ref().map(|values| values.as_slice())))
}

/// Whether the database would store both as the same value: some have only one zero, and none has times finer than a
/// microsecond.
fn is_same(left: ValueRef<'_>, right: ValueRef<'_>) -> bool {
    match (left.kept(), right.kept()) {
        (ValueRef::F64(left), ValueRef::F64(right)) if left == right => true,
        (left, right) => left == right,
    }
}

fn overtaken(table: &'static Table, column: u16) -> Error {
    let name = table.column(column).map_or("", |column| column.name);
    let message = format!(
        "column {name} has changed since the entity was read, and to write it would undo that: roll back, `refresh` the \
         entity and change it then"
    );
    Error::new(ErrorKind::StaleVersion, message).with_table(table.name).with_columns([name])
}

/// Collects rows as entities of the same model as another one.
struct Rows {
    reader: ReadEntity,
    found: Vec<Found>,
}

impl RowSink for Rows {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut row = RowReader::new(row);
        let entity = (self.reader)(&mut row)?;
        let texts = KnownTexts::read(&*entity, &row, 0);
        self.found.push((entity, texts));
        Ok(ControlFlow::Continue(()))
    }
}
