//! How functions and casts are spelled.

use creole_core::sql::{Expr, Function, Precedence, SqlWriter, standard};
use creole_core::types::ColumnType;
use creole_core::{Error, Result};

/// Writes a call.
pub(crate) fn call<'a>(w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
    match function {
        Function::Greatest | Function::Least => standard::extreme(w, function.sql(), arguments),
        Function::Weekday => {
            w.push("(");
            standard::call(w, function, arguments)?;
            w.push(" + 1)");
            Ok(())
        }
        // Those of the parts of a time have the common names, but for the day of the month.
        Function::Day => standard::call_as(w, "dayofmonth", arguments),
        Function::Now => {
            w.push("utc_timestamp(6)");
            Ok(())
        }
        Function::Lower | Function::Upper if arguments.iter().any(hands_on_a_constant) => {
            w.push(function.sql()).push("(");
            standard::call_as(w, "concat", arguments)?;
            w.push(")");
            Ok(())
        }
        _ => standard::call(w, function, arguments),
    }
}

/// Whether a function compares its arguments and returns one of them. MySQL changes the letters of a constant in place, and the next
/// row would be compared with what became of it: such a value is copied first.
fn hands_on_a_constant(argument: &Expr) -> bool {
    matches!(argument, Expr::Call { function: Function::Greatest | Function::Least | Function::NullIf, .. })
}

/// Writes a cast.
pub(crate) fn cast<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
    let name = match ty {
        ColumnType::Decimal { .. } => "DECIMAL(20)",
        ColumnType::F64 => "DOUBLE",
        ColumnType::Text { .. } => "CHAR",
        ty if ty.is_integer() => "SIGNED",
        other => {
            let what = format!("a cast to {other}");
            let way_out = "cast to an integer, a float, a decimal or text";
            return Err(Error::unsupported(w.dialect().name(), &what, way_out));
        }
    };
    w.push("CAST(");
    w.expr(operand, Precedence::Lowest)?;
    w.push(" AS ").push(name).push(")");
    Ok(())
}
