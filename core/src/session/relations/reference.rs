//! References to entities whose keys are not known before they are inserted.

use super::super::blame::Failed;
use super::super::entity::{Entry, State};
use super::super::identity_map::IdentityMap;
use crate::error::{Error, ErrorKind, Result};
use crate::types::Value;

/// What an entity's foreign key is to hold once the row that it refers to is inserted.
#[derive(Debug, Clone)]
pub(in crate::session) struct Reference {
    pub(in crate::session) columns: &'static [u16],
    /// The slot of the entity that is referred to.
    pub(in crate::session) target: usize,
    /// The columns of its key.
    references: &'static [u16],
    /// What the columns held when it was related. If the program has written to them since, that is what holds.
    held: Vec<Value>,
}

/// The references of an entity, of which most have none.
#[derive(Debug, Clone, Default)]
pub(in crate::session) struct References(Option<Box<Several>>);

#[derive(Debug, Clone)]
struct Several(Vec<Reference>);

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
}

impl From<Vec<Reference>> for References {
    fn from(references: Vec<Reference>) -> References {
        References((!references.is_empty()).then(|| Box::new(Several(references))))
    }
}

impl Entry {
    /// To which entity these columns refer, where its key is not known yet.
    pub(in crate::session) fn reference(&self, columns: &[u16]) -> Option<&Reference> {
        let reference = self.refers.iter().find(|reference| reference.columns == columns)?;
        self.holds(reference).then_some(reference)
    }

    /// Whether a column waits for a key that is not known yet.
    pub(in crate::session) fn awaits(&self, column: u16) -> bool {
        self.awaited().any(|reference| reference.columns.contains(&column))
    }

    /// The references whose keys are not known yet.
    pub(in crate::session) fn awaited(&self) -> impl Iterator<Item = &Reference> {
        self.refers.iter().filter(|reference| self.holds(reference))
    }

    /// Whether the values of these columns are those that the row has, or will have.
    pub(in crate::session) fn knows(&self, columns: &[u16]) -> bool {
        let is_made = |column: u16| {
            self.state == State::Pending
                && self.entity.table().auto_column() == Some(column)
                && self.entity.value(column).is_unnumbered()
        };
        columns.iter().all(|&column| !is_made(column) && !self.awaits(column))
    }

    /// Forgets what these columns were to hold.
    pub(super) fn forget_reference(&mut self, columns: &[u16]) {
        if !self.refers.is_empty() {
            let mut others = self.refers.take();
            others.retain(|reference| reference.columns != columns);
            self.refers = others.into();
        }
    }

    fn holds(&self, reference: &Reference) -> bool {
        let mut held = reference.columns.iter().zip(&reference.held);
        held.all(|(&column, held)| self.entity.value(column) == held.as_ref())
    }
}

impl IdentityMap {
    /// Makes an entity refer to another one by these columns. If that one's key is known, they hold it at once.
    pub(super) fn refer(
        &mut self,
        slot: usize,
        columns: &'static [u16],
        target: usize,
        references: &'static [u16],
    ) -> Result<()> {
        let Some(entry) = self.touch(slot) else { return Ok(()) };
        let held = columns.iter().map(|&column| entry.entity.value(column).to_owned()).collect();
        entry.forget_reference(columns);
        let mut all = entry.refers.take();
        all.push(Reference { columns, target, references, held });
        entry.refers = all.into();
        if self.get(target).is_some_and(|target| target.knows(references)) {
            self.resolve(slot)?;
        }
        Ok(())
    }

    /// Writes the keys that are known by now into the columns that wait for them.
    ///
    /// # Errors
    /// [`Detached`](ErrorKind::Detached) if an entity that is referred to was taken away before it had a key.
    pub(in crate::session) fn resolve(&mut self, slot: usize) -> Result<()> {
        let Some(entry) = self.get(slot).filter(|entry| !entry.refers.is_empty()) else { return Ok(()) };
        let (mut known, mut awaited) = (Vec::new(), Vec::new());
        for reference in entry.awaited() {
            let target = self.get(reference.target).filter(|target| target.state != State::Deleted);
            let Some(target) = target else { return Err(taken_away(entry)) };
            if !target.knows(reference.references) {
                awaited.push(reference.clone());
                continue;
            }
            let value = |(&own, &other): (&u16, &u16)| (own, target.entity.value(other).to_owned());
            known.extend(reference.columns.iter().zip(reference.references).map(value));
        }
        let Some(entry) = self.get_mut(slot) else { return Ok(()) };
        entry.refers = awaited.into();
        for (column, value) in known {
            entry.entity.assign(column, value.as_ref())?;
        }
        entry.compare();
        Ok(())
    }

    /// As [`resolve`](IdentityMap::resolve), for everything that may have something to write.
    pub(in crate::session) fn resolve_all(&mut self) -> Result<(), Failed> {
        let slots: Vec<usize> = self.unwritten_slots().map(|(slot, _)| slot).collect();
        slots.into_iter().try_for_each(|slot| self.resolve(slot).map_err(|error| Failed { error, slot: Some(slot) }))
    }
}

fn taken_away(entry: &Entry) -> Error {
    let table = entry.entity.table();
    let message = "the entity refers to another one that was taken out of the session before it was inserted: relate it to another";
    Error::new(ErrorKind::Detached, message).with_table(table.name)
}
