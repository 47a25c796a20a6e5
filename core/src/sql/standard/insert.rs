//! Standard SQL of INSERT.

use crate::dialect::{Capabilities, InsertSize, InsertTexts};
use crate::error::Result;
use crate::schema::{ColumnDef, Table};
use crate::sql::expr::Precedence;
use crate::sql::render::SqlWriter;
use crate::sql::tree::{BoundRows, ConflictAction, ConflictTarget, Insert, OnConflict, Select, TableRef};

/// How many rows an INSERT with VALUES has at most: more of them make it no quicker, and its text longer.
const MOST_ROWS: usize = 1_024;

/// ` VALUES (?, ?), (?, ?)`
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
pub fn insert_rows<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
    w.push(" VALUES ");
    let columns = &rows.insert.columns;
    w.reserve(rows.count, columns.len());
    w.commas(0..rows.count, |w, row| {
        w.push("(");
        w.commas(columns, |w, &column| rows.value(w, row, column))?;
        w.push(")");
        Ok(())
    })
}

/// As many rows as the backend takes values, and not so many that the text grows long.
pub fn insert_size(capabilities: &Capabilities, _table: &'static Table, columns: &[u16]) -> InsertSize {
    let most = (capabilities.max_binds / columns.len().max(1)).clamp(1, MOST_ROWS);
    InsertSize { most, texts: InsertTexts::PerSize }
}

/// ` SELECT …`
///
/// # Errors
/// What rendering it says.
pub fn insert_select<'a>(w: &mut SqlWriter<'a>, _insert: &'a Insert, select: &'a Select) -> Result<()> {
    w.push(" ");
    select.render_value(w)
}

/// ` DEFAULT VALUES`
pub fn insert_default_row(w: &mut SqlWriter<'_>) {
    w.push(" DEFAULT VALUES");
}

/// ` ON CONFLICT ("id") DO UPDATE SET "name" = "excluded"."name" WHERE …`
///
/// # Errors
/// What rendering its expressions says.
pub fn on_conflict<'a>(w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
    conflict_target(w, insert.table, &conflict.target)?;
    let ConflictAction::Update { assignments, filter } = &conflict.action else {
        w.push(" DO NOTHING");
        return Ok(());
    };
    w.push(" DO UPDATE SET ");
    conflict.enter_rows(w, insert);
    w.dialect().assignments(w, insert.table, assignments)?;
    if let Some(filter) = filter {
        w.push(" WHERE ");
        w.expr(filter, Precedence::Lowest)?;
    }
    Ok(())
}

/// ` ON CONFLICT ("tenant", "slug") WHERE "deleted" IS NULL`
fn conflict_target<'a>(w: &mut SqlWriter<'a>, table: &'static Table, target: &'a ConflictTarget) -> Result<()> {
    w.push(" ON CONFLICT (");
    w.commas(table.column_names(&target.columns), |w, name| {
        w.ident(name);
        Ok(())
    })?;
    w.push(")");
    let Some(filter) = &target.filter else { return Ok(()) };
    w.open_scope();
    w.enter_table(TableRef::new(table));
    w.push(" WHERE ");
    w.literal_condition(filter)?;
    w.close_scope();
    Ok(())
}

/// `"excluded"."name"`
pub fn excluded(w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
    w.ident("excluded").push(".").ident(column.name);
}

/// `(SELECT …)` as a source of rows, whose columns are called `c1`, `c2` and so on.
///
/// # Errors
/// What rendering it says.
pub fn derived_select<'a>(w: &mut SqlWriter<'a>, select: &'a Select) -> Result<()> {
    w.push("(");
    select.render_source(w)?;
    w.push(")");
    Ok(())
}
