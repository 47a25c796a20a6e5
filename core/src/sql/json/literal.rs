//! [`JsonLiteral`] and [`JsonPart`].

use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value as Tree;

use crate::error::{Error, ErrorKind, Result};
use crate::sql::render::{SqlWriter, Typing};
use crate::types::{ColumnType, JsonRef, Value, ValueRef};

/// A value that something in a document is compared with, or that is written into one.
///
/// Its `Debug` shows the kind only.
#[derive(Clone, PartialEq)]
pub enum JsonLiteral {
    /// JSON's null.
    Null,
    /// True or false.
    Bool(bool),
    /// A string.
    Text(String),
    /// A number, as JSON writes it: all its digits count.
    Number(String),
    /// An array or an object.
    Document(Box<Tree>),
    /// JSON has no form for what the program has, for this reason. It is refused when it is sent.
    Invalid(&'static str),
}

impl JsonLiteral {
    /// A document of any kind.
    pub fn of_tree(tree: &Tree) -> JsonLiteral {
        match tree {
            Tree::Null => JsonLiteral::Null,
            Tree::Bool(value) => JsonLiteral::Bool(*value),
            Tree::String(text) => JsonLiteral::Text(text.clone()),
            Tree::Number(_) => {
                JsonRef::Tree(tree).text().map_or(JsonLiteral::Invalid("JSON has no form for this value"), |text| {
                    JsonLiteral::Number(text.into_owned())
                })
            }
            Tree::Array(_) | Tree::Object(_) => JsonLiteral::Document(Box::new(tree.clone())),
        }
    }

    /// A string.
    pub fn of_text(text: impl Into<String>) -> JsonLiteral {
        JsonLiteral::Text(text.into())
    }

    /// A float.
    pub fn of_float(number: f64) -> JsonLiteral {
        if !number.is_finite() {
            return JsonLiteral::Invalid("NaN and infinity have no form in JSON");
        }
        JsonLiteral::of_tree(&number.into())
    }

    /// Appends a placeholder and keeps the value as a document.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) where JSON has no form for it; what [`SqlWriter::bind`] says.
    pub fn bind<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let document = match self {
            JsonLiteral::Null => JsonRef::Text("null"),
            JsonLiteral::Bool(true) => JsonRef::Text("true"),
            JsonLiteral::Bool(false) => JsonRef::Text("false"),
            JsonLiteral::Text(text) => {
                let document = Box::new(Tree::from(text.as_str()));
                return w.bind_owned(Value::Json(document), ColumnType::Json, Typing::Cast);
            }
            JsonLiteral::Number(digits) => JsonRef::Text(digits),
            JsonLiteral::Document(tree) => JsonRef::Tree(tree),
            JsonLiteral::Invalid(_) => return self.check(),
        };
        w.bind(ValueRef::Json(document), ColumnType::Json, Typing::Cast)
    }

    /// Refuses what JSON has no form for, and numbers that not every database keeps in a document.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), with the reason.
    pub fn check_written(&self) -> Result<()> {
        match self {
            JsonLiteral::Number(digits) if !is_kept(digits) => {
                let reason = "a number with more digits than a float has is not kept in JSON by every database: \
                              write it as text";
                Err(Error::new(ErrorKind::InvalidValue, reason))
            }
            other => other.check(),
        }
    }

    /// Refuses what JSON has no form for.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), with the reason.
    pub fn check(&self) -> Result<()> {
        match self {
            JsonLiteral::Invalid(reason) => Err(Error::new(ErrorKind::InvalidValue, *reason)),
            _ => Ok(()),
        }
    }
}

/// Whether every database keeps a number as it is written: as an integer of 64 bits or as a float.
fn is_kept(digits: &str) -> bool {
    if digits.parse::<i64>().is_ok() || digits.parse::<u64>().is_ok() {
        return true;
    }
    let Ok(float) = digits.parse::<f64>() else { return false };
    // Floats have more digits than decimals, and are what they are written as.
    let Ok(given) = Decimal::from_str_exact(digits) else { return true };
    let read = if float.fract() == 0.0 { format!("{float:.0}") } else { float.to_string() };
    Decimal::from_str_exact(&read) == Ok(given)
}

impl fmt::Debug for JsonLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonLiteral::Null => "null",
            JsonLiteral::Bool(_) => "boolean",
            JsonLiteral::Text(_) => "string",
            JsonLiteral::Number(_) => "number",
            JsonLiteral::Document(_) => "document",
            JsonLiteral::Invalid(_) => "no value",
        })
    }
}

/// A document that another one is to hold. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq)]
pub struct JsonPart(pub Box<Tree>);

impl fmt::Debug for JsonPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("document")
    }
}
