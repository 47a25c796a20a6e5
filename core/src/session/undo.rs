//! How entities are restored: a transaction is level 0, each savepoint inside it one level more.

use std::sync::Arc;

use super::entity::{Entry, State};
use super::kept::{Kept, KnownTexts};
use super::relations::References;
use crate::error::Result;

/// What an entity was before it first changed at a level.
pub(super) struct Undo {
    level: u32,
    before: Before,
}

enum Before {
    /// It was not in the session.
    Absent,
    /// It was in this state. The values are kept where they may change.
    Present {
        state: State,
        values: Arc<Vec<Kept>>,
        snapshot: Option<Arc<Vec<Kept>>>,
        texts: KnownTexts,
        refers: References,
    },
}

/// What has become of an undone entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undone {
    /// Still in the session.
    Kept,
    /// It was added at the level that was undone, and is dropped.
    Removed,
}

impl Entry {
    /// Records that the entity was added at this level.
    pub(super) fn came_in(&mut self, level: u32) {
        self.note(Undo { level, before: Before::Absent });
    }

    /// Records what the entity is if this is its first change at this level, so that its values can be restored.
    pub(super) fn before_change(&mut self, level: u32) -> Option<Arc<Vec<Kept>>> {
        if self.undo.last().is_some_and(|undo| undo.level >= level) {
            return None;
        }
        let values = Arc::new(self.entity.values());
        let (snapshot, texts, refers) = (self.snapshot.clone(), self.texts.clone(), self.refers.clone());
        let before = Before::Present { state: self.state, values: Arc::clone(&values), snapshot, texts, refers };
        self.note(Undo { level, before });
        Some(values)
    }

    /// Restores the entity to what it was before `level`.
    pub(super) fn undo(&mut self, level: u32) -> Result<Undone> {
        let first = self.undo.iter().position(|undo| undo.level >= level);
        let Some(first) = first else { return Ok(Undone::Kept) };
        let mut kept = std::mem::take(&mut self.undo).into_vec();
        let mut undone = kept.split_off(first).into_iter();
        self.undo = kept.into();
        match undone.next().map(|undo| undo.before) {
            Some(Before::Absent) => Ok(Undone::Removed),
            Some(Before::Present { state, values, snapshot, texts, refers }) => {
                self.state = state;
                self.snapshot = snapshot;
                self.texts = texts;
                self.refers = refers;
                self.changes = Box::default();
                // The values are older than what was read since.
                self.read = None;
                self.entity.restore(&values)?;
                Ok(Undone::Kept)
            }
            None => Ok(Undone::Kept),
        }
    }

    /// Makes what changed at `level` part of the level below it.
    pub(super) fn merge_level(&mut self, level: u32) {
        let below = level.saturating_sub(1);
        if self.undo.iter().all(|undo| undo.level < level) {
            return;
        }
        let had_one_below = self.undo.iter().any(|undo| undo.level == below);
        if had_one_below {
            self.undo = std::mem::take(&mut self.undo).into_iter().filter(|undo| undo.level < level).collect();
            return;
        }
        for undo in &mut self.undo {
            undo.level = undo.level.min(below);
        }
        if let Some(first) = self.undo.iter().position(|undo| undo.level == below)
            && first + 1 < self.undo.len()
        {
            self.undo = std::mem::take(&mut self.undo).into_iter().take(first + 1).collect();
        }
    }

    /// Adds what it was at one more level. Most entities have none, so there is room for no more than there are.
    fn note(&mut self, undo: Undo) {
        let before = std::mem::take(&mut self.undo);
        let mut all = Vec::with_capacity(before.len() + 1);
        all.extend(before);
        all.push(undo);
        self.undo = all.into();
    }
}
