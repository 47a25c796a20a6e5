//! Long lists: one document with all values, so that one text serves lists of all lengths, however long.
//!
//! A document holds integers and texts as they are. Floats go as their bits and bytes as their digits, so that each value
//! comes back the same to the last bit, of the storage class that it would have as a parameter of its own.

use creole_core::sql::{Bind, Expr, List, Membership, Precedence, SqlWriter, write_json_digits, write_json_string};
use creole_core::types::{ColumnType, TypeFamily, ValueRef};
use creole_core::write_sql;
use creole_core::{Dialect, Error, ErrorKind, Result};
use rusqlite::types::ValueRef as Raw;

use crate::bind::with_raw;
use crate::dialect::{NAME, Sqlite};
use crate::storage::{self, StoredForm};

/// Writes that an expression stands, or does not stand, in a list.
pub(crate) fn in_list<'a>(
    w: &mut SqlWriter<'a>,
    membership: Membership,
    operand: &'a Expr,
    items: &'a [Expr],
) -> Result<()> {
    let Some(list) = List::of(w, items) else {
        return storage::in_list(w, membership, operand, items);
    };
    let kept = StoredForm::of_all(std::iter::once(operand).chain(items));
    match kept {
        Some(kept) => kept.write(w, operand)?,
        None => w.expr(operand, Precedence::Operand)?,
    }
    w.push(" ").push(membership.sql()).push(" (SELECT ");
    let is_row = matches!(operand, Expr::Row(_));
    write_sql!(
        w,
        w.commas(list.types().enumerate(), |w, (place, (ty, _))| {
            let decoder = if kept.is_some() { None } else { decoder(ty) };
            w.push(decoder.unwrap_or_default());
            match is_row {
                true => w.push("json_extract(value, '$[").number(place as u64).push("]')"),
                false => w.push("value"),
            };
            w.push(if decoder.is_some() { ")" } else { "" });
            Ok(())
        }),
        " FROM json_each("
    )?;
    let list = match (kept, operand) {
        (Some(_), Expr::Column(column)) => column.definition().map_or(list, |column| list.kept_as(column)),
        _ => list,
    };
    w.keep_list(list, list.types().next().map_or(ColumnType::TEXT, |(ty, _)| ty))?;
    let number = w.bind_count() as u64;
    write_sql!(w, "?", number, "))")
}

/// The values of a list as one document.
pub(crate) fn document(list: List<'_>) -> Result<String> {
    let mut text = String::with_capacity(list.count().saturating_mul(16));
    list.write_json(&mut text, &mut |text, bind| write(text, kept_form(list, bind.value, bind.ty)?))?;
    Ok(text)
}

/// The value in the form in which its column keeps it, where that is not the usual one.
fn kept_form<'b>(list: List<'_>, value: ValueRef<'b>, ty: ColumnType) -> Result<Bind<'b>> {
    let Some(column) = list.kept_form() else { return Ok(Bind::new(value, ty)) };
    let no_room = || Error::new(ErrorKind::InvalidValue, "the column's form has no room for the value").on(NAME);
    Sqlite.stored(column, value).ok_or_else(no_room)
}

fn write(text: &mut String, bind: Bind<'_>) -> Result<()> {
    with_raw(&bind, |raw| {
        match raw {
            Raw::Null => text.push_str("null"),
            Raw::Integer(number) => text.push_str(&number.to_string()),
            Raw::Real(number) => write_json_digits(text, &number.to_bits().to_be_bytes()),
            Raw::Text(bytes) => write_json_string(text, &String::from_utf8_lossy(bytes)),
            Raw::Blob(bytes) => write_json_digits(text, bytes),
        }
        Ok(())
    })
}

/// What makes a value of what the document has in its place.
fn decoder(ty: ColumnType) -> Option<&'static str> {
    use TypeFamily::*;
    match ty.family() {
        Float => Some("creole_listed_float("),
        Bytes | Uuid => Some("creole_listed_bytes("),
        Bool | Integer | Text | Decimal | Date | Time | DateTime | Json | Enum | Array | Other => None,
    }
}
