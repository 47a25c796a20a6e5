//! What a value must be to be sent: checked here, before anything is, so that every backend refuses the same values.

use rust_decimal::Decimal;

use super::json::depth::DEEPEST;
use super::{ArrayRef, ColumnType, JsonRef, ValueRef};
use crate::error::{Error, ErrorKind};

/// Checks that `value` can be stored in a column of type `ty` unchanged. The reason is returned without the value.
pub(crate) fn check(value: ValueRef<'_>, ty: ColumnType) -> Result<(), String> {
    match value {
        ValueRef::Text(text) => check_text(text, ty),
        ValueRef::Display(text) => check_text(&text.to_string(), ty),
        ValueRef::I64(number) => check_integer(ty, |low, high| number >= low && (number < 0 || number as u64 <= high)),
        ValueRef::U64(number) => check_integer(ty, |_, high| number <= high),
        ValueRef::Bytes(bytes) => match ty {
            ColumnType::Bytes { length: Some(length) } if bytes.len() > length as usize => {
                Err(format!("the value has {} bytes, {ty} holds at most {length}", bytes.len()))
            }
            _ => Ok(()),
        },
        ValueRef::Decimal(number) => check_decimal(number, ty),
        ValueRef::Json(document) => check_json(document),
        ValueRef::Array(array) => match ty {
            ColumnType::Array(element) => check_each(array, |value| check(value, *element)),
            _ => check_kept(value),
        },
        ValueRef::Null
        | ValueRef::Bool(_)
        | ValueRef::F64(_)
        | ValueRef::Uuid(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Instant(_)
        | ValueRef::Cut(_)
        | ValueRef::List(_)
        | ValueRef::Invalid(_)
        | ValueRef::Other { .. } => check_kept(value),
    }
}

/// Checks what holds for every bound value, compared or stored: years 1 to 9999, no NUL in text.
pub(crate) fn check_kept(value: ValueRef<'_>) -> Result<(), String> {
    let storable = match value {
        ValueRef::Date(date) => date.is_storable(),
        ValueRef::Time(time) if !time.is_storable() => {
            return Err("a time of day must lie between 00:00 and 23:59:59.999999".into());
        }
        ValueRef::DateTime(moment) | ValueRef::Instant(moment) => moment.is_storable(),
        ValueRef::Display(text) => return check_kept(ValueRef::Text(&text.to_string())),
        ValueRef::Text(text) if text.as_bytes().contains(&0) => {
            return Err("text with a NUL character can't be stored".into());
        }
        ValueRef::Json(JsonRef::Tree(tree)) if tree_holds_nul(tree) => {
            return Err("a JSON document with a NUL character can't be stored".into());
        }
        ValueRef::Array(array) => return check_each(array, check_kept),
        ValueRef::Invalid(reason) => return Err(reason.into()),
        ValueRef::Null
        | ValueRef::Bool(_)
        | ValueRef::I64(_)
        | ValueRef::U64(_)
        | ValueRef::F64(_)
        | ValueRef::Text(_)
        | ValueRef::Bytes(_)
        | ValueRef::Decimal(_)
        | ValueRef::Uuid(_)
        | ValueRef::Time(_)
        | ValueRef::Cut(_)
        | ValueRef::Json(_)
        | ValueRef::List(_)
        | ValueRef::Other { .. } => true,
    };
    if storable { Ok(()) } else { Err("the year must lie between 1 and 9999".into()) }
}

fn check_each(array: ArrayRef<'_>, check: impl Fn(ValueRef<'_>) -> Result<(), String>) -> Result<(), String> {
    let mut check_one =
        |value: ValueRef<'_>| check(value).map_err(|reason| Error::new(ErrorKind::InvalidValue, reason));
    array.each(&mut check_one).map_err(|error| error.to_string())
}

fn check_text(text: &str, ty: ColumnType) -> Result<(), String> {
    check_kept(ValueRef::Text(text))?;
    if let ColumnType::Enum(of) = ty {
        let is_label = of.labels.contains(&text);
        return if is_label { Ok(()) } else { Err(format!("the text is no label of {ty}")) };
    }
    let ColumnType::Text { length: Some(length) } = ty else { return Ok(()) };
    // Characters are counted only where there are more bytes than the column has room for characters.
    if text.len() <= length as usize {
        return Ok(());
    }
    let characters = text.chars().count();
    if characters <= length as usize {
        return Ok(());
    }
    Err(format!("the text has {characters} characters, {ty} holds at most {length}"))
}

fn check_integer(ty: ColumnType, fits: impl FnOnce(i64, u64) -> bool) -> Result<(), String> {
    match ty.integer_range() {
        Some((low, high)) if !fits(low, high) => Err(format!("the number is out of range for {ty} ({low} to {high})")),
        _ => Ok(()),
    }
}

fn check_decimal(number: Decimal, ty: ColumnType) -> Result<(), String> {
    let ColumnType::Decimal { precision, scale } = ty else { return Ok(()) };
    let number = number.normalize();
    if number.scale() > u32::from(scale) {
        return Err(format!(
            "the number has {} digits after the point, {ty} keeps {scale}: round it first",
            number.scale()
        ));
    }
    // The digits before the point are those of the mantissa less those after the point; 0 has none.
    let digits = number.mantissa().unsigned_abs().checked_ilog10().map_or(0, |log| log + 1);
    let whole = digits.saturating_sub(number.scale());
    let room = u32::from(precision.saturating_sub(scale));
    if whole > room {
        return Err(format!("the number has {whole} digits before the point, {ty} has room for {room}"));
    }
    Ok(())
}

fn check_json(document: JsonRef<'_>) -> Result<(), String> {
    if let JsonRef::Typed(source) = document {
        let tree = source.tree()?;
        return check_json(JsonRef::Tree(&tree));
    }
    let depth = document.depth().map_err(|error| error.to_string())?;
    if depth > DEEPEST {
        return Err(format!("the JSON document nests {depth} levels deep, and could not be read beyond {DEEPEST}"));
    }
    let holds_nul = match document {
        JsonRef::Tree(tree) => tree_holds_nul(tree),
        JsonRef::Text(text) => text_holds_nul(text),
        JsonRef::Typed(_) => false,
    };
    if holds_nul { Err("a JSON document with a NUL character can't be stored".into()) } else { Ok(()) }
}

/// A NUL can stand in JSON text only as an escape; whether that escape is itself escaped is seen by parsing.
fn text_holds_nul(text: &str) -> bool {
    text.contains("\\u0000") && serde_json::from_str::<serde_json::Value>(text).is_ok_and(|tree| tree_holds_nul(&tree))
}

fn tree_holds_nul(tree: &serde_json::Value) -> bool {
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        match node {
            serde_json::Value::String(text) if text.contains('\0') => return true,
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(entries) => {
                if entries.keys().any(|key| key.contains('\0')) {
                    return true;
                }
                open.extend(entries.values());
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::civil::Date;

    #[test]
    fn what_fits_passes_and_what_does_not_is_refused() {
        let decimal = ColumnType::Decimal { precision: 4, scale: 2 };
        let fits = |text: &str| check(ValueRef::Decimal(text.parse().unwrap()), decimal).is_ok();
        assert!(fits("99.99") && fits("-99.99") && fits("0") && fits("0.01") && fits("1.5000"));
        assert!(!fits("100") && !fits("0.001") && !fits("-100.00"));

        let name = ColumnType::Text { length: Some(3) };
        assert!(check(ValueRef::Text("äöü"), name).is_ok());
        assert!(check(ValueRef::Text("abcd"), name).is_err());
        assert!(check(ValueRef::Text("a\0"), ColumnType::TEXT).is_err());

        assert!(check(ValueRef::I64(-129), ColumnType::I8).is_err());
        assert!(check(ValueRef::I64(-1), ColumnType::U64).is_err());
        assert!(check(ValueRef::U64(u64::MAX), ColumnType::U64).is_ok());
        assert!(check(ValueRef::U64(u64::MAX), ColumnType::I64).is_err());
        assert!(check(ValueRef::Date(Date(i32::MAX)), ColumnType::Date).is_err());
    }

    #[test]
    fn a_nul_is_found_in_json_but_an_escaped_escape_is_not_one() {
        let tree = serde_json::json!({"a": ["x", {"b": "y\0"}]});
        assert!(check(ValueRef::Json(JsonRef::Tree(&tree)), ColumnType::Json).is_err());
        assert!(check(ValueRef::Json(JsonRef::Text(r#""\u0000""#)), ColumnType::Json).is_err());
        assert!(check(ValueRef::Json(JsonRef::Text(r#""\\u0000""#)), ColumnType::Json).is_ok());
    }
}
