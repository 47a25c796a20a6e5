//! How functions and casts are spelled.

use creole_core::sql::{Expr, Function, Precedence, SqlWriter, standard};
use creole_core::types::ColumnType;
use creole_core::{Error, Result, write_sql};

use crate::dialect::NAME;
use crate::types;

/// Writes a call.
pub(crate) fn call<'a>(w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
    match function {
        // Under collation "C" only the letters of ASCII have two cases, so letters are mapped under ICU's; what comes of it
        // is compared by code point again.
        Function::Lower | Function::Upper => {
            write_sql!(
                w,
                function.name(),
                "(",
                w.commas(arguments, |w, text| w.expr(text, Precedence::Atom)),
                " COLLATE \"und-x-icu\") COLLATE \"C\""
            )
        }
        Function::Trim => standard::call_as(w, "btrim", arguments),
        Function::Substring => {
            let each = |w: &mut SqlWriter<'a>, (index, argument): (usize, &'a Expr)| {
                // It takes no wider numbers.
                write_sql!(w, w.expr(argument, Precedence::Atom), if index == 0 { "" } else { "::int4" })
            };
            write_sql!(w, "substr(", w.commas(arguments.iter().enumerate(), each), ")")
        }
        Function::Year => part(w, "year", arguments),
        Function::Month => part(w, "month", arguments),
        Function::Day => part(w, "day", arguments),
        Function::Hour => part(w, "hour", arguments),
        Function::Minute => part(w, "minute", arguments),
        // A second has a fraction here, and a cast would round it.
        Function::Second => write_sql!(w, "floor(", field(w, "second", arguments), ")::int8"),
        Function::Weekday => part(w, "isodow", arguments),
        Function::DayOfYear => part(w, "doy", arguments),
        Function::Length | Function::Coalesce | Function::NullIf | Function::Abs => {
            standard::call(w, function, arguments)
        }
        Function::Replace => standard::call_by(w, function, "replace", arguments),
        // NULL arguments are passed over.
        Function::Greatest => standard::call_by(w, function, "greatest", arguments),
        Function::Least => standard::call_by(w, function, "least", arguments),
        Function::Now => standard::call_by(w, function, "now", arguments),
    }
}

/// Writes a cast.
pub(crate) fn cast<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
    let name = match ty {
        ColumnType::Decimal { .. } => "numeric",
        ColumnType::Text { .. } => "text",
        other => types::cast_name(other).ok_or_else(|| {
            Error::unsupported(NAME, &format!("a cast to {other}"), "cast to a type that creole-postgres knows")
        })?,
    };
    write_sql!(w, "CAST(", operand, " AS ", name, ")")?;
    if matches!(ty, ColumnType::Text { .. }) {
        w.push(" COLLATE \"C\"");
    }
    Ok(())
}

fn part<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    field(w, name, arguments)?;
    w.push("::int8");
    Ok(())
}

fn field<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    write_sql!(w, "EXTRACT(", name, " FROM ", w.commas(arguments, |w, argument| w.write(argument)), ")")
}
