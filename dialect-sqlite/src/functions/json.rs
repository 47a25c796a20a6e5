//! Comparing JSON documents by value, and reading their numbers exactly. SQLite's own functions read numbers beyond 64 bits
//! as floats, and compare documents as texts.

use bigdecimal::BigDecimal;
use rusqlite::functions::Context;
use rusqlite::{Connection, Error, Result};

use super::json_tree::Node;
use super::scalar;
use crate::decimal_text::Number;
use crate::error::REFUSED;

/// The digits before and after the point of a decimal.
const DECIMAL: (i64, i64) = (18, 10);

pub(super) fn install(db: &Connection) -> Result<()> {
    scalar(db, "creole_json_equal", 2, |context| both(context, |one, other| one.is_equal(other)))?;
    scalar(db, "creole_json_contains", 2, |context| both(context, |whole, part| whole.contains(part)))?;
    scalar(db, "creole_json_float", 1, |context| number(context, float))?;
    scalar(db, "creole_json_decimal", 1, |context| number(context, decimal))?;
    scalar(db, "creole_json_no_place", 1, |_| -> Result<Option<String>> {
        Err(refused("something else stands where a change of the document needs an object or an array"))
    })
}

/// Looks at two documents; NULL where one is.
fn both(context: &Context<'_>, holds: fn(&Node<'_>, &Node<'_>) -> bool) -> Result<Option<bool>> {
    let text = |index| context.get_raw(index).as_str_or_null().map_err(Error::from);
    let (Some(one), Some(other)) = (text(0)?, text(1)?) else { return Ok(None) };
    match (Node::parse(one), Node::parse(other)) {
        (Some(one), Some(other)) => Ok(Some(holds(&one, &other))),
        _ => Err(refused("a value is not a JSON document")),
    }
}

/// Reads a document that is a number; NULL for any other.
fn number<T>(context: &Context<'_>, read: fn(&str) -> Option<T>) -> Result<Option<T>> {
    Ok(context.get_raw(0).as_str_or_null().map_err(Error::from)?.and_then(read))
}

fn float(digits: &str) -> Option<f64> {
    Number::parse(digits)?;
    digits.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The number as it would be kept in a column; `None` where it would not be exact.
fn decimal(digits: &str) -> Option<String> {
    // An exponent could ask for more digits than there is memory.
    if Number::parse(digits)?.digits() > 1_000 {
        return None;
    }
    let number: BigDecimal = digits.parse().ok()?;
    let number = number.normalized();
    let fits = number.fractional_digit_count() <= DECIMAL.1 && number.abs() < BigDecimal::new(1.into(), -DECIMAL.0);
    fits.then(|| number.to_plain_string())
}

fn refused(reason: &'static str) -> Error {
    Error::UserFunctionError(format!("{REFUSED}{reason}").into())
}
