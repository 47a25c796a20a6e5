//! JSON: `serde_json::Value` as it is, and [`Json`] for types of the program's own.

mod document;
mod strict;
mod text;
pub(super) mod depth;

pub use document::Json;
pub use text::JsonSource;

pub(crate) use depth::DEEPEST;

pub(crate) use strict::tree as tree_of;

pub(super) use text::{invalid, write_tree, write_typed};

use serde_json::Value as Tree;

use super::sql_type::mismatch;
use super::{ColumnType, JsonRef, SqlValue, ValueRef};
use crate::error::{Error, Result};

/// Types of columns that hold JSON documents, into which statements can look: see
/// [`JsonPath`](crate::query::JsonPath).
///
/// ```
/// use creole::types::Document;
/// use creole::{Json, JsonValue};
///
/// fn is_document<T: Document>() {}
///
/// is_document::<JsonValue>();
/// is_document::<Json<Vec<i32>>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no JSON document",
    label = "expected `serde_json::Value` or `Json<…>`"
)]
pub trait Document: SqlValue {}

impl Document for Tree {}

/// A document is equal to another as `serde_json` has it: 1 is not 1.0, and the order of keys does not count. What was
/// written reads back equal on every backend.
impl SqlValue for Tree {
    const TYPE: ColumnType = ColumnType::Json;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Json(JsonRef::Tree(self))
    }

    fn from_value(value: ValueRef<'_>) -> Result<Tree> {
        match value {
            ValueRef::Json(JsonRef::Tree(tree)) => Ok(tree.clone()),
            // serde_json's own message quotes nothing of the text, but says where in it: the text itself is left out.
            ValueRef::Json(JsonRef::Text(text)) => serde_json::from_str(text).map_err(|_| not_json(ColumnType::Json)),
            ValueRef::Json(JsonRef::Typed(source)) => source.tree().map_err(invalid),
            other => Err(mismatch::<Tree>(other)),
        }
    }
}

#[cold]
fn not_json(expected: impl std::fmt::Display) -> Error {
    Error::decode(expected, "text that is not JSON")
}
