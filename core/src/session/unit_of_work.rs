//! The unit of work: what a flush writes.

use std::collections::HashSet;
use std::sync::Arc;

use super::blame::Failed;
use super::entity::{Entry, State};
use super::follow::{follow, follows};
use super::groups::{self, defaults};
use super::hooks::{self, Asked};
use super::identity_map::IdentityMap;
use super::kept::Kept;
use super::order::{self, Step};
use super::overlaps;
use super::relations::{Decided, go_along, leave_deleted, leave_owners, left};
use super::replace::replace;
use super::same_row;
use super::taken_along::{can_go_along, freed};
use super::verify::verify;
use super::versions;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Link;
use crate::query::write::{UpdateKind, stale};
use crate::schema::Table;
use crate::sql::{Assignment, Delete, DeletedRows, Expr, Target, Update};
use crate::types::{ColumnType, Value};

/// What is to be written, by slot.
pub(super) struct Plan {
    pub(super) inserts: Vec<usize>,
    /// With the columns that changed.
    pub(super) updates: Vec<(usize, Vec<u16>)>,
    pub(super) deletes: Vec<usize>,
}

/// What is pending, after the hooks of what is; `None` if nothing is.
///
/// # Errors
/// What a hook says; [`ForeignKeyViolation`](ErrorKind::ForeignKeyViolation) if an entity must refer to a row that is to be deleted.
pub(super) fn plan(map: &mut IdentityMap) -> Result<Option<Plan>, Failed> {
    let mut decided = Decided::default();
    if let Err(failed) = decide(map, &mut decided) {
        decided.take_back(map)?;
        return Err(failed);
    }
    let changed = |slot: usize| {
        let columns = map.get(slot)?.changed();
        (!columns.is_empty()).then_some((slot, columns))
    };
    let plan = Plan {
        inserts: map.in_state(State::Pending),
        updates: map.updating().into_iter().filter_map(changed).collect(),
        deletes: map.in_state(State::Deleting),
    };
    let is_empty = plan.inserts.is_empty() && plan.updates.is_empty() && plan.deletes.is_empty();
    Ok((!is_empty).then_some(plan))
}

/// Makes entities leave those they no longer belong to, and asks the hooks.
fn decide(map: &mut IdentityMap, decided: &mut Decided) -> Result<(), Failed> {
    settle(map, decided)?;
    if hooks::before_save(map)? == Asked::Some {
        settle(map, decided)?;
    }
    map.refuse_null_keys()?;
    hooks::before_delete(map)
}

/// Works out what is to be written, as entities are now.
fn settle(map: &mut IdentityMap, decided: &mut Decided) -> Result<(), Failed> {
    map.resolve_all()?;
    map.settle();
    if leave_owners(map, decided)? | leave_deleted(map, decided)? {
        map.settle();
    }
    Ok(())
}

/// Whether anything is pending.
pub(super) fn is_pending(map: &mut IdentityMap) -> bool {
    map.settle();
    map.unwritten().any(Entry::has_changes)
}

/// Writes what is pending, and updates the map statement by statement.
pub(super) async fn run(mut plan: Plan, map: &mut IdentityMap, link: &mut Link) -> Result<(), Failed> {
    versions::check(&plan.updates, map)?;
    let replaced = replace(map, &mut plan)?;
    overlaps::check(&plan.updates, map)?;
    verify(&left(&plan, map), map, link).await?;
    verify(&plan.updates, map, link).await?;
    let others = same_row::once(map, &mut plan.deletes);
    let freed = freed(&plan, map, link).await?;
    let mut deleted: Vec<&'static Table> = Vec::new();
    for step in order::steps(map, plan, &freed)? {
        match step {
            Step::Insert { table, slots, later, .. } => {
                slots.iter().try_for_each(|&slot| known(map, slot, &later).map_err(Failed::with(slot)))?;
                groups::insert(map, table, &slots, &later, link).await?;
            }
            Step::Park { slot, column, value } => {
                park(map, slot, column, value, &deleted, link).await.map_err(Failed::with(slot))?;
            }
            Step::Update { table, columns, slots } => {
                slots.iter().try_for_each(|&slot| map.resolve(slot).map_err(Failed::with(slot)))?;
                for (kind, slots) in by_kind(map, slots, &replaced) {
                    let result = match slots.as_slice() {
                        [] => Ok(()),
                        [slot] => update(map, *slot, &columns, kind, link).await.map_err(Failed::with(*slot)),
                        slots => groups::update(map, table, &columns, slots, kind, link).await,
                    };
                    result.map_err(|failed| Failed { error: by_undeclared_key(table, failed.error), ..failed })?;
                }
            }
            Step::Delete { table, slots } => {
                match slots.as_slice() {
                    [slot] => delete(map, *slot, &deleted, link).await.map_err(Failed::with(*slot))?,
                    slots => groups::delete(map, table, slots, &deleted, link).await?,
                }
                let others = slots.iter().filter_map(|slot| others.get(slot)).flatten();
                for &slot in others.clone() {
                    map.deleted(slot);
                }
                slots.iter().chain(others).try_for_each(|&slot| go_along(map, slot).map_err(Failed::with(slot)))?;
                if !deleted.contains(&table) {
                    deleted.push(table);
                }
            }
        }
    }
    Ok(())
}

/// Those of these slots that one statement can write: whose rows are marked as deleted or not, and change or are replaced.
fn by_kind(map: &IdentityMap, slots: Vec<usize>, replaced: &HashSet<usize>) -> [(UpdateKind, Vec<usize>); 4] {
    let by_mark = |slots: Vec<usize>| -> (Vec<usize>, Vec<usize>) {
        slots.into_iter().partition(|&slot| map.get(slot).is_some_and(Entry::was_marked))
    };
    let (new, known): (Vec<usize>, Vec<usize>) = slots.into_iter().partition(|slot| replaced.contains(slot));
    let ((known_marked, known), (new_marked, new)) = (by_mark(known), by_mark(new));
    [
        (UpdateKind::Changes, known),
        (UpdateKind::Changes, known_marked),
        (UpdateKind::Replaces, new),
        (UpdateKind::Replaces, new_marked),
    ]
}

/// Writes the keys that an entity refers to into it, before it is inserted.
///
/// # Errors
/// [`ForeignKeyViolation`](ErrorKind::ForeignKeyViolation) if one is not known, because rows refer to one another in a circle.
fn known(map: &mut IdentityMap, slot: usize, later: &[(usize, u16)]) -> Result<()> {
    map.resolve(slot)?;
    let Some(entry) = map.get(slot) else { return Ok(()) };
    let unknown = entry.unknown().find(|&column| !later.contains(&(slot, column)));
    let Some(column) = unknown else { return Ok(()) };
    let table = entry.entity.table();
    let message =
        "entities that are to be inserted refer to one another in a circle, and none of the foreign keys may be NULL";
    let names = table.column_names(&[column]);
    Err(Error::new(ErrorKind::ForeignKeyViolation, message).with_table(table.name).with_columns(names))
}

/// Writes a value to a column to make room for other rows. The entity does not change: its own value is written later.
async fn park(
    map: &mut IdentityMap,
    slot: usize,
    column: u16,
    value: Value,
    deleted: &[&'static Table],
    link: &mut Link,
) -> Result<()> {
    // Where an INSERT before it has taken its key, its row is gone already, and that one's must stay.
    let Some(entry) = map.get(slot).filter(|entry| entry.state.is_there()) else { return Ok(()) };
    let may_be_gone = entry.state == State::Deleting && can_go_along(entry.entity.table(), deleted);
    let table = entry.entity.table();
    let ty = table.column(column).map_or(ColumnType::TEXT, |column| column.ty);
    let rows = row_of(entry);
    let statement = Update::new(rows, vec![Assignment { column, value: Expr::stored(value.clone(), ty) }]);
    let compiled = statement.compile(link.destination())?;
    let follows = follows(map, slot, &[(column, value.clone())], link.dialect().capabilities());
    if link.execute(&compiled).await.map_err(unlucky)?.rows_affected == 0 {
        return if may_be_gone { refuse_changed(map, table, slot, link).await } else { Err(stale(table)) };
    }
    let Some(entry) = map.get_mut(slot) else { return Ok(()) };
    let snapshot = entry.snapshot.get_or_insert_with(|| Arc::new(entry.entity.values()));
    if let Some(kept) = Arc::make_mut(snapshot).get_mut(usize::from(column)) {
        *kept = Kept::Value(value);
    }
    if table.primary_key.contains(&column) {
        map.leave(slot);
    }
    follow(map, &follows)
}

/// The error of a made-up value that a row unknown to the session happens to have.
fn unlucky(error: Error) -> Error {
    if error.kind() != ErrorKind::UniqueViolation {
        return error;
    }
    error.with_message(
        "rows exchange what they hold, and the value that one of them was given for a moment is another row's: try again",
    )
}

/// The error of a key that the model does not declare: the flush could not order its rows by it.
fn by_undeclared_key(table: &'static Table, error: Error) -> Error {
    if error.kind() != ErrorKind::UniqueViolation || error.table() != Some(table.name) {
        return error;
    }
    let columns: Vec<&str> = error.columns().collect();
    if table.may_declare(error.constraint(), &columns) {
        return error;
    }
    error.with_message(
        "a unique key already holds this value, and the model does not declare the key, or not by this name: where rows of a flush \
         hand a value on, declare it with unique, so that they are written in that order",
    )
}

async fn update(map: &mut IdentityMap, slot: usize, changed: &[u16], kind: UpdateKind, link: &mut Link) -> Result<()> {
    let Some(entry) = map.get(slot) else { return Ok(()) };
    let table = entry.entity.table();
    let mut defaults = defaults(table, changed);
    let version = table.next_version(|column| entry.before(column))?;
    let values: Vec<(u16, Value)> = changed.iter().map(|&column| (column, entry.to_write(column).to_owned())).collect();
    let assignments = values.iter().chain(&defaults).cloned().filter_map(|(column, value)| {
        let ty = table.column(column)?.ty;
        Some(Assignment { column, value: Expr::stored(value, ty) })
    });
    let assignments = assignments.chain(Assignment::count_up(table)).collect();
    let statement = Update::new(row_of(entry), assignments);
    let compiled = match kind {
        UpdateKind::Changes => statement.compile(link.destination())?,
        UpdateKind::Replaces => statement.compile_replacing(link.destination())?,
    };
    let follows = follows(map, slot, &values, link.dialect().capabilities());
    if link.execute(&compiled).await?.rows_affected == 0 {
        return Err(stale(table));
    }
    defaults.extend(version);
    map.updated(slot, &defaults)?;
    versions::follow(map, table, &[slot]);
    let is_there = map.get(slot).is_some_and(|entry| entry.state.is_there());
    if is_there && changed.iter().any(|column| table.primary_key.contains(column)) {
        map.moved(slot);
    }
    follow(map, &follows)
}

async fn delete(map: &mut IdentityMap, slot: usize, deleted: &[&'static Table], link: &mut Link) -> Result<()> {
    // If an earlier INSERT has taken its key, its row is gone already, and the new one must stay.
    let Some(entry) = map.get(slot).filter(|entry| entry.state == State::Deleting) else { return Ok(()) };
    let table = entry.entity.table();
    let mut row = row_of(entry);
    row.set_deleted(DeletedRows::Found);
    let statement = Delete::new(row);
    let compiled = statement.compile(link.destination())?;
    if link.execute(&compiled).await?.rows_affected == 0 {
        // A row may have been deleted by a cascade of this flush.
        if !can_go_along(table, deleted) {
            return Err(stale(table));
        }
        refuse_changed(map, table, slot, link).await?;
    }
    map.deleted(slot);
    Ok(())
}

async fn refuse_changed(map: &IdentityMap, table: &'static Table, slot: usize, link: &mut Link) -> Result<()> {
    versions::refuse_changed(map, table, &[slot], link).await.map_err(|failed| failed.error)
}

/// An entity's row as it was read, by the key that the database knows.
fn row_of(entry: &Entry) -> Target {
    let mut row = Target::of(entry.entity.table(), Some(entry.as_read()));
    row.set_deleted(entry.deleted_rows());
    row
}
