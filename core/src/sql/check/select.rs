//! What is refused of a SELECT before anything of it is sent.
//!
//! Every end of a SELECT comes by here: its rows, their number, whether there are any, a subquery, an arm of a compound.

use crate::error::{Error, ErrorKind, Result};
use crate::sql::tree::{Plain, Select, Source};

/// What a SELECT is rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) enum SelectUse {
    /// Its rows are fetched.
    Statement,
    /// Its rows are counted.
    Count,
    /// Only whether it has rows is asked.
    Exists,
    /// It is a part of another statement: a source, a value, a list, an arm.
    Part,
}

impl Select {
    /// Refuses what has no one meaning on all databases, or none where the SELECT stands.
    ///
    /// # Errors
    /// [`Syntax`](ErrorKind::Syntax), which says what to do instead.
    pub(in crate::sql) fn check(&self, used: SelectUse) -> Result<()> {
        if let Some(misuse) = &self.misuse {
            return Err(misuse.error());
        }
        if let Some(plain) = self.plain() {
            plain.check_present(&self.required)?;
            plain.check_conditions()?;
            plain.check_distinct_on(&self.order_by)?;
            plain.check_groups(&self.order_by)?;
        }
        self.check_lock(used)
    }
}

impl Plain {
    /// Refuses to read a source as if each row had one of it, where an outer join may leave it without.
    fn check_present(&self, required: &[&'static str]) -> Result<()> {
        let Some(absent) = required.iter().find(|name| self.may_be_absent(name)) else { return Ok(()) };
        let message = format!(
            "an outer join may leave {absent} without a row, and what is selected of it can't be NULL: select it by `.optional()`, or use `join`"
        );
        let error = Error::new(ErrorKind::Syntax, message);
        Err(match self.sources().find(|source| source.name() == *absent).and_then(Source::table) {
            Some(table) => error.with_table(table.name),
            None => error,
        })
    }
}
