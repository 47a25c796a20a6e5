//! What is in a value inside a document.

use std::collections::BTreeSet;

use super::JsonPath;
use crate::query::expr::Expr;
use crate::sql::{self, JsonOp, JsonPart};
use crate::types::Json;

impl<M, T> JsonPath<M, T> {
    /// The other document is part of the value, as PostgreSQL's `@>` has it: an object holds another one where each of its
    /// keys is there with a value that holds the other's; an array holds another one where each element is equal to, or
    /// held by, some element of it, in any order and however often; an array also holds a single string, number, bool or
    /// null. Else only what is equal is held. Unknown where the value is missing.
    pub fn contains(self, part: impl Into<serde_json::Value>) -> Expr<bool> {
        self.what(JsonOp::Contains(JsonPart(Box::new(part.into()))))
    }

    /// The value is an object with this key.
    pub fn has_key(self, key: impl Into<String>) -> Expr<bool> {
        self.at(key.into()).exists()
    }

    /// The value is an object with one of these keys.
    pub fn has_any_key<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Expr<bool> {
        Expr::new(sql::Expr::Any(self.each_key(keys)))
    }

    /// The value is an object with all of these keys.
    pub fn has_all_keys<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Expr<bool> {
        Expr::new(sql::Expr::All(self.each_key(keys)))
    }

    /// How many elements the array has; NULL for what is no array.
    pub fn array_len(self) -> Expr<Option<i64>> {
        self.what(JsonOp::Length)
    }

    /// The keys of the object; NULL for what is none.
    pub fn object_keys(self) -> Expr<Option<Json<BTreeSet<String>>>> {
        self.what(JsonOp::Keys)
    }

    fn each_key<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Vec<sql::Expr> {
        keys.into_iter().map(|key| self.clone().has_key(key).into_node()).collect()
    }
}
