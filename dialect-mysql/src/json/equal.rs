//! Comparing values inside documents, by JSON type and value.

use creole_core::sql::{JsonLiteral, JsonOp, SqlWriter, Typing};
use creole_core::types::{ColumnType, JsonRef, Value, ValueRef};
use creole_core::{Result, write_sql};
use rust_decimal::Decimal;
use serde_json::Value as Tree;

use super::path::Place;
use super::views::INDEXED_CHARACTERS;
use crate::dialect::Flavor;

/// From here on not every whole number is a float.
const LARGE: f64 = 9_007_199_254_740_992.0;

/// Whether a value is equal to a given one. Where there is an index over a view of the value, the view is compared too: the
/// index is found by it.
pub(super) fn to_literal<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, value: &'a JsonLiteral) -> Result<()> {
    value.check()?;
    match value {
        JsonLiteral::Null => to_null(w, place),
        JsonLiteral::Bool(value) => {
            if place.has_index(&JsonOp::Bool) {
                to_indexed_bool(w, place, *value)?;
                w.push(" AND ");
            }
            to_bool(w, place, *value)
        }
        JsonLiteral::Text(text) => {
            if place.has_index(&JsonOp::TextKey) {
                write_sql!(
                    w,
                    place.text_key(w),
                    " = LEFT(",
                    bind_as_text(w, text),
                    ", ",
                    INDEXED_CHARACTERS,
                    ") AND "
                )?;
            }
            to_text(w, place, text)
        }
        JsonLiteral::Number(digits) => {
            if let (true, Ok(number)) = (place.has_index(&JsonOp::Integer), digits.parse()) {
                place.integer(w)?;
                w.push(" = ");
                w.bind(ValueRef::I64(number), ColumnType::I64, Typing::Cast)?;
                w.push(" AND ");
            } else if let (true, Ok(number)) = (place.has_index(&JsonOp::Float), digits.parse()) {
                place.float(w)?;
                w.push(" = ");
                w.bind(ValueRef::F64(number), ColumnType::F64, Typing::Cast)?;
                w.push(" AND ");
            }
            to_number(w, place, digits, JsonRef::Text(digits))
        }
        JsonLiteral::Document(tree) => to_document(w, place, tree),
        // Refused by the check.
        JsonLiteral::Invalid(_) => Ok(()),
    }
}

/// Whether a value is equal to a given one, where unknown is as good as false: what an index over a view of the value holds all
/// of is compared by that view alone.
pub(super) fn condition<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, value: &'a JsonLiteral) -> Result<()> {
    match value {
        JsonLiteral::Bool(value) if place.has_index(&JsonOp::Bool) => to_indexed_bool(w, place, *value),
        JsonLiteral::Text(text) if place.has_index(&JsonOp::TextKey) && is_short(text) => {
            place.text_key(w)?;
            w.push(" = ");
            bind_as_text(w, text)
        }
        _ => to_literal(w, place, value),
    }
}

/// Whether no longer text was cut to be equal to this one in an index.
fn is_short(text: &str) -> bool {
    JsonRef::Tree(&text.into()).text().is_ok_and(|text| (text.chars().count() as u64) < INDEXED_CHARACTERS)
}

fn to_indexed_bool<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, value: bool) -> Result<()> {
    place.boolean(w)?;
    w.push(" = ");
    w.bind(ValueRef::Bool(value), ColumnType::Bool, Typing::Cast)
}

/// A value as JSON writes it, as MySQL does too.
fn bind_as_text(w: &mut SqlWriter<'_>, text: &str) -> Result<()> {
    w.bind_owned(Value::Json(Box::new(text.into())), ColumnType::TEXT, Typing::Cast)
}

/// Whether a value is equal to a document of any kind.
pub(super) fn to_tree<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, tree: &'a Tree) -> Result<()> {
    match tree {
        Tree::Null => to_null(w, place),
        Tree::Bool(value) => to_bool(w, place, *value),
        Tree::String(text) => to_text(w, place, text),
        Tree::Number(_) => {
            let digits = JsonRef::Tree(tree).text()?.into_owned();
            to_number(w, place, &digits, JsonRef::Tree(tree))
        }
        Tree::Array(_) | Tree::Object(_) => to_document(w, place, tree),
    }
}

fn to_null<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>) -> Result<()> {
    // Of a null among the elements of an array MySQL makes an SQL one.
    if place.flavor == Flavor::MySql && place.is_element() {
        return write_sql!(w, place.value(w), " IS NULL");
    }
    place.raw_kind(w)?;
    w.push(" = 'NULL'");
    Ok(())
}

fn to_bool<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, value: bool) -> Result<()> {
    let word = if value { "true" } else { "false" };
    match place.flavor {
        Flavor::MySql => {
            write_sql!(w, place.value(w), " = CAST('", word, "' AS JSON)")?;
        }
        Flavor::MariaDb => {
            place.raw_kind(w)?;
            write_sql!(w, " = 'BOOLEAN' AND JSON_UNQUOTE(", place.value(w), ") COLLATE utf8mb4_bin = ")?;
            w.push("'").push(word).push("'");
        }
    }
    Ok(())
}

fn to_text<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, text: &'a str) -> Result<()> {
    match place.flavor {
        Flavor::MySql => {
            place.value(w)?;
            w.push(" = ");
            w.bind_owned(Value::Json(Box::new(text.into())), ColumnType::Json, Typing::Cast)
        }
        Flavor::MariaDb => {
            place.plain_text(w)?;
            w.push(" COLLATE ").push(place.flavor.binary_collation()).push(" = ");
            w.bind(ValueRef::Text(text), ColumnType::TEXT, Typing::Cast)?;
            w.push(" AND ");
            place.raw_kind(w)?;
            w.push(" = 'STRING'");
            Ok(())
        }
    }
}

/// MariaDB compares texts, in the form in which equal documents have equal ones.
fn to_document<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, tree: &'a Tree) -> Result<()> {
    to_json(w, place, JsonRef::Tree(tree))
}

fn to_json<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, document: JsonRef<'a>) -> Result<()> {
    match place.flavor {
        Flavor::MySql => {
            place.value(w)?;
            w.push(" = ");
            w.bind(ValueRef::Json(document), ColumnType::Json, Typing::Cast)
        }
        Flavor::MariaDb => write_sql!(
            w,
            "JSON_NORMALIZE(",
            place.value(w),
            ") = JSON_NORMALIZE(",
            w.bind(ValueRef::Json(document), ColumnType::Json, Typing::Cast),
            ")"
        ),
    }
}

/// MySQL keeps numbers as 64-bit integers and floats. It compares the two by the digits that a float is written with, which
/// beyond 53 bits are not all it has: there a number is looked for in both forms.
fn to_number<'a>(w: &mut SqlWriter<'a>, place: &Place<'a>, digits: &str, number: JsonRef<'a>) -> Result<()> {
    if place.flavor == Flavor::MariaDb {
        // In brackets, since JSON_NORMALIZE reads on past the end of a text that ends in an exponent.
        return write_sql!(
            w,
            "JSON_NORMALIZE(CONCAT('[', ",
            place.value(w),
            ", ']' COLLATE utf8mb4_bin)) = ",
            "JSON_NORMALIZE(CONCAT('[', ",
            w.bind(ValueRef::Json(number), ColumnType::Json, Typing::Cast),
            ", ']' COLLATE utf8mb4_bin))"
        );
    }
    match Form::of(digits) {
        Form::Only => to_json(w, place, number),
        Form::Neither => {
            // False, or unknown where there is no value.
            place.value(w)?;
            w.push(" IS NULL AND NULL");
            Ok(())
        }
        Form::Both(integer, float) => {
            write_sql!(w, "(", place.value(w), " = CAST(")?;
            let (value, ty) = match i64::try_from(integer) {
                Ok(number) => (ValueRef::I64(number), ColumnType::I64),
                Err(_) => (ValueRef::U64(u64::try_from(integer).unwrap_or(u64::MAX)), ColumnType::U64),
            };
            write_sql!(
                w,
                w.bind(value, ty, Typing::Cast),
                " AS JSON) OR ",
                place.value(w),
                " = CAST(",
                w.bind(ValueRef::F64(float), ColumnType::F64, Typing::Cast),
                " AS JSON))"
            )
        }
    }
}

/// The forms in which MySQL can have a number.
#[derive(Debug, PartialEq)]
enum Form {
    /// The one that JSON's text of it is read as.
    Only,
    /// An integer and a float.
    Both(i128, f64),
    /// No number there is equal to it.
    Neither,
}

impl Form {
    fn of(digits: &str) -> Form {
        let Ok(float) = digits.parse::<f64>() else { return Form::Only };
        let is_integer = digits.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
        if let (true, Ok(integer)) = (is_integer, digits.parse::<i128>()) {
            let fits = i64::try_from(integer).is_ok() || u64::try_from(integer).is_ok();
            let is_float = float as i128 == integer;
            return match (fits, is_float) {
                (true, true) if float.abs() >= LARGE => Form::Both(integer, float),
                (true, _) => Form::Only,
                (false, true) => Form::Only,
                (false, false) => Form::Neither,
            };
        }
        if float.abs() >= LARGE && float.abs() < 2.0 * 9_223_372_036_854_775_808.0 && float.fract() == 0.0 {
            return Form::Both(float as i128, float);
        }
        // A decimal may have more digits than the float that is read from it; a float does not.
        let exact = |text: &str| Decimal::from_str_exact(text).ok();
        let read = if float.fract() == 0.0 { format!("{float:.0}") } else { float.to_string() };
        match (exact(digits), exact(&read)) {
            (Some(given), Some(read)) if given != read => Form::Neither,
            _ => Form::Only,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_whole_numbers_have_two_forms_and_long_decimals_none() {
        assert_eq!(Form::of("1"), Form::Only);
        assert_eq!(Form::of("9007199254740993"), Form::Only);
        assert_eq!(Form::of("9223372036854775808"), Form::Both(1 << 63, 9_223_372_036_854_775_808.0));
        assert_eq!(Form::of("-9223372036854775808.0"), Form::Both(-(1 << 63), -9_223_372_036_854_775_808.0));
        assert_eq!(Form::of("123456789012345678901234567"), Form::Neither);
        assert_eq!(Form::of("0.1"), Form::Only);
        assert_eq!(Form::of("0.1000000000000000055"), Form::Neither);
        assert_eq!(Form::of("1e+300"), Form::Only);
        assert_eq!(Form::of("1.7976931348623157e308"), Form::Only);
    }
}
