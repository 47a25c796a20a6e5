//! [`JsonType`].

use crate::error::{Error, Result};
use crate::types::{ColumnType, SqlValue, ValueRef};

/// One of JSON's types.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = documents().await?;
/// let kinds = select(Config::extra.at("beta").json_type()).order_by(Config::id).all(&engine).await?;
/// assert_eq!(kinds, [Some(JsonType::Boolean), Some(JsonType::Null)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// Keys and values.
    Object,
    /// Values one after another.
    Array,
    /// A text.
    String,
    /// A number, whole or not.
    Number,
    /// True or false.
    Boolean,
    /// JSON's null.
    Null,
}

impl JsonType {
    const ALL: [JsonType; 6] =
        [JsonType::Object, JsonType::Array, JsonType::String, JsonType::Number, JsonType::Boolean, JsonType::Null];

    /// The name: `object`, `array`, `string`, `number`, `boolean` or `null`.
    ///
    /// ```
    /// assert_eq!(creole::query::JsonType::Boolean.name(), "boolean");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            JsonType::Object => "object",
            JsonType::Array => "array",
            JsonType::String => "string",
            JsonType::Number => "number",
            JsonType::Boolean => "boolean",
            JsonType::Null => "null",
        }
    }
}

impl SqlValue for JsonType {
    const TYPE: ColumnType = ColumnType::TEXT;

    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Text(self.name())
    }

    fn from_value(value: ValueRef<'_>) -> Result<JsonType> {
        let named = |text| JsonType::ALL.into_iter().find(|kind| kind.name() == text);
        match value {
            ValueRef::Text(text) => named(text).ok_or_else(|| Error::decode("a JSON type", "another text")),
            other => Err(Error::decode("a JSON type", other.kind())),
        }
    }
}
