//! Upserts of which can't be said what became of each row.

use super::write::has_key;
use crate::dialect::Support;
use crate::error::{Error, Result};
use crate::pool::Link;
use crate::query::write::insert::{Batch, Part};
use crate::sql::{self, Assignment, ColumnRef, ConflictAction, OnConflict};

/// Refuses them, before anything is sent.
pub(super) fn check(batch: &Batch<'_>, conflict: &OnConflict, link: &Link, parts: &[Part]) -> Result<()> {
    check_key(batch, conflict, link)?;
    if conflict.target.filter.is_some() && link.dialect().capabilities().conflict_target == Support::Absent {
        // It says what it has to say of such a key, though no row may be one of it.
        batch.whole().compile(link.destination(), batch.source)?;
    }
    check_parts(batch, conflict, link, parts)
}

/// Refuses to change the key to another one: the rows could not be told apart afterwards.
fn check_key(batch: &Batch<'_>, conflict: &OnConflict, link: &Link) -> Result<()> {
    let ConflictAction::Update { assignments, .. } = &conflict.action else { return Ok(()) };
    let table = batch.shape.table;
    let is_changed = |assignment: &&Assignment| {
        let column = ColumnRef { table: sql::TableRef::new(table), index: assignment.column };
        conflict.target.columns.contains(&assignment.column) && assignment.value != sql::excluded(column)
    };
    let Some(assignment) = assignments.iter().find(is_changed) else { return Ok(()) };
    let name = table.column(assignment.column).map_or("", |column| column.name);
    let what = format!("saying what became of rows whose key {name} the upsert sets");
    let way_out = "end it with `exec`, or leave the key as it is";
    Err(Error::unsupported(link.dialect().name(), &what, way_out).with_table(table.name).with_columns([name]))
}

/// Refuses several statements of which one would read what another has written.
fn check_parts(batch: &Batch<'_>, conflict: &OnConflict, link: &Link, parts: &[Part]) -> Result<()> {
    let dialect = link.dialect();
    batch.check_parts(parts, dialect)?;
    if !batch.shape.reads_itself() {
        return Ok(());
    }
    let mut documents = batch.documents();
    let mut is_mixed = |part: &Part| {
        part.chunk(0, batch.shape, &mut documents, dialect).is_some_and(|chunk| {
            let keyed = (0..chunk.len()).filter(|&row| has_key(batch.shape, conflict, &chunk, row)).count();
            keyed > 0 && keyed < chunk.len()
        })
    };
    if parts.iter().any(&mut is_mixed) { Err(batch.several(dialect)) } else { Ok(()) }
}
