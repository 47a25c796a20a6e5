//! [`Journal`]: what the statements of an open transaction may have changed.

use crate::driver::{Compiled, Verb};
use crate::schema::Table;

/// What the statements of an open transaction may have changed, for the session whose entities they may have reached.
///
/// A link writes it at the point that every statement passes, so that no way of running one can forget it. Outside a
/// transaction nothing is recorded.
#[derive(Debug, Default)]
pub(super) struct Journal {
    notes: Vec<Note>,
}

/// What a statement may have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// It wrote to this table.
    Wrote(&'static Table, Verb),
    /// It locked rows of this table: what others had written to them before can be seen from now on.
    Locked(&'static Table),
    /// It is unknown what it did: it is a raw text.
    Unknown,
}

impl Journal {
    pub(super) fn clear(&mut self) {
        self.notes.clear();
    }

    /// Records what a statement may do. One that adds nothing new costs no memory, however often it is run.
    pub(super) fn note(&mut self, statement: &Compiled<'_>) {
        match (statement.verb, statement.table) {
            (Verb::Select, _) => statement.locks.iter().for_each(|table| self.push(Note::Locked(table))),
            (verb, Some(table)) if verb.writes() => self.push(Note::Wrote(table, verb)),
            _ => self.push(Note::Unknown),
        }
    }

    /// What was recorded since it was last taken.
    pub(super) fn take(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    fn push(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
