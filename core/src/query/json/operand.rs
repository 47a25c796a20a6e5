//! [`JsonOperand`]: what a value inside a document can be compared with, or become.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value as Tree;

use crate::sealed::Seal;
use crate::sql::JsonLiteral;
use crate::types::{Json, tree_of};

/// What a value inside a document can be compared with, or become.
///
/// Where nobody knows what is there, that is a text, a number, a bool, `json!(…)` or a [`Json`]. Where it is known to be a `T`, it is a
/// value of this type, a reference to one, or `json!(…)`, which may be anything.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = documents().await?;
/// let panels = vec![Panel { width: 300 }, Panel { width: 200 }];
/// let same = select(Config::id).filter(Config::settings.field(Settings::panels).eq(&panels));
/// assert_eq!(same.all(&engine).await?, [1]);
/// assert_eq!(select(Config::id).filter(Config::extra.at("visits").eq(7)).all(&engine).await?, [1]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of a JSON document where a `{T}` is",
    label = "expected a text, a number, a bool, `json!(…)` or `Json(…)`",
    note = "where documents have types, it is a value of the field's type, a reference to one, or `json!(…)`",
    note = "a column or an expression is compared with a typed view: `.as_str().eq(…)`; JSON's null is `json!(null)`"
)]
pub trait JsonOperand<T = Tree> {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// The value.
    fn literal(self) -> JsonLiteral;
}

macro_rules! operands {
    ($($operand:ty => $($place:ty),+ => |$value:ident| $literal:expr;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl JsonOperand<$place> for $operand {
            fn seal(_: Seal) {}

            fn literal(self) -> JsonLiteral {
                let $value = self;
                $literal
            }
        }
    )+)*};
}

operands! {
    &str => Tree, String => |text| JsonLiteral::of_text(text);
    &&str => Tree, String => |text| JsonLiteral::of_text(*text);
    String => Tree, String => |text| JsonLiteral::of_text(text);
    &String => Tree => |text| JsonLiteral::of_text(text);
    Cow<'_, str> => Tree, String => |text| JsonLiteral::of_text(text);
    bool => Tree, bool => |value| JsonLiteral::Bool(value);
    i8 => Tree, i8 => |number| JsonLiteral::Number(number.to_string());
    i16 => Tree, i16 => |number| JsonLiteral::Number(number.to_string());
    i32 => Tree, i32 => |number| JsonLiteral::Number(number.to_string());
    i64 => Tree, i64 => |number| JsonLiteral::Number(number.to_string());
    u8 => Tree, u8 => |number| JsonLiteral::Number(number.to_string());
    u16 => Tree, u16 => |number| JsonLiteral::Number(number.to_string());
    u32 => Tree, u32 => |number| JsonLiteral::Number(number.to_string());
    u64 => Tree, u64 => |number| JsonLiteral::Number(number.to_string());
    isize => Tree, isize => |number| JsonLiteral::Number(number.to_string());
    usize => Tree, usize => |number| JsonLiteral::Number(number.to_string());
    f32 => Tree, f32 => |number| JsonLiteral::of_float(number.into());
    f64 => Tree, f64 => |number| JsonLiteral::of_float(number);
    Decimal => Tree => |number| JsonLiteral::Number(number.normalize().to_string());
}

/// Whatever the documents' type says: `json!(null)` writes JSON's null.
#[diagnostic::do_not_recommend]
impl<T> JsonOperand<T> for Tree {
    fn seal(_: Seal) {}

    fn literal(self) -> JsonLiteral {
        JsonLiteral::of_tree(&self)
    }
}

/// What serde makes of it.
#[diagnostic::do_not_recommend]
impl<T: Serialize + Send + Sync> JsonOperand<T> for &T {
    fn seal(_: Seal) {}

    fn literal(self) -> JsonLiteral {
        written(self)
    }
}

/// What serde makes of it.
#[diagnostic::do_not_recommend]
impl<T: Serialize + Send + Sync> JsonOperand for Json<T> {
    fn seal(_: Seal) {}

    fn literal(self) -> JsonLiteral {
        written(&self.0)
    }
}

fn written<T: Serialize>(value: &T) -> JsonLiteral {
    tree_of(value).map_or_else(JsonLiteral::Invalid, |tree| JsonLiteral::of_tree(&tree))
}
