//! Long lists: one document with all values, so that one text serves lists of all lengths, however long.
//!
//! A document holds integers and texts as they are. Floats go as their bits and bytes as their digits, so that each value
//! comes back the same to the last bit, of the storage class that it would have as a parameter of its own.

use creole_core::sql::{
    Bind, Expr, List, Membership, Precedence, SqlWriter, Typing, write_json_digits, write_json_string,
};
use creole_core::types::{ColumnType, TypeFamily, ValueRef};
use creole_core::{Dialect, Error, ErrorKind, Result, write_sql};
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
    let value = |w: &mut SqlWriter<'a>, index: u64| match operand {
        Expr::Row(_) => write_sql!(w, "json_extract(value, '$[", index, "]')"),
        _ => w.write("value"),
    };
    let column = |w: &mut SqlWriter<'a>, (index, (ty, _)): (u64, (ColumnType, Typing))| match decoder(ty) {
        Some(decoder) if kept.is_none() => write_sql!(w, decoder, "(", value(w, index), ")"),
        _ => value(w, index),
    };
    let kept_list = match (kept, operand) {
        (Some(_), Expr::Column(column)) => column.definition().map_or(list, |column| list.kept_as(column)),
        _ => list,
    };
    write_sql!(
        w,
        " ",
        membership.sql(),
        " (SELECT ",
        w.commas((0..).zip(list.types()), column),
        " FROM json_each(?",
        keep(w, kept_list),
        "))"
    )
}

/// Keeps the list as a parameter, and writes its number.
fn keep<'a>(w: &mut SqlWriter<'a>, list: List<'a>) -> Result<()> {
    w.keep_list(list, list.types().next().map_or(ColumnType::TEXT, |(ty, _)| ty))?;
    w.write(w.bind_count() as u64)
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

/// The function that makes a value of what the document has for it.
fn decoder(ty: ColumnType) -> Option<&'static str> {
    use TypeFamily::*;
    match ty.family() {
        Float => Some("creole_listed_float"),
        Bytes | Uuid => Some("creole_listed_bytes"),
        Bool | Integer | Text | Decimal | Date | Time | DateTime | Json | Enum | Array | Other => None,
    }
}
