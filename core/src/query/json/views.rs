//! What a value inside a document is in SQL's types.

use super::{JsonPath, JsonType};
use crate::query::expr::Expr;
use crate::sql::JsonOp;
use crate::types::Json;

impl<M, T> JsonPath<M, T> {
    /// The text of a string; NULL for what is none.
    pub fn as_str(self) -> Expr<Option<String>> {
        self.what(JsonOp::Text)
    }

    /// A whole number, however it is written: that of `1.0` is 1. NULL for what is none or beyond 64 bits with a sign.
    pub fn as_i64(self) -> Expr<Option<i64>> {
        self.what(JsonOp::Integer)
    }

    /// The float that is nearest to a number; NULL for what is none.
    pub fn as_f64(self) -> Expr<Option<f64>> {
        self.what(JsonOp::Float)
    }

    /// A number as a `decimal(28, 10)` holds it, exactly. NULL for what is no number, and for numbers with more than 18
    /// digits before the point or 10 behind it.
    pub fn as_decimal(self) -> Expr<Option<rust_decimal::Decimal>> {
        self.what(JsonOp::Decimal)
    }

    /// True or false; NULL for what is neither.
    pub fn as_bool(self) -> Expr<Option<bool>> {
        self.what(JsonOp::Bool)
    }

    /// The part of the document, as a document.
    pub fn as_json(self) -> Expr<Option<serde_json::Value>> {
        self.what(JsonOp::Value)
    }

    /// The part of the document, read as a type that serde knows. What is of another shape is an error of kind
    /// [`Decode`](crate::ErrorKind::Decode) when it is read, with the place inside the part.
    pub fn as_type<V>(self) -> Expr<Option<Json<V>>> {
        self.what(JsonOp::Value)
    }

    /// Which of JSON's types the value has; NULL where it is missing.
    pub fn json_type(self) -> Expr<Option<JsonType>> {
        self.what(JsonOp::Type)
    }
}
