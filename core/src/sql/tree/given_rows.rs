//! [`GivenRows`]: rows of the program's own, whose values have the types of a table's columns.

use std::fmt;

use super::update_each::UpdateEach;
use crate::error::Result;
use crate::schema::ColumnDef;
use crate::sql::BindSource;
use crate::sql::render::{Ident, SqlWriter, write_sql};
use crate::types::ColumnType;

/// Rows of the program's own as a source of a statement, whose values have the types of a table's columns.
#[derive(Clone, Copy)]
pub struct GivenRows<'a> {
    /// The statement. The columns that it [gives](UpdateEach::given) are called `c1`, `c2`, … in the source.
    pub statement: &'a UpdateEach,
    /// Where their values are.
    pub source: &'a dyn BindSource,
    /// What the source is called.
    pub name: &'static str,
}

/// What databases write differently about such rows.
#[derive(Clone, Copy)]
pub struct GivenRowsSyntax<'f> {
    /// What begins a row: `(` or `ROW(`.
    pub open: &'static str,
    /// Writes a column of the table, whose type the values take.
    pub column: &'f dyn Fn(&mut SqlWriter<'_>, &'static ColumnDef),
    /// Writes the placeholder of a value that was just kept. The text must say the type, as that of NULLs in the same column
    /// does.
    pub value: &'f dyn Fn(&mut SqlWriter<'_>, ColumnType),
}

/// Writes such rows in a spelling.
///
/// The values take the types of their columns from a SELECT of no rows that stands before them: on their own, databases would
/// read some as text.
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
pub fn given_rows_by<'a>(w: &mut SqlWriter<'a>, rows: &GivenRows<'a>, syntax: GivenRowsSyntax<'_>) -> Result<()> {
    let table = rows.statement.table;
    let columns = rows.statement.given().filter_map(|index| table.column(index));
    let values = |w: &mut SqlWriter<'a>, row: usize| {
        w.commas(rows.statement.given(), |w, column| {
            let ty = w.keep(table, column, rows.source.value(row, column)).map_err(|error| error.with_row(row))?;
            (syntax.value)(w, ty);
            Ok(())
        })
    };
    write_sql!(
        w,
        "(SELECT ",
        w.commas(columns.zip(1_usize..), |w, (column, number)| {
            write_sql!(w, (syntax.column)(w, column), " AS ", Ident(&format!("c{number}")))
        }),
        " FROM ",
        table,
        " WHERE 1 = 0 UNION ALL VALUES ",
        w.commas(0..rows.statement.rows, |w, row| write_sql!(w, syntax.open, values(w, row), ")")),
        ") AS ",
        Ident(rows.name)
    )
}

impl fmt::Debug for GivenRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenRows")
            .field("statement", &self.statement)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for GivenRowsSyntax<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenRowsSyntax").field("open", &self.open).finish_non_exhaustive()
    }
}
