//! [`Runs`]: how often each text was read within what, in bounded memory.

use std::collections::HashMap;

use super::Within;
use crate::schema::Table;

/// How many texts are remembered, of all sessions and tasks together: at so many the half goes that was not read for longest,
/// and is counted anew where it comes again.
const MOST: usize = 4_096;

/// A text, by its hash, and within what it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Read {
    pub(super) within: Within,
    pub(super) text: u64,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    times: u32,
    table: Option<&'static Table>,
    /// How many reads there were before the last one of this text.
    at: u64,
}

/// How often each text was read.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: HashMap<Read, Run>,
    reads: u64,
}

impl Runs {
    /// Counts one more, and returns how many there are.
    pub(super) fn count(&mut self, read: Read, table: Option<&'static Table>) -> u32 {
        if self.runs.len() >= MOST && !self.runs.contains_key(&read) {
            self.forget_half();
        }
        self.reads += 1;
        let run = self.runs.entry(read).or_insert(Run { times: 0, table, at: 0 });
        run.times = run.times.saturating_add(1);
        run.at = self.reads;
        run.times
    }

    /// The tables that other texts read there.
    pub(super) fn other_tables(&self, read: Read) -> Vec<&'static Table> {
        let others = self.runs.iter().filter(|(other, _)| other.within == read.within && other.text != read.text);
        let mut others: Vec<_> = others.filter_map(|(_, run)| Some((run.at, run.table?))).collect();
        others.sort_unstable_by_key(|(at, _)| *at);
        others.into_iter().map(|(_, table)| table).collect()
    }

    fn forget_half(&mut self) {
        let mut moments: Vec<u64> = self.runs.values().map(|run| run.at).collect();
        let (_, middle, _) = moments.select_nth_unstable(MOST / 2);
        let middle = *middle;
        self.runs.retain(|_, run| run.at > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(session: u64, text: u64) -> Read {
        Read { within: Within::Session(session), text }
    }

    #[test]
    fn sessions_and_texts_are_counted_apart() {
        let mut runs = Runs::default();
        assert_eq!(runs.count(read(1, 1), None), 1);
        assert_eq!(runs.count(read(1, 1), None), 2);
        assert_eq!(runs.count(read(2, 1), None), 1);
        assert_eq!(runs.count(read(1, 2), None), 1);
    }

    #[test]
    fn what_was_not_read_for_longest_is_forgotten() {
        let mut runs = Runs::default();
        for session in 0..10 * MOST as u64 {
            runs.count(read(session, 1), None);
            runs.count(read(u64::MAX, 1), None);
            assert!(runs.runs.len() <= MOST);
        }
        assert_eq!(runs.count(read(u64::MAX, 1), None), 10 * MOST as u32 + 1);
        assert_eq!(runs.count(read(0, 1), None), 1);
    }
}
