//! Selecting a part of a document.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Tree;

use super::JsonPath;
use crate::driver::RowReader;
use crate::error::Result;
use crate::query::select::Selection;
use crate::sql::{Item, JsonOp};
use crate::types::{ColumnType, Json, JsonRef, SqlValue, ValueRef};

/// The part of the document; `None` where it is missing. JSON's null is `None` too where `T` has none of its own.
#[diagnostic::do_not_recommend]
impl<M, T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Selection for JsonPath<M, T> {
    type Row = Option<T>;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Expr(self.node(JsonOp::Value)));
    }

    fn decode(row: &mut RowReader<'_>) -> Result<Option<T>> {
        let part: Option<Part<T>> = row.read()?;
        Ok(part.and_then(|part| part.0))
    }
}

/// A part that is there. JSON's null is none of a `T` that serde does not read from it.
#[derive(Clone)]
struct Part<T>(Option<T>);

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> SqlValue for Part<T> {
    const TYPE: ColumnType = ColumnType::Json;

    fn bind(&self) -> ValueRef<'_> {
        self.0.as_ref().map_or(ValueRef::Null, |part| ValueRef::Json(JsonRef::Typed(part)))
    }

    fn from_value(value: ValueRef<'_>) -> Result<Part<T>> {
        let is_null = match &value {
            ValueRef::Json(JsonRef::Text(text)) => text.trim_ascii() == "null",
            ValueRef::Json(JsonRef::Tree(tree)) => tree.is_null(),
            _ => false,
        };
        if is_null {
            return Ok(Part(T::deserialize(Tree::Null).ok()));
        }
        Json::from_value(value).map(|Json(part)| Part(Some(part)))
    }
}
