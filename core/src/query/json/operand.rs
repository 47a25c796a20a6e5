//! [`JsonOperand`]: what a value inside a document can be compared with, or become.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Tree;

use crate::sql::JsonLiteral;
use crate::types::{Json, JsonRef, SqlValue, ValueRef};

/// What a value inside a document can be compared with, or become: a text, a number, a bool, `json!(…)` or a [`Json`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of a JSON document",
    label = "expected a text, a number, a bool, `json!(…)` or `Json(…)`",
    note = "a column or an expression is compared with a typed view: `.as_str().eq(…)`; JSON's null is `json!(null)`"
)]
pub trait JsonOperand {
    /// The value.
    fn literal(self) -> JsonLiteral;
}

macro_rules! operands {
    ($($operand:ty => |$value:ident| $literal:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl JsonOperand for $operand {
            fn literal(self) -> JsonLiteral {
                let $value = self;
                $literal
            }
        }
    )*};
}

operands! {
    &str => |text| JsonLiteral::of_text(text);
    &&str => |text| JsonLiteral::of_text(*text);
    String => |text| JsonLiteral::of_text(text);
    &String => |text| JsonLiteral::of_text(text);
    Cow<'_, str> => |text| JsonLiteral::of_text(text);
    bool => |value| JsonLiteral::Bool(value);
    i8 => |number| JsonLiteral::Number(number.to_string());
    i16 => |number| JsonLiteral::Number(number.to_string());
    i32 => |number| JsonLiteral::Number(number.to_string());
    i64 => |number| JsonLiteral::Number(number.to_string());
    u8 => |number| JsonLiteral::Number(number.to_string());
    u16 => |number| JsonLiteral::Number(number.to_string());
    u32 => |number| JsonLiteral::Number(number.to_string());
    u64 => |number| JsonLiteral::Number(number.to_string());
    f32 => |number| JsonLiteral::of_float(number.into());
    f64 => |number| JsonLiteral::of_float(number);
    Decimal => |number| JsonLiteral::Number(number.normalize().to_string());
    Tree => |tree| JsonLiteral::of_tree(&tree);
    &Tree => |tree| JsonLiteral::of_tree(tree);
}

/// What serde makes of it.
impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> JsonOperand for Json<T> {
    fn literal(self) -> JsonLiteral {
        match self.bind() {
            ValueRef::Json(JsonRef::Typed(source)) => source.tree().map_or(NO_FORM, |tree| JsonLiteral::of_tree(&tree)),
            _ => NO_FORM,
        }
    }
}

const NO_FORM: JsonLiteral = JsonLiteral::Invalid("JSON has no form for this value");
