//! Many rows in one INSERT: an array for each column, so that one text serves any number of rows.

use creole_core::Result;
use creole_core::dialect::{InsertSize, InsertTexts};
use creole_core::schema::Table;
use creole_core::sql::{BoundRows, SqlWriter, standard};
use creole_core::types::ColumnType;

use crate::types::cast_name;

/// How many rows one statement has. More make it no quicker.
const MOST_ROWS: usize = 4_096;

/// Writes the rows of an INSERT.
pub(crate) fn insert_rows<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
    let is_computed = !rows.insert.computed.is_empty();
    if rows.count < 2 || is_computed || !can_unnest(rows.insert.table, &rows.insert.columns) {
        return standard::insert_rows(w, rows);
    }
    w.push(" SELECT * FROM unnest(");
    w.commas(&rows.insert.columns, |w, &column| w.store_column(rows, column))?;
    w.push(")");
    Ok(())
}

/// Arrays are single values, however long.
pub(crate) fn insert_size(table: &'static Table, columns: &[u16]) -> Option<InsertSize> {
    can_unnest(table, columns).then_some(InsertSize { most: MOST_ROWS, texts: InsertTexts::One })
}

/// Whether the values of all these columns can stand in arrays: those of arrays would be taken apart, and the server alone
/// knows arrays of its own types.
fn can_unnest(table: &'static Table, columns: &[u16]) -> bool {
    !columns.is_empty()
        && columns.iter().all(|&column| {
            let ty = table.column(column).map(|definition| definition.ty);
            ty.is_some_and(|ty| {
                ty != ColumnType::U64
                    && ty.native_enum().is_none()
                    && !matches!(ty, ColumnType::Other(_))
                    && cast_name(ty).is_some()
            })
        })
}
