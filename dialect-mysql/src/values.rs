//! The values in rows of the program's own, as VALUES has them.

use creole_core::sql::{Expr, SqlWriter, ValuesCell};
use creole_core::types::{TypeFamily, Value};
use creole_core::{Error, ErrorKind, Result, write_sql};

/// How many bytes of a bound text or blob the servers keep in such a row; the rest they would cut off.
const MOST_BYTES: usize = 65_532;

/// Writes a value that says its type: MySQL takes a column whose first value is NULL for text.
pub(crate) fn typed<'a>(w: &mut SqlWriter<'a>, cell: ValuesCell<'a>) -> Result<()> {
    use TypeFamily::*;
    let Some(ty) = cell.ty() else { return plain(w, cell) };
    let name = match ty.family() {
        Bool => "SIGNED",
        Date => "DATE",
        Time => "TIME(6)",
        DateTime => "DATETIME(6)",
        Integer | Float | Decimal | Text | Bytes | Uuid | Json | Enum | Array | Other => return plain(w, cell),
    };
    write_sql!(w, "CAST(", plain(w, cell), " AS ", name, ")")
}

/// Writes a value that its row has room for.
pub(crate) fn plain<'a>(w: &mut SqlWriter<'a>, cell: ValuesCell<'a>) -> Result<()> {
    let bytes = match cell {
        ValuesCell::Value(Expr::Bind { value: Value::Text(text), .. }) => text.len(),
        ValuesCell::Value(Expr::Bind { value: Value::Bytes(bytes), .. }) => bytes.len(),
        ValuesCell::Value(Expr::Bind { value: Value::Json(document), .. }) => document.to_string().len(),
        _ => 0,
    };
    if bytes > MOST_BYTES {
        let message = format!("a value in a row of `values` has {bytes} bytes, and is cut off after {MOST_BYTES}");
        return Err(Error::new(ErrorKind::Limit, message).on(w.dialect().name()));
    }
    cell.render(w)
}
