//! What paths, comparisons and changes mean, in Rust.

use std::str::FromStr;

use bigdecimal::BigDecimal;
use creole::prelude::*;
use creole::{JsonValue, sql::JsonStep};

/// A path, in the tests' own form.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(i32),
}

impl From<Step> for JsonStep {
    fn from(step: Step) -> JsonStep {
        match step {
            Step::Key(key) => key.into(),
            Step::Index(index) => index.into(),
        }
    }
}

/// A change of a place.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Set(JsonValue),
    Insert(JsonValue),
    Append(JsonValue),
    Merge(JsonValue),
    Remove,
}

/// Something is in the way of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct InTheWay;

/// The value at a path.
pub(super) fn at<'d>(doc: &'d JsonValue, path: &[Step]) -> Option<&'d JsonValue> {
    path.iter().try_fold(doc, |value, step| match (step, value) {
        (Step::Key(key), JsonValue::Object(entries)) => entries.get(key),
        (Step::Index(index), JsonValue::Array(items)) => items.get(place(*index, items.len())?),
        _ => None,
    })
}

/// The place that an index names in an array of some length.
fn place(index: i32, length: usize) -> Option<usize> {
    let index = i64::from(index);
    usize::try_from(if index < 0 { length as i64 + index } else { index }).ok()
}

/// Equality by type and value.
pub(super) fn equal(a: &JsonValue, b: &JsonValue) -> bool {
    match (a, b) {
        (JsonValue::Number(a), JsonValue::Number(b)) => exact(a) == exact(b),
        (JsonValue::Array(a), JsonValue::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (JsonValue::Object(a), JsonValue::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// A number with all its digits.
fn exact(number: &serde_json::Number) -> BigDecimal {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(number), ..) => number.into(),
        (_, Some(number), _) => number.into(),
        // A float that is whole is what it is, and not what it is written with.
        (.., Some(float)) if float.fract() == 0.0 => BigDecimal::try_from(float).unwrap(),
        _ => BigDecimal::from_str(&number.to_string()).unwrap(),
    }
    .normalized()
}

/// PostgreSQL's `@>`.
pub(super) fn contains(whole: &JsonValue, part: &JsonValue) -> bool {
    match (whole, part) {
        (JsonValue::Array(items), single) if !single.is_array() && !single.is_object() => {
            items.iter().any(|item| equal(item, single))
        }
        _ => holds(whole, part),
    }
}

fn holds(whole: &JsonValue, part: &JsonValue) -> bool {
    match (whole, part) {
        (JsonValue::Array(items), JsonValue::Array(parts)) => {
            parts.iter().all(|part| items.iter().any(|item| holds(item, part)))
        }
        (JsonValue::Object(entries), JsonValue::Object(parts)) => {
            parts.iter().all(|(key, part)| entries.get(key).is_some_and(|value| holds(value, part)))
        }
        _ => equal(whole, part),
    }
}

pub(super) fn as_i64(value: &JsonValue) -> Option<i64> {
    let number = exact(value.as_number()?);
    if !number.is_integer() {
        return None;
    }
    number.with_scale(0).to_string().parse().ok()
}

/// What a column of `decimal(28, 10)` holds exactly.
pub(super) fn as_decimal(value: &JsonValue) -> Option<Decimal> {
    let number = value.as_number()?;
    let number = BigDecimal::from_str(&number.to_string()).unwrap().normalized();
    let fits = number.fractional_digit_count() <= 10 && number.abs() < 10_i64.pow(18);
    fits.then(|| number.to_plain_string().parse().unwrap())
}

pub(super) fn json_type(value: &JsonValue) -> JsonType {
    match value {
        JsonValue::Object(_) => JsonType::Object,
        JsonValue::Array(_) => JsonType::Array,
        JsonValue::String(_) => JsonType::String,
        JsonValue::Number(_) => JsonType::Number,
        JsonValue::Bool(_) => JsonType::Boolean,
        JsonValue::Null => JsonType::Null,
    }
}

/// A document, or none, after a change.
pub(super) fn changed(doc: &Option<JsonValue>, path: &[Step], change: &Change) -> Result<Option<JsonValue>, InTheWay> {
    let mut value = doc.clone();
    if let Change::Remove = change {
        if let (Some(doc), Some((last, parents))) = (&mut value, path.split_last()) {
            remove(doc, parents, last);
        }
        return Ok(value);
    }
    apply(&mut value, path, change)?;
    Ok(value)
}

/// Changes what is at a path from here, which may be nothing.
fn apply(value: &mut Option<JsonValue>, path: &[Step], change: &Change) -> Result<(), InTheWay> {
    let Some((step, rest)) = path.split_first() else {
        match change {
            Change::Set(new) => *value = Some(new.clone()),
            Change::Insert(new) => {
                value.get_or_insert_with(|| new.clone());
            }
            Change::Append(new) => match value.take().unwrap_or(JsonValue::Null) {
                JsonValue::Null => *value = Some(json!([new])),
                JsonValue::Array(mut items) => {
                    items.push(new.clone());
                    *value = Some(items.into());
                }
                _ => return Err(InTheWay),
            },
            Change::Merge(patch) => *value = Some(merge_patch(value.take(), patch)),
            Change::Remove => unreachable!(),
        }
        return Ok(());
    };
    let missing = matches!(value, None | Some(JsonValue::Null));
    match step {
        Step::Key(key) => {
            if missing {
                *value = Some(json!({}));
            }
            let Some(JsonValue::Object(entries)) = value else { return Err(InTheWay) };
            let mut inner = entries.remove(key);
            apply(&mut inner, rest, change)?;
            entries.insert(key.clone(), inner.unwrap());
        }
        Step::Index(index) => {
            if missing {
                *value = Some(json!([]));
            }
            let Some(JsonValue::Array(items)) = value else { return Err(InTheWay) };
            let place = place(*index, items.len()).filter(|place| *place <= items.len()).ok_or(InTheWay)?;
            let mut inner = items.get(place).cloned();
            apply(&mut inner, rest, change)?;
            items.splice(place..(place + 1).min(items.len()), inner);
        }
    }
    Ok(())
}

/// `MergePatch` of RFC 7396, section 2. What is missing is no object.
pub(super) fn merge_patch(target: Option<JsonValue>, patch: &JsonValue) -> JsonValue {
    let JsonValue::Object(patch) = patch else { return patch.clone() };
    let mut target = match target {
        Some(JsonValue::Object(target)) => target,
        _ => Default::default(),
    };
    for (name, value) in patch {
        let old = target.remove(name);
        if !value.is_null() {
            target.insert(name.clone(), merge_patch(old, value));
        }
    }
    JsonValue::Object(target)
}

fn remove(value: &mut JsonValue, parents: &[Step], last: &Step) {
    if let Some((step, rest)) = parents.split_first() {
        let inner = match (step, value) {
            (Step::Key(key), JsonValue::Object(entries)) => entries.get_mut(key),
            (Step::Index(index), JsonValue::Array(items)) => {
                place(*index, items.len()).and_then(|place| items.get_mut(place))
            }
            _ => None,
        };
        if let Some(inner) = inner {
            remove(inner, rest, last);
        }
        return;
    }
    match (last, value) {
        (Step::Key(key), JsonValue::Object(entries)) => drop(entries.remove(key)),
        (Step::Index(index), JsonValue::Array(items)) => {
            if let Some(place) = place(*index, items.len()).filter(|place| *place < items.len()) {
                items.remove(place);
            }
        }
        _ => {}
    }
}
