//! How functions and casts are spelled.

use creole_core::sql::{Expr, Function, SqlWriter, standard};
use creole_core::types::{ColumnType, TypeFamily};
use creole_core::{Error, Result, write_sql};

/// Writes a call.
pub(crate) fn call<'a>(w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
    match function {
        Function::Greatest => standard::extreme(w, "greatest", arguments),
        Function::Least => standard::extreme(w, "least", arguments),
        Function::Weekday => write_sql!(w, "(", standard::call_as(w, "weekday", arguments), " + 1)"),
        Function::Year => standard::call_as(w, "year", arguments),
        Function::Month => standard::call_as(w, "month", arguments),
        Function::Day => standard::call_as(w, "dayofmonth", arguments),
        Function::DayOfYear => standard::call_as(w, "dayofyear", arguments),
        Function::Hour => standard::call_as(w, "hour", arguments),
        Function::Minute => standard::call_as(w, "minute", arguments),
        Function::Second => standard::call_as(w, "second", arguments),
        Function::Now => {
            w.push("utc_timestamp(6)");
            Ok(())
        }
        Function::Lower | Function::Upper if arguments.iter().any(hands_on_a_constant) => {
            write_sql!(w, function.name(), "(", standard::call_as(w, "concat", arguments), ")")
        }
        Function::Lower
        | Function::Upper
        | Function::Length
        | Function::Trim
        | Function::Coalesce
        | Function::NullIf
        | Function::Abs => standard::call(w, function, arguments),
        Function::Replace => standard::call_by(w, function, "replace", arguments),
        Function::Substring => standard::call_by(w, function, "substring", arguments),
    }
}

/// Whether a function compares its arguments and returns one of them. MySQL changes the letters of a constant in place, and the next
/// row would be compared with what became of it: such a value is copied first.
fn hands_on_a_constant(argument: &Expr) -> bool {
    matches!(argument, Expr::Call { function: Function::Greatest | Function::Least | Function::NullIf, .. })
}

/// Writes a cast.
pub(crate) fn cast<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
    use TypeFamily::*;
    let name = match ty.family() {
        Decimal => "DECIMAL(20)",
        Float if ty == ColumnType::F64 => "DOUBLE",
        Text => "CHAR",
        Integer => "SIGNED",
        Bool | Float | Bytes | Uuid | Date | Time | DateTime | Json | Enum | Array | Other => {
            let what = format!("a cast to {ty}");
            let way_out = "cast to an integer, a float, a decimal or text";
            return Err(Error::unsupported(w.dialect().name(), &what, way_out));
        }
    };
    write_sql!(w, "CAST(", operand, " AS ", name, ")")
}
