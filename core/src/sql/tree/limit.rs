//! LIMIT and OFFSET.

use crate::error::{Error, ErrorKind, Result};
use crate::sql::render::{SqlWriter, Typing};
use crate::types::{ColumnType, ValueRef};

/// How many rows, and how many to leave out before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// How many rows at most.
    pub limit: Option<Count>,
    /// How many rows to leave out first.
    pub offset: Option<u64>,
}

/// A number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// One that the program's text determines: it becomes part of the SQL text, so that the database plans for it.
    Fixed(u64),
    /// One that the user gave: it is bound, so that the number of different SQL texts stays small.
    Bound(u64),
}

impl Limit {
    /// No more than `most` rows: the smaller of this limit and the one there was.
    pub fn at_most(&mut self, most: u64) {
        match self.limit {
            Some(Count::Fixed(limit) | Count::Bound(limit)) if limit <= most => {}
            _ => self.limit = Some(Count::Fixed(most)),
        }
    }

    /// Whether it lets every row through.
    pub fn is_empty(&self) -> bool {
        self.limit.is_none() && self.offset.is_none()
    }
}

impl Count {
    /// Writes the number, or a placeholder for it.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] beyond 2⁶³ − 1, which is as far as databases count.
    pub fn render(self, w: &mut SqlWriter<'_>) -> Result<()> {
        match self {
            Count::Fixed(number) => {
                w.number(number);
                Ok(())
            }
            Count::Bound(number) => {
                let number = i64::try_from(number)
                    .map_err(|_| Error::new(ErrorKind::Limit, "`limit` and `offset` go up to 9223372036854775807"))?;
                // Where it stands in the text says its type.
                w.bind(ValueRef::I64(number), ColumnType::I64, Typing::Column)
            }
        }
    }
}
