//! How functions and casts are spelled.

use creole_core::sql::{Expr, Function, SqlWriter, standard};
use creole_core::types::{ColumnType, TypeFamily};
use creole_core::{Error, Result, write_sql};

use crate::arithmetic::{BY_CODE_POINT, BY_VALUE, is_decimal};
use crate::dialect::NAME;

/// Writes a call.
pub(crate) fn call<'a>(w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
    match function {
        // SQLite's own know the letters of ASCII only.
        Function::Lower => standard::call_as(w, "creole_lower", arguments),
        Function::Upper => standard::call_as(w, "creole_upper", arguments),
        Function::Length => standard::call_as(w, "length", arguments),
        Function::Substring => standard::call_as(w, "substr", arguments),
        // Without their own collation, the values of these would be compared as text.
        Function::Coalesce | Function::NullIf => {
            standard::call(w, function, arguments)?;
            by_value(w, arguments);
            Ok(())
        }
        Function::Greatest => extreme(w, "max", arguments),
        Function::Least => extreme(w, "min", arguments),
        Function::Abs if arguments.iter().any(is_decimal) => {
            standard::call_as(w, "creole_decimal_abs", arguments)?;
            by_value(w, arguments);
            Ok(())
        }
        Function::Year => part(w, arguments, 1, 4),
        Function::Month => part(w, arguments, 6, 2),
        Function::Day => part(w, arguments, 9, 2),
        Function::Hour => part(w, arguments, clock(arguments), 2),
        Function::Minute => part(w, arguments, clock(arguments) + 3, 2),
        Function::Second => part(w, arguments, clock(arguments) + 6, 2),
        Function::Weekday => write_sql!(w, "CAST(strftime('%u', ", only(w, arguments), ") AS INTEGER)"),
        Function::DayOfYear => write_sql!(w, "CAST(strftime('%j', ", only(w, arguments), ") AS INTEGER)"),
        Function::Now => {
            w.push("(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z')");
            Ok(())
        }
        Function::Trim | Function::Abs => standard::call(w, function, arguments),
        Function::Replace => standard::call_by(w, function, "replace", arguments),
    }
}

/// Writes a cast.
pub(crate) fn cast<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
    use TypeFamily::*;
    let name = match ty.family() {
        Decimal => {
            return write_sql!(w, "decimal(", operand, ")", BY_VALUE);
        }
        Float if ty == ColumnType::F64 => "REAL",
        Text => "TEXT",
        Integer => "INTEGER",
        Bool | Float | Bytes | Uuid | Date | Time | DateTime | Json | Enum | Array | Other => {
            let what = format!("a cast to {ty}");
            return Err(Error::unsupported(NAME, &what, "cast to an integer, a float, a decimal or text"));
        }
    };
    write_sql!(w, "CAST(", operand, " AS ", name, ")")?;
    if name == "TEXT" && operand.any(&mut is_decimal) {
        // A cast would be compared by the collation of what is cast.
        w.push(BY_CODE_POINT);
    }
    Ok(())
}

/// SQLite's own `max(a, b)` is NULL where one of the two is: so each argument that can be NULL has the others to stand in
/// for it.
fn extreme<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    standard::extreme(w, name, arguments)?;
    by_value(w, arguments);
    Ok(())
}

/// Some letters of the text that a date or a time is kept as.
fn part<'a>(w: &mut SqlWriter<'a>, arguments: &'a [Expr], from: u64, letters: u64) -> Result<()> {
    write_sql!(w, "CAST(substr(", only(w, arguments), ", ", from, ", ", letters, ") AS INTEGER)")
}

/// Where the hour stands: in a time of day at the beginning, else after the date.
fn clock(arguments: &[Expr]) -> u64 {
    match arguments.first().and_then(Expr::ty) {
        Some(ColumnType::Time) => 1,
        _ => 12,
    }
}

fn only<'a>(w: &mut SqlWriter<'a>, arguments: &'a [Expr]) -> Result<()> {
    w.commas(arguments, |w, argument| w.write(argument))
}

fn by_value(w: &mut SqlWriter<'_>, arguments: &[Expr]) {
    if arguments.iter().any(is_decimal) {
        w.push(BY_VALUE);
    }
}
