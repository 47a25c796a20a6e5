//! [`Removal`]: whether deleting rows marks them, or removes them from the table.

use super::change::Change;
use crate::schema::Table;
use crate::sql::{self, Assignment, DeletedRows, Expr, Target};

/// How rows of a table are deleted.
#[derive(Debug, Clone)]
pub(crate) enum Removal {
    /// They are removed, as the model says nothing else.
    Plain,
    /// They are removed, marked or not, whatever the model says.
    Purge,
    /// They stay, and this is written to each.
    Mark(Vec<Assignment>),
}

impl Removal {
    /// As the table's model says. What is written to rows is made now.
    pub(crate) fn of(table: &'static Table) -> Removal {
        let Some((soft, column)) = table.soft_delete.and_then(|soft| Some((soft, table.column(soft.column)?))) else {
            return Removal::Plain;
        };
        let mut assignments = Assignment::defaults(table);
        assignments.retain(|default| default.column != soft.column);
        assignments.push(Assignment { column: soft.column, value: Expr::stored(soft.value(), column.ty) });
        Removal::Mark(assignments)
    }

    /// Whether foreign keys see nothing of it.
    pub(crate) fn is_mark(&self) -> bool {
        matches!(self, Removal::Mark(_))
    }

    /// The statement that deletes these rows.
    pub(crate) fn statement(&self, mut rows: Target) -> Change {
        match self {
            Removal::Mark(assignments) => Change::Mark(sql::Update::new(rows, assignments.clone())),
            Removal::Plain => Change::Delete(sql::Delete::new(rows)),
            Removal::Purge => {
                rows.set_deleted(DeletedRows::Shown);
                Change::Delete(sql::Delete::new(rows))
            }
        }
    }
}
