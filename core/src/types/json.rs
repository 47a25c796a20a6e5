//! `serde_json::Value`.

use serde_json::Value as Tree;

use super::sql_type::mismatch;
use super::{ColumnType, JsonRef, SqlValue, ValueRef};
use crate::error::{Error, Result};

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
            ValueRef::Json(JsonRef::Text(text)) => {
                serde_json::from_str(text).map_err(|_| Error::decode(ColumnType::Json, "text that is not JSON"))
            }
            other => Err(mismatch::<Tree>(other)),
        }
    }
}
