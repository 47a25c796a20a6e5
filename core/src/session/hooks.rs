//! The hooks of models in a flush: [`BeforeSave`](crate::model::BeforeSave) and [`BeforeDelete`](crate::model::BeforeDelete).

use super::blame::Failed;
use super::entity::{Entry, State};
use super::identity_map::IdentityMap;
use crate::error::{Error, Result};
use crate::model::Save;

/// Whether a hook was called that may have changed its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    None,
    Some,
}

/// Asks the entities that are to be written. What they have changed is to be found out afterwards.
///
/// # Errors
/// What a hook says. Nothing was written.
pub(super) fn before_save(map: &mut IdentityMap) -> Result<Asked, Failed> {
    let saved = asked(map, |entry| !is_going(entry));
    let outcome = if saved.is_empty() { Asked::None } else { Asked::Some };
    for slot in saved {
        let level = map.level;
        let Some(entry) = map.get_mut(slot) else { continue };
        let save = if entry.state == State::Pending { Save::Insert } else { Save::Update };
        entry.before_change(level);
        let result = entry.entity.before_save(save);
        result.map_err(|error| Failed { error: about(entry, error), slot: Some(slot) })?;
    }
    Ok(outcome)
}

/// Asks the entities that are to be deleted.
///
/// # Errors
/// What a hook says. Nothing was written.
pub(super) fn before_delete(map: &IdentityMap) -> Result<(), Failed> {
    for slot in asked(map, is_going) {
        let Some(entry) = map.get(slot) else { continue };
        let result = entry.entity.before_delete();
        result.map_err(|error| Failed { error: about(entry, error), slot: Some(slot) })?;
    }
    Ok(())
}

/// A row that is only marked as deleted is deleted, to whoever is asked.
fn is_going(entry: &Entry) -> bool {
    matches!(entry.state, State::Deleting | State::Marking)
}

/// Those that a flush has something to write for, in the order in which they came in; only the ones with hooks.
fn asked(map: &IdentityMap, is_one: impl Fn(&Entry) -> bool) -> Vec<usize> {
    let asked = map.unwritten_slots().filter(|(_, entry)| entry.entity.has_hooks() && is_one(entry));
    asked.map(|(slot, _)| slot).collect()
}

/// The error of a hook, which names its table unless it names one.
fn about(entry: &Entry, error: Error) -> Error {
    if error.table().is_some() { error } else { error.with_table(entry.entity.table().name) }
}
