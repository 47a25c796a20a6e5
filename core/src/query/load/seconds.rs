//! [`Seconds`]: whether a join found a second row where a relation has one at most.

use std::collections::HashMap;

use super::keys::KeyPositions;
use crate::driver::Row;
use crate::error::Result;
use crate::model::RowKey;

/// The related row of each key. A row that comes again, because the SELECT has its owner several times, is no second one.
#[derive(Debug)]
pub(super) struct Seconds {
    /// The key of the owner that the related row is found by.
    by: KeyPositions,
    /// The related row's primary key.
    of: KeyPositions,
    first: HashMap<RowKey, RowKey>,
    were_found: bool,
}

impl Seconds {
    pub(super) fn new(by: KeyPositions, of: KeyPositions) -> Seconds {
        Seconds { by, of, first: HashMap::new(), were_found: false }
    }

    /// The next row, in which a related one was found.
    pub(super) fn note(&mut self, row: &dyn Row) -> Result<()> {
        let found = self.of.read(row)?;
        let first = self.first.entry(self.by.read(row)?);
        if *first.or_insert_with(|| found.clone()) != found {
            self.were_found = true;
        }
        Ok(())
    }

    pub(super) fn were_found(&self) -> bool {
        self.were_found
    }
}
