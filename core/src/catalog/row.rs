//! [`AnswerRow`].

use std::vec::IntoIter;

/// A row of an [`Answer`](super::Answer), read from its first column to its last. Missing columns are NULL.
#[derive(Debug)]
pub struct AnswerRow(IntoIter<Option<String>>);

impl AnswerRow {
    /// The row of these columns.
    pub fn new(columns: Vec<Option<String>>) -> AnswerRow {
        AnswerRow(columns.into_iter())
    }

    /// The next column.
    pub fn value(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    /// The next column; empty if it is NULL.
    pub fn text(&mut self) -> String {
        self.value().unwrap_or_default()
    }

    /// The next column as a number; 0 if it is none.
    pub fn number(&mut self) -> u32 {
        self.text().parse().unwrap_or_default()
    }

    /// Whether the next column is true: `true`, or a number that is not 0.
    pub fn is_set(&mut self) -> bool {
        let text = self.text();
        text == "true" || text.parse::<u32>().is_ok_and(|number| number != 0)
    }
}
