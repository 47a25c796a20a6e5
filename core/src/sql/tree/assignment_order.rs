//! In which order the assignments of an UPDATE are written.

use super::update::Assignment;
use crate::dialect::{AssignmentOrder, Dialect};
use crate::error::{Error, Result};
use crate::schema::Table;
use crate::sql::render::SqlWriter;

/// Writes the assignments so that every right-hand side sees its row as it was.
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue) where a value does not fit its column;
/// [`Unsupported`](crate::ErrorKind::Unsupported) where the database assigns one column after the other and no order will do.
pub(in crate::sql) fn render<'a>(
    w: &mut SqlWriter<'a>,
    table: &'static Table,
    assignments: &'a [Assignment],
) -> Result<()> {
    match w.dialect().capabilities().assignment {
        AssignmentOrder::AtOnce | AssignmentOrder::RowByRow => as_given(w, table, assignments),
        AssignmentOrder::LeftToRight => {
            let ordered = readers_first(w.dialect(), table, assignments)?;
            w.commas(ordered, |w, assignment| assignment.render(w, table))
        }
    }
}

/// `"a" = 1, "b" = "c"`, in the order given.
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue) where a value does not fit its column.
pub(super) fn as_given<'a>(w: &mut SqlWriter<'a>, table: &'static Table, assignments: &'a [Assignment]) -> Result<()> {
    w.commas(assignments, |w, assignment| assignment.render(w, table))
}

/// Whether the database assigns one column after the other and no order of these keeps every right-hand side from seeing a
/// new value: the statement then joins a copy of the table, from which they are read.
pub(super) fn has_none(dialect: &dyn Dialect, table: &'static Table, assignments: &[Assignment]) -> bool {
    dialect.capabilities().assignment == AssignmentOrder::LeftToRight
        && readers_first(dialect, table, assignments).is_err()
}

/// The assignments in an order in which none reads a column that one before it has written.
fn readers_first<'a>(
    dialect: &dyn Dialect,
    table: &'static Table,
    assignments: &'a [Assignment],
) -> Result<Vec<&'a Assignment>> {
    let mut waiting: Vec<&Assignment> = assignments.iter().collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |candidate: &&Assignment| {
            waiting.iter().all(|other| other.column == candidate.column || !other.reads(table, candidate.column))
        };
        let Some(position) = waiting.iter().position(is_free) else {
            let columns: Vec<u16> = waiting.iter().map(|assignment| assignment.column).collect();
            let names = table.column_names(&columns).join(", ");
            let what = format!("an UPDATE of {table} in which the new values of {names} read each other's old ones");
            return Err(Error::unsupported(dialect.name(), &what, "write one of them in a statement of its own"));
        };
        ordered.push(waiting.remove(position));
    }
    Ok(ordered)
}
