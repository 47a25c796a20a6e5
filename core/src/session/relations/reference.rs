//! References to entities, until they are written.
//!
//! A foreign key holds what the key of the related entity holds. That one may still be given a key, or another one: by the database, by the
//! program, or by a hook. So it is an entity that is referred to, and not a key, until the flush writes the columns.

use std::collections::{HashMap, HashSet};

use super::super::blame::Failed;
use super::super::entity::{Entry, State};
use super::super::identity_map::IdentityMap;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{Generated, Table};
use crate::types::Value;

/// How often keys are passed on that are made of other keys.
const MOST_KEYS_IN_A_ROW: usize = 64;

/// What an entity's foreign key is to hold: the key of another one.
#[derive(Debug, Clone)]
pub(in crate::session) struct Reference {
    pub(in crate::session) columns: &'static [u16],
    /// The slot of the entity that is referred to.
    pub(in crate::session) target: usize,
    /// The columns of its key.
    references: &'static [u16],
    /// Those of the columns whose values are not known yet.
    unknown: Vec<u16>,
    /// What the columns hold by it. If the program has written to them since, that is what holds.
    held: Vec<Value>,
    /// What they held before.
    former: Vec<Value>,
}

/// The references of an entity, of which most have none.
#[derive(Debug, Clone, Default)]
pub(in crate::session) struct References(Option<Box<Several>>);

#[derive(Debug, Clone)]
struct Several(Vec<Reference>);

/// The entities that may refer to others by a reference, by the slots of those.
#[derive(Debug, Default)]
pub(in crate::session) struct Referred(HashMap<usize, HashSet<usize>>);

/// What becomes of the references of an entity.
#[derive(Default)]
struct Resolved {
    /// Those that hold, with what is known of their keys.
    kept: Vec<Reference>,
    /// What the columns are to hold.
    values: Vec<(u16, Value)>,
}

impl Reference {
    /// The columns whose values are not known yet.
    pub(in crate::session) fn unknown(&self) -> &[u16] {
        &self.unknown
    }
}

impl References {
    pub(in crate::session) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn iter(&self) -> impl Iterator<Item = &Reference> {
        self.0.iter().flat_map(|several| &several.0)
    }

    fn take(&mut self) -> Vec<Reference> {
        self.0.take().map_or_else(Vec::new, |several| several.0)
    }

    fn retain(&mut self, is_kept: impl Fn(&Reference) -> bool) {
        if !self.is_empty() {
            let mut all = self.take();
            all.retain(is_kept);
            *self = all.into();
        }
    }
}

impl From<Vec<Reference>> for References {
    fn from(references: Vec<Reference>) -> References {
        References((!references.is_empty()).then(|| Box::new(Several(references))))
    }
}

impl Referred {
    fn note(&mut self, target: usize, slot: usize) {
        self.0.entry(target).or_default().insert(slot);
    }

    /// The slots of entities that may refer to the one in a slot, in their order.
    pub(super) fn by(&self, target: usize) -> Vec<usize> {
        let mut slots: Vec<usize> = self.0.get(&target).into_iter().flatten().copied().collect();
        slots.sort_unstable();
        slots
    }

    /// Forgets all of them, since everything is written.
    pub(in crate::session) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Entry {
    /// To which entity these columns refer, as long as that is not written.
    pub(in crate::session) fn reference(&self, columns: &[u16]) -> Option<&Reference> {
        let reference = self.refers.iter().find(|reference| reference.columns == columns)?;
        self.holds(reference).then_some(reference)
    }

    /// How it refers to the entity in a slot, if it does.
    pub(super) fn reference_to(&self, target: usize) -> Option<&Reference> {
        self.refers.iter().find(|reference| reference.target == target && self.holds(reference))
    }

    /// The references whose keys are not known yet.
    pub(in crate::session) fn awaited(&self) -> impl Iterator<Item = &Reference> {
        self.refers.iter().filter(|reference| !reference.unknown.is_empty() && self.holds(reference))
    }

    /// The columns that wait for a key which is not known yet.
    pub(in crate::session) fn unknown(&self) -> impl Iterator<Item = u16> {
        self.awaited().flat_map(|reference| &reference.unknown).copied()
    }

    /// Whether the values of these columns are those that the row has, or will have.
    pub(in crate::session) fn knows(&self, columns: &[u16]) -> bool {
        let is_made = |column: u16| {
            self.state == State::Pending
                && self.entity.table().auto_column() == Some(column)
                && self.entity.value(column).is_unnumbered()
        };
        columns.iter().all(|&column| !is_made(column) && self.unknown().all(|unknown| unknown != column))
    }

    /// Forgets to which entity these columns refer.
    pub(super) fn forget_reference(&mut self, columns: &[u16]) {
        self.refers.retain(|reference| reference.columns != columns);
    }

    /// Makes these columns what they were before they referred to an entity, which never comes.
    pub(super) fn give_up_reference(&mut self, columns: &[u16]) -> Result<()> {
        let former = self.reference(columns).map(|reference| reference.former.clone());
        self.forget_reference(columns);
        let former = former.into_iter().flatten();
        self.put(columns.iter().copied().zip(former).collect())
    }

    /// Records that what it refers to is written. What is not known yet is written later.
    pub(in crate::session) fn references_are_written(&mut self) {
        self.refers.retain(|reference| !reference.unknown.is_empty());
    }

    /// Writes to columns of its own accord: references that share them hold on.
    pub(super) fn put(&mut self, values: Vec<(u16, Value)>) -> Result<()> {
        let holding: Vec<bool> = self.refers.iter().map(|reference| self.holds(reference)).collect();
        for (column, value) in values {
            self.entity.assign(column, value.as_ref())?;
        }
        self.hold(&holding);
        Ok(())
    }

    /// Notes what the columns of these references hold now.
    fn hold(&mut self, holding: &[bool]) {
        if self.refers.is_empty() {
            return;
        }
        let mut all = self.refers.take();
        for (reference, _) in all.iter_mut().zip(holding).filter(|(_, holds)| **holds) {
            reference.held = reference.columns.iter().map(|&column| self.entity.value(column).to_owned()).collect();
        }
        self.refers = all.into();
    }

    fn holds(&self, reference: &Reference) -> bool {
        let mut held = reference.columns.iter().zip(&reference.held);
        held.all(|(&column, held)| self.entity.value(column) == held.as_ref())
    }

    /// Whether an entity refers to the same row by these columns as when it was read, which is the row of another one.
    fn referred_to(&self, columns: &[u16], target: &Entry, references: &[u16]) -> bool {
        let mut pairs = columns.iter().zip(references);
        self.state == State::Persistent
            && target.state == State::Persistent
            && pairs.all(|(&own, &other)| {
                let before = self.before(own);
                !before.is_null() && before == target.before(other)
            })
    }
}

impl IdentityMap {
    /// Makes an entity refer to another one by these columns. They hold at once what that one's key holds.
    pub(super) fn refer(
        &mut self,
        slot: usize,
        columns: &'static [u16],
        target: usize,
        references: &'static [u16],
    ) -> Result<()> {
        let Some(entry) = self.touch(slot) else { return Ok(()) };
        let held: Vec<Value> = columns.iter().map(|&column| entry.entity.value(column).to_owned()).collect();
        let replaced = entry.reference(columns).filter(|reference| !reference.unknown.is_empty());
        let former = replaced.map_or_else(|| held.clone(), |reference| reference.former.clone());
        entry.forget_reference(columns);
        let mut all = entry.refers.take();
        all.push(Reference { columns, target, references, unknown: columns.to_vec(), held, former });
        entry.refers = all.into();
        self.referred.note(target, slot);
        self.resolve(slot)
    }

    /// Writes what the keys that an entity refers to hold into the columns that refer to them.
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) if an entity that is referred to was taken away before it had a key.
    pub(in crate::session) fn resolve(&mut self, slot: usize) -> Result<()> {
        self.pass_on(slot).map(drop)
    }

    /// Does that, and says whether a column holds something else now.
    fn pass_on(&mut self, slot: usize) -> Result<bool> {
        let Some(entry) = self.get(slot).filter(|entry| !entry.refers.is_empty()) else { return Ok(false) };
        let Resolved { kept, values } = self.resolved(entry)?;
        let Some(entry) = self.get_mut(slot) else { return Ok(false) };
        let holding = vec![true; kept.len()];
        entry.refers = kept.into();
        let mut has_changed = false;
        for (column, value) in values {
            has_changed |= entry.entity.value(column) != value.as_ref();
            // A type may have no value for what is not known yet.
            if let Err(error) = entry.entity.assign(column, value.as_ref())
                && entry.unknown().all(|unknown| unknown != column)
            {
                return Err(error);
            }
        }
        entry.hold(&holding);
        if has_changed {
            entry.compare();
        }
        Ok(has_changed)
    }

    /// What becomes of the references of an entity.
    fn resolved(&self, entry: &Entry) -> Result<Resolved> {
        let Resolved { mut kept, mut values } = Resolved::default();
        for reference in entry.refers.iter().filter(|reference| entry.holds(reference)) {
            let Some(target) = self.get(reference.target).filter(|target| target.state != State::Deleted) else {
                if reference.unknown.is_empty() {
                    // What it was stays in the column.
                    continue;
                }
                return Err(taken_away(entry));
            };
            if entry.referred_to(reference.columns, target, reference.references) {
                values.extend(reference.columns.iter().map(|&column| (column, entry.before(column).to_owned())));
                continue;
            }
            let mut reference = reference.clone();
            reference.unknown.clear();
            for (&own, &other) in reference.columns.iter().zip(reference.references) {
                let value = target.entity.value(other);
                if value.is_null() || !target.knows(&[other]) {
                    reference.unknown.push(own);
                }
                if !value.is_null() {
                    values.push((own, value.to_owned()));
                }
            }
            kept.push(reference);
        }
        Ok(Resolved { kept, values })
    }

    /// As [`resolve`](IdentityMap::resolve), for everything that may have something to write.
    pub(in crate::session) fn resolve_all(&mut self) -> Result<(), Failed> {
        let refers =
            |entry: &Entry| !entry.refers.is_empty() && entry.state != State::Deleted && entry.state != State::Deleting;
        let waiting = self.unwritten_slots().filter(|(_, entry)| refers(entry)).map(|(slot, _)| slot);
        let waiting: Vec<usize> = waiting.collect();
        // A key that is referred to may be made of others, so what is written to it is passed on.
        for _ in 0..MOST_KEYS_IN_A_ROW {
            let mut has_changed = false;
            for &slot in &waiting {
                has_changed |= self.pass_on(slot).map_err(|error| Failed { error, slot: Some(slot) })?;
            }
            if !has_changed {
                break;
            }
        }
        Ok(())
    }

    /// Refuses references to keys that nobody will give.
    ///
    /// # Errors
    /// [`ForeignKeyViolation`](ErrorKind::ForeignKeyViolation), naming the column that is NULL.
    pub(in crate::session) fn refuse_null_keys(&self) -> Result<(), Failed> {
        let is_written = |entry: &Entry| !matches!(entry.state, State::Deleting | State::Deleted);
        for (slot, entry) in self.unwritten_slots().filter(|(_, entry)| is_written(entry)) {
            for reference in entry.awaited() {
                let Some(target) = self.get(reference.target) else { continue };
                let is_null = |column: &&u16| is_null_for_good(target, **column);
                if let Some(&column) = reference.references.iter().find(is_null) {
                    let error = no_key(entry.entity.table(), reference.columns, target.entity.table(), column);
                    return Err(Failed { error, slot: Some(slot) });
                }
            }
        }
        Ok(())
    }

    /// Forgets the references to an entity that leaves the session while its row stays: its key is in the columns.
    pub(in crate::session) fn no_longer_referred(&mut self, target: usize) {
        for slot in self.referred.by(target) {
            if let Some(entry) = self.get_mut(slot) {
                entry.refers.retain(|reference| reference.target != target);
            }
        }
    }
}

/// Whether a column of a key is NULL, and the database gives it no value.
fn is_null_for_good(entry: &Entry, column: u16) -> bool {
    let is_given = |column| matches!(column, Generated::No);
    let definition = entry.entity.table().column(column);
    let is_given = entry.state != State::Pending || definition.is_some_and(|column| is_given(column.generated));
    is_given && entry.entity.value(column).is_null() && entry.knows(&[column])
}

/// Nothing can refer to a key that is NULL.
pub(super) fn no_key(table: &'static Table, columns: &[u16], target: &'static Table, column: u16) -> Error {
    let names = table.column_names(columns);
    let key = target.column(column).map_or("", |column| column.name);
    let message = format!(
        "a row of {} is to refer to one of {} by {}, and {key} of that one is NULL, which nothing can refer to: give it a value first",
        table.name,
        target.name,
        names.join(", ")
    );
    Error::new(ErrorKind::ForeignKeyViolation, message).with_table(table.name).with_columns(names)
}

fn taken_away(entry: &Entry) -> Error {
    let table = entry.entity.table();
    let message = "the entity refers to another one that was taken out of the session before it was inserted: relate it to another";
    Error::new(ErrorKind::Detached, message).with_table(table.name)
}
