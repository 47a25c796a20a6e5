//! Rows that are marked as deleted: whether a statement is about them.

use super::marks::{MarkedRows, Place};
use super::source::Source;
use super::table::TableRef;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{SoftDelete, Table};

/// Which of the rows that are marked as deleted a statement is about; see [`SoftDelete`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeletedRows {
    /// None: they are left out of every source.
    #[default]
    Hidden,
    /// All: they are rows like others.
    Shown,
    /// All of its own sources, because their rows are found by keys; none of what conditions on related rows are about.
    Found,
    /// Only they, of this source, or of the first one where none is said. Of others, all rows.
    Only(Option<TableRef>),
    /// Those that the statement around it is about: for a condition on related rows.
    AsAround,
}

impl DeletedRows {
    /// What is meant inside a statement that is about `around`.
    pub(in crate::sql) fn within(self, around: DeletedRows) -> DeletedRows {
        match (self, around) {
            (DeletedRows::AsAround, DeletedRows::Hidden | DeletedRows::Found) => DeletedRows::Hidden,
            (DeletedRows::AsAround, _) => DeletedRows::Shown,
            (own, _) => own,
        }
    }

    /// What a statement is about that finds rows again by their keys which one about these rows has found.
    pub fn found_again(self) -> DeletedRows {
        match self {
            DeletedRows::Hidden => DeletedRows::Found,
            DeletedRows::Found | DeletedRows::AsAround => self,
            DeletedRows::Shown | DeletedRows::Only(_) => DeletedRows::Shown,
        }
    }

    /// How a source marks rows as deleted, and which of its rows are meant, if not all.
    pub(super) fn marked(self, source: TableRef, place: Place) -> Option<(SoftDelete, MarkedRows)> {
        let soft = source.table.soft_delete?;
        match self {
            DeletedRows::Hidden => Some((soft, MarkedRows::Others)),
            DeletedRows::Only(None) if place == Place::First => Some((soft, MarkedRows::Deleted)),
            DeletedRows::Only(Some(table)) if table.is_same_source(source) => Some((soft, MarkedRows::Deleted)),
            DeletedRows::Only(_) | DeletedRows::Shown | DeletedRows::Found | DeletedRows::AsAround => None,
        }
    }

    /// Refuses to find only deleted rows where none is ever marked.
    pub(super) fn check(self, first: Option<&Source>) -> Result<()> {
        let DeletedRows::Only(table) = self else { return Ok(()) };
        match table.or_else(|| first.and_then(Source::table_ref)) {
            Some(table) if table.table.soft_delete.is_some() => Ok(()),
            Some(table) => Err(never_marked(table.table)),
            None => {
                let message = "`only_deleted` is about the rows of a model's table, and the statement selects from something else: say it where the table is selected from";
                Err(Error::new(ErrorKind::Syntax, message))
            }
        }
    }
}

fn never_marked(table: &'static Table) -> Error {
    let message = format!(
        "{table} never marks rows as deleted, so there is nothing for `only_deleted` to find: give its model a column with \
         `#[model(soft_delete)]`, or leave it off"
    );
    Error::new(ErrorKind::Syntax, message).with_table(table.name)
}
