//! Standard SQL of INSERT.

use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::{ColumnDef, Table};
use crate::sql::expr::Precedence;
use crate::sql::render::{Ident, SqlWriter, Typing, write_sql};
pub use crate::sql::tree::given_rows_by;
use crate::sql::tree::{
    BoundRows, ConflictAction, ConflictTarget, GivenRows, GivenRowsSyntax, Insert, OnConflict, Select, TableRef,
    render_assignments,
};

/// ` VALUES (?, ?), (?, ?)`, or ` SELECT * FROM unnest($1::int8[], $2::text[])` for several rows, where the database takes
/// arrays of all their types.
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
pub fn insert_rows<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
    if is_sent_as_arrays(w.dialect(), rows) {
        write_sql!(
            w,
            " SELECT * FROM unnest(",
            w.commas(&rows.insert.columns, |w, &column| w.store_column(rows, column)),
            ")"
        )?;
        return Ok(());
    }
    w.push(" VALUES ");
    let columns = &rows.insert.columns;
    w.reserve(rows.count, columns.len());
    w.commas(0..rows.count, |w, row| {
        write_sql!(w, "(", w.commas(columns, |w, &column| rows.value(w, row, column)), ")")
    })
}

fn is_sent_as_arrays(dialect: &dyn Dialect, rows: &BoundRows<'_>) -> bool {
    rows.count > 1 && rows.insert.computed.is_empty() && can_be_arrays(dialect, rows.insert.table, &rows.insert.columns)
}

/// Whether the values of all these columns can be sent as arrays, one per column, so that one text serves any number of rows.
pub(crate) fn can_be_arrays(dialect: &dyn Dialect, table: &'static Table, columns: &[u16]) -> bool {
    let has_array = |&index: &u16| table.column(index).is_some_and(|column| dialect.has_arrays_of(column.ty));
    !columns.is_empty() && columns.iter().all(has_array)
}

/// `(SELECT "id" AS "c1" FROM "users" WHERE 1 = 0 UNION ALL VALUES ($1), ($2)) AS "given"`
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
pub fn given_rows<'a>(w: &mut SqlWriter<'a>, rows: &GivenRows<'a>) -> Result<()> {
    let column = |w: &mut SqlWriter<'_>, column: &'static ColumnDef| {
        w.ident(column.name);
    };
    let value = |w: &mut SqlWriter<'_>, ty| w.syntax().placeholder(w, ty, Typing::Cast);
    given_rows_by(w, rows, GivenRowsSyntax { open: "(", column: &column, value: &value })
}

/// ` SELECT …`
///
/// # Errors
/// What rendering it says.
pub fn insert_select<'a>(w: &mut SqlWriter<'a>, _insert: &'a Insert, select: &'a Select) -> Result<()> {
    w.push(" ");
    select.render_value(w)
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
    render_assignments(w, insert.table, assignments)?;
    if let Some(filter) = filter {
        w.push(" WHERE ");
        w.expr(filter, Precedence::Lowest)?;
    }
    Ok(())
}

/// ` ON CONFLICT ("tenant", "slug") WHERE "deleted" IS NULL`
fn conflict_target<'a>(w: &mut SqlWriter<'a>, table: &'static Table, target: &'a ConflictTarget) -> Result<()> {
    write_sql!(
        w,
        " ON CONFLICT (",
        w.commas(table.column_names(&target.columns), |w, name| w.write(Ident(name))),
        ")"
    )?;
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
    write_sql!(w, "(", select.render_source(w), ")")
}
